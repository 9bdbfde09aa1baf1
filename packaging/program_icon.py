"""Draw the program's icon for Windows and macOS; the files are kept, so no build needs this.

    python packaging/program_icon.py    draws windows/incident-desk.ico and macos/incident-desk.icns

A life buoy on a rounded square, as in the tray. Needs Pillow, which the program stands on anyway.
"""

from __future__ import annotations

import io
import struct
import sys
from pathlib import Path

from PIL import Image, ImageDraw

PACKAGING = Path(__file__).resolve().parent
ICO = PACKAGING / "windows" / "incident-desk.ico"
ICNS = PACKAGING / "macos" / "incident-desk.icns"
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
ICNS_TYPES = {"icp4": 16, "icp5": 32, "ic11": 32, "ic12": 64, "ic07": 128, "ic08": 256, "ic09": 512}
"""Apple's name of each picture and its pixels; ic11 and ic12 are twice as fine as their size."""
GROUND, RING = (45, 91, 191, 255), (255, 255, 255, 255)
_FINER = 4


def drawn(size: int, *, margin: float = 0.0) -> Image.Image:
    """Return the icon in one size; `margin` is the share of it that stays empty on each side."""
    full = size * _FINER
    picture = Image.new("RGBA", (full, full), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    edge = full * margin
    inner = full - 2 * edge
    pen.rounded_rectangle((edge, edge, full - edge - 1, full - edge - 1), inner * 0.22, GROUND)
    middle, outer, hole = full / 2, inner * 0.34, inner * 0.14
    pen.ellipse((middle - outer, middle - outer, middle + outer, middle + outer), RING)
    width = max(int(inner * 0.09), 1)
    for x, y in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        near, far = hole * 0.6, outer * 0.75
        line = (middle + x * near, middle + y * near, middle + x * far, middle + y * far)
        pen.line(line, GROUND, width)
    pen.ellipse((middle - hole, middle - hole, middle + hole, middle + hole), GROUND)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def ico() -> bytes:
    """Return the icon of Windows with every size that its shell asks for."""
    pictures = [_png(drawn(size)) for size in ICO_SIZES]
    place = 6 + 16 * len(pictures)
    head, body = struct.pack("<HHH", 0, 1, len(pictures)), b""
    for size, picture in zip(ICO_SIZES, pictures, strict=True):
        side = size % 256
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), place + len(body))
        body += picture
    return head + body


def icns() -> bytes:
    """Return the icon of macOS, with the empty edge that its dock expects."""
    parts = b""
    for name, size in ICNS_TYPES.items():
        picture = _png(drawn(size, margin=0.1))
        parts += name.encode("ascii") + struct.pack(">I", len(picture) + 8) + picture
    return b"icns" + struct.pack(">I", len(parts) + 8) + parts


def main() -> int:
    """Draw both files."""
    for path, content in ((ICO, ico()), (ICNS, icns())):
        path.write_bytes(content)
        print(f"{path.relative_to(PACKAGING.parent)}  {len(content):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
