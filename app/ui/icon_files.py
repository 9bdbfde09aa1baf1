"""Read the Lucide drawings and tint them: a file says `currentColor`, which is replaced.

Apart from the pixmap cache because the style sheet needs tinted files before any icon is drawn.
"""

from __future__ import annotations

from functools import lru_cache

from app.system.assets import asset_path

_STROKE = b'stroke-width="1.75"'


def tinted_svg(name: str, colour: str) -> bytes:
    """Return the drawing of an icon in one colour ("#RRGGBB"), with the stroke of the design.

    Raises FileNotFoundError for a name that has no file.
    """
    return _drawing(name).replace(b"currentColor", colour.encode("ascii"))


@lru_cache(maxsize=256)
def _drawing(name: str) -> bytes:
    drawing = asset_path("icons", f"{name}.svg").read_bytes()
    return drawing.replace(b'stroke-width="2"', _STROKE)
