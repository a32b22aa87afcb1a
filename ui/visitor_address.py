"""By what address a visitor is counted."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

HOUSEHOLD = 64  # bits of an IPv6 address that a provider gives one customer, who may choose the rest at will


def counted_as(address: str) -> str:
    """One customer's addresses as one; '' for this machine's own, behind which anybody may be, and for none."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        known = known.ipv4_mapped or known
    if known.compressed in ("127.0.0.1", "::1"):
        return ""
    if known.version == 6:
        return str(ip_network((known, HOUSEHOLD), strict=False))
    return str(known)
