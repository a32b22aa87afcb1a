"""A shared password, kept as what scrypt makes of it: whoever reads the settings cannot sign in with them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

COST, BLOCK, LANES = 1 << 15, 8, 1  # some 50 ms and 32 MB a try
MEMORY = 2 * 128 * COST * BLOCK
SALT_BYTES, KEY_BYTES = 16, 32
SHORTEST, LONGEST = 10, 1000


def hash_of(password: str) -> str:
    """'scrypt$32768$8$1$salt$key', to be set as FOOTNOTE_PASSWORD_HASH."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"A password has {SHORTEST} to {LONGEST} characters.")
    salt = secrets.token_bytes(SALT_BYTES)
    key = _key(password, salt, COST, BLOCK, LANES)
    return "$".join(["scrypt", str(COST), str(BLOCK), str(LANES), _text(salt), _text(key)])


def is_right(password: str, kept: str) -> bool:
    """Whether this is the password of the hash; a hash that is none lets nobody in."""
    try:
        name, cost, block, lanes, salt, key = kept.strip().split("$")
        if name != "scrypt" or len(password) > LONGEST:
            return False
        made = _key(password, _bytes(salt), int(cost), int(block), int(lanes))
        return hmac.compare_digest(made, _bytes(key))
    except (ValueError, OverflowError, MemoryError, binascii.Error):
        return False


def _key(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    words = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(words, salt=salt, n=cost, r=block, p=lanes, maxmem=MEMORY, dklen=KEY_BYTES)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
