"""Choose the fonts of the window: the desktop's own, at the text size that the person chose.

Every size derives from the application font, so a larger text makes larger rows (ux.md section 8).
GUI thread only.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from app.system.assets import asset_path
from app.ui.tokens import FONT_PX

STAND_IN = "Inter"
"""What the pictures use; taken where the desktop names no font of its own."""
BUNDLED = "IBM Plex Sans"
"""The face of the reports, which is always there; taken where the stand-in is missing too."""
_BUNDLED_FILES = ("IBMPlexSans-Regular.ttf", "IBMPlexSans-Medium.ttf", "IBMPlexSans-SemiBold.ttf")

# What fontconfig answers when no desktop has chosen a font.
_NOBODYS_CHOICE = frozenset(
    {"", "sans", "sans serif", "sans-serif", "dejavu sans", "bitstream vera sans"}
)
_LOG_FONTS = ("Cascadia Mono", "SF Mono", "Consolas", "DejaVu Sans Mono")


def family() -> str:
    """Return the family of the window: the system's own, or a stand-in where it has none."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    chosen = {system.family().casefold(), QFontInfo(system).family().casefold()}
    if not chosen <= _NOBODYS_CHOICE:
        return system.family()
    if STAND_IN in QFontDatabase.families():
        return STAND_IN
    return BUNDLED if _load_bundled() else system.family()


@cache
def _load_bundled() -> bool:
    """Give Qt the bundled face, once; a machine without any font would draw boxes otherwise."""
    files = [asset_path("fonts", name) for name in _BUNDLED_FILES]
    return all(QFontDatabase.addApplicationFont(str(file)) >= 0 for file in files)


def log_family() -> str:
    """Return the family for logs: the first of the usual ones that is there, else the system's."""
    there = set(QFontDatabase.families())
    for name in _LOG_FONTS:
        if name in there:
            return name
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()


def body(name: str, percent: int) -> QFont:
    """Make the application font of a family at a text size in per cent."""
    font = QFont(name)
    font.setPixelSize(max(1, round(FONT_PX["body"] * percent / 100)))
    return font


def derived(base: QFont, size: str, weight: int, *, tabular: bool) -> QFont:
    """Derive a font from the application font: `size` names one of the tokens (body, small...).

    Tabular figures keep numbers and times from dancing while they tick.
    """
    font = QFont(base)
    pixels = base.pixelSize() if base.pixelSize() > 0 else QFontInfo(base).pixelSize()
    font.setPixelSize(max(1, round(pixels * FONT_PX[size] / FONT_PX["body"])))
    font.setWeight(QFont.Weight(weight))
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font
