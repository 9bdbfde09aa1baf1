"""Read the Lucide drawings and tint them: a file says `currentColor`, which is replaced.

Apart from the pixmap cache because the style sheet needs tinted files before any icon is drawn.
"""

from __future__ import annotations

from functools import cache, lru_cache

from app.system.assets import asset_path

_STROKE = b'stroke-width="1.75"'


def tinted_svg(name: str, colour: str) -> bytes:
    """Return the drawing of an icon in one colour ("#RRGGBB"), with the stroke of the design.

    Raises FileNotFoundError for a name that has no file.
    """
    return _drawing(name).replace(b"currentColor", colour.encode("ascii"))


@cache
def _folder() -> str:
    return str(asset_path("icons"))


@lru_cache(maxsize=256)
def _drawing(name: str) -> bytes:
    with open(f"{_folder()}/{name}.svg", "rb") as file:  # noqa: PTH123 - a hundred of them
        drawing = file.read()
    return drawing.replace(b'stroke-width="2"', _STROKE)
