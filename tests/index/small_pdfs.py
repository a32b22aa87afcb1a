"""PDFs of a few hundred bytes, written by hand: what each holds is there to be read."""

from __future__ import annotations

import zlib
from collections.abc import Sequence


def pdf_of(pages: Sequence[Sequence[str]]) -> bytes:
    """Each page a list of lines, set one under the other."""
    contents = []
    for lines in pages:
        shown = "".join(f"({line}) Tj 0 -14 Td\n" for line in lines)
        contents.append(f"BT /F1 12 Tf 72 720 Td\n{shown}ET".encode("latin-1"))
    return pdf_with(contents)


def pdf_with(contents: Sequence[bytes], layers_of_flate: int = 0) -> bytes:
    """One page for each stream of operators, packed as often as asked for."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, content in enumerate(contents):
        for _ in range(layers_of_flate):
            content = zlib.compress(content, 9)
        filters = f"/Filter [{' /FlateDecode' * layers_of_flate}] " if layers_of_flate else ""
        page = f"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        objects.append(page.encode())
        objects.append(f"<< {filters}/Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream")
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return body + end.encode() + f"startxref\n{len(body)}\n%%EOF\n".encode()
