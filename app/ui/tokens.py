"""The colours, sizes and weights of ux.md section 11: the only file of the program with hex values.

A scheme is one frozen `Tokens`; the palette, the style sheet and every painted part read from it,
so a colour is changed in one place and the contrast test recomputes all pairs from here. Plain
values without Qt.
"""

from __future__ import annotations

from typing import NamedTuple


class Tone(NamedTuple):
    """Ink and the tint that it is written on; the ink also stands alone on surface and select."""

    ink: str
    tint: str


class Tokens(NamedTuple):
    """Every colour of one scheme, as "#RRGGBB"."""

    name: str
    dark: bool
    text: str
    text2: str
    text3: str
    accent: str
    on_accent: str
    link: str
    focus: str
    control: str
    canvas: str
    surface: str
    sunken: str
    hover: str
    select: str
    select_inactive: str
    line: str
    track: str
    shadow: str
    chart: tuple[str, str, str, str]
    p1: Tone
    p2: Tone
    p3: Tone
    p4: Tone
    info: Tone
    ok: Tone
    warn: Tone
    danger: Tone
    violet: Tone
    avatar_ink: str
    avatars: tuple[str, ...]

    def tone(self, name: str) -> Tone:
        """Return the tone called `name` ("p1".."p4", "info", "ok", "warn", "danger", "violet")."""
        found = getattr(self, name)
        if not isinstance(found, Tone):
            raise KeyError(name)
        return found

    def colour(self, name: str) -> str:
        """Return a colour by name: a field ("text2") or the ink of a tone ("danger")."""
        found = getattr(self, name)
        if isinstance(found, Tone):
            return found.ink
        if not isinstance(found, str):
            raise KeyError(name)
        return found


TONES = ("p1", "p2", "p3", "p4", "info", "ok", "warn", "danger", "violet")

# White reads at 4.5 or better on each; the same in both schemes, so that a person keeps a colour.
_AVATARS = ("#A02C63", "#3F6B1E", "#7850C2", "#1F5AA8", "#9A4B00", "#0F6B65", "#8A3B8F", "#5A6270")

LIGHT = Tokens(
    name="light",
    dark=False,
    text="#191C21",
    text2="#4E5663",
    text3="#5F6774",
    accent="#2458C9",
    on_accent="#FFFFFF",
    link="#2458C9",
    focus="#2458C9",
    control="#868E9B",
    canvas="#F3F4F7",
    surface="#FFFFFF",
    sunken="#F8F9FB",
    hover="#F0F2F6",
    select="#E3ECFD",
    select_inactive="#E9EBEF",
    line="#E2E5EA",
    track="#DDE1E7",
    shadow="#000000",
    chart=("#2458C9", "#B45B00", "#0F7B74", "#7A4FC4"),
    p1=Tone("#FFFFFF", "#B3202C"),
    p2=Tone("#9A4B00", "#FDEBD7"),
    p3=Tone("#1F5AA8", "#E6EFFA"),
    p4=Tone("#5A6270", "#EEF0F3"),
    info=Tone("#1F5AA8", "#E6EFFA"),
    ok=Tone("#1B6B45", "#E1F3E9"),
    warn=Tone("#8A5200", "#FFF0CF"),
    danger=Tone("#B3202C", "#FCE6E6"),
    violet=Tone("#6741B8", "#EFEAFB"),
    avatar_ink="#FFFFFF",
    avatars=_AVATARS,
)

DARK = Tokens(
    name="dark",
    dark=True,
    text="#E9EBEE",
    text2="#B4BBC6",
    text3="#98A1AE",
    accent="#7FA6FF",
    on_accent="#0C1730",
    link="#8FB1FF",
    focus="#8FB1FF",
    control="#727C8B",
    canvas="#14161A",
    surface="#1B1E23",
    sunken="#181A1F",
    hover="#23272E",
    select="#22355C",
    select_inactive="#2A2E36",
    line="#2E333B",
    track="#383E48",
    shadow="#000000",
    chart=("#7FA6FF", "#FFB46B", "#58CFC4", "#BBA2F5"),
    p1=Tone("#2B0406", "#FF8A85"),
    p2=Tone("#FFB46B", "#3A2814"),
    p3=Tone("#8DB9FF", "#1D2D47"),
    p4=Tone("#AAB2BE", "#292D35"),
    info=Tone("#8DB9FF", "#1D2D47"),
    ok=Tone("#6FD3A0", "#173326"),
    warn=Tone("#F5C262", "#392C10"),
    danger=Tone("#FF8A85", "#421E20"),
    violet=Tone("#BBA2F5", "#2D2546"),
    avatar_ink="#FFFFFF",
    avatars=_AVATARS,
)

# Sizes in px at 100 % text size; nothing that holds text uses them as a fixed height.
SPACE = (4, 8, 12, 16, 20, 24, 32)
RADIUS_CHIP = 4
RADIUS_CONTROL = 6
RADIUS_CARD = 8
RADIUS_PALETTE = 12
CONTROL_HEIGHT = 32
CHIP_HEIGHT = 20
TAG_HEIGHT = 24
TOAST_HEIGHT = 44
TARGET = 24
"""The least side of anything that is clicked (WCAG 2.5.8)."""

FONT_PX = {"caption": 11, "small": 12, "body": 13, "dialog": 16, "page": 18, "figure": 24}
TEXT_SIZE_RANGE = (80, 160)
"""The text size a person may choose, in per cent."""


def luminance(colour: str) -> float:
    """Return the relative luminance of "#RRGGBB" (WCAG 2.2, definition of relative luminance)."""
    shares = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
