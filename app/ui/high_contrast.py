"""Tokens taken from the platform's own palette, for people who set a high contrast desktop.

Every tint is the plain ground and every ink the plain text: meaning then rests on words, shapes and
borders (ux.md section 8). GUI thread only.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QPalette

from app.ui.tokens import DARK, TONES, Tokens, Tone, luminance


def high_contrast_tokens(palette: QPalette) -> Tokens:
    """Build tokens whose only colours are the palette's text, ground, highlight and link."""

    def of(role: QPalette.ColorRole) -> str:
        return palette.color(role).name().upper()

    role = QPalette.ColorRole
    text, ground = of(role.Text), of(role.Base)
    inks = ("text", "text2", "text3", "accent", "focus", "control", "line", "shadow")
    grounds = ("canvas", "surface", "sunken", "hover", "select", "select_inactive", "track")
    values: dict[str, Any] = dict.fromkeys(inks, text) | dict.fromkeys(grounds, ground)
    values |= dict.fromkeys(TONES, Tone(text, ground))
    return Tokens(
        name="high-contrast",
        dark=luminance(ground) < luminance(text),
        link=of(role.Link),
        on_accent=ground,
        chart=(text, text, text, text),
        avatar_ink=ground,
        avatars=(text,) * len(DARK.avatars),
        **values,
    )
