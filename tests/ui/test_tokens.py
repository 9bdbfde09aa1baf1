"""Contrast is recomputed from the hex values and compared with the figures of ux.md section 11."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.ui.tokens import DARK, LIGHT, TONES, Tokens, contrast

SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda t: t.name)

# Token: ratios on surface, canvas and select as ux.md states them; 0 where it states none.
STATED = {
    "light": {
        "text": (17.1, 15.5, 14.4),
        "text2": (7.4, 6.7, 6.2),
        "text3": (5.7, 5.2, 4.8),
        "accent": (6.3, 0, 5.3),
        "control": (3.3, 3.0, 0),
    },
    "dark": {
        "text": (14.0, 15.2, 10.2),
        "text2": (8.6, 9.4, 6.3),
        "text3": (6.4, 6.9, 4.6),
        "link": (7.9, 0, 5.7),
        "control": (4.0, 4.3, 0),
    },
}
# Tone: ratios of its ink on its tint, on surface and on select; P1 is solid, so only its tint.
STATED_TONES = {
    "light": {
        "p1": (6.6, 0, 0),
        "p2": (5.3, 6.2, 5.2),
        "p3": (5.9, 6.8, 5.7),
        "p4": (5.4, 6.1, 5.2),
        "ok": (5.6, 6.5, 5.5),
        "warn": (5.7, 6.4, 5.4),
        "danger": (5.6, 6.6, 5.6),
        "violet": (5.9, 6.9, 5.8),
    },
    "dark": {
        "p1": (8.2, 0, 0),
        "p2": (8.0, 9.5, 6.9),
        "p3": (6.9, 8.4, 6.1),
        "p4": (6.5, 7.8, 5.7),
        "ok": (7.5, 9.2, 6.6),
        "warn": (8.3, 10.2, 7.4),
        "danger": (6.4, 7.3, 5.3),
        "violet": (6.6, 7.6, 5.5),
    },
}


def pairs(tokens: Tokens) -> list[tuple[str, str, str, float]]:
    """List every (what, ink, ground, limit) of a scheme: text 4.5, marks and controls 3."""
    grounds = ("surface", "canvas", "sunken", "hover", "select", "select_inactive")
    found = [
        (f"{ink} on {ground}", tokens.colour(ink), tokens.colour(ground), 4.5)
        for ink in ("text", "text2", "text3", "link")
        for ground in grounds
    ]
    found += [("on_accent on accent", tokens.on_accent, tokens.accent, 4.5)]
    for ground in ("surface", "canvas", "select", "sunken"):
        found.append((f"focus on {ground}", tokens.focus, tokens.colour(ground), 3.0))
        found.append((f"accent on {ground}", tokens.accent, tokens.colour(ground), 3.0))
    for ground in ("surface", "canvas", "sunken"):
        found.append((f"control on {ground}", tokens.control, tokens.colour(ground), 3.0))
    for name in TONES:
        tone = tokens.tone(name)
        found.append((f"{name} on its tint", tone.ink, tone.tint, 4.5))
        if name == "p1":
            found.append(("p1 fill on surface", tone.tint, tokens.surface, 3.0))
            found.append(("p1 fill on select", tone.tint, tokens.select, 3.0))
        else:
            for ground in ("surface", "select", "sunken", "hover", "select_inactive"):
                found.append((f"{name} on {ground}", tone.ink, tokens.colour(ground), 4.5))
    found += [(f"chart on surface {c}", c, tokens.surface, 3.0) for c in tokens.chart]
    found += [(f"avatar {c}", tokens.avatar_ink, c, 4.5) for c in tokens.avatars]
    return found


@SCHEMES
def test_every_pair_of_ink_and_ground_meets_its_limit(tokens: Tokens) -> None:
    checked = pairs(tokens)
    assert len(checked) >= 69
    assert [
        (what, round(contrast(a, b), 2)) for what, a, b, low in checked if contrast(a, b) < low
    ] == []


@SCHEMES
def test_ratios_are_those_that_the_design_states(tokens: Tokens) -> None:
    for name, stated in STATED[tokens.name].items():
        grounds = (tokens.surface, tokens.canvas, tokens.select)
        for ratio, ground in zip(stated, grounds, strict=True):
            if ratio:
                assert contrast(tokens.colour(name), ground) == pytest.approx(ratio, abs=0.06), name
    for name, stated in STATED_TONES[tokens.name].items():
        tone = tokens.tone(name)
        for ratio, ground in zip(stated, (tone.tint, tokens.surface, tokens.select), strict=True):
            if ratio:
                assert contrast(tone.ink, ground) == pytest.approx(ratio, abs=0.06), name


def test_black_on_white_has_the_ratio_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


def test_a_scheme_cannot_be_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        LIGHT.text = "#000000"  # type: ignore[misc]


def test_no_hex_value_stands_outside_the_tokens_file() -> None:
    root = Path(__file__).resolve().parents[2]
    hexes = re.compile(r"#[0-9A-Fa-f]{6}\b|#[0-9A-Fa-f]{3}\b(?=[\"';])")
    files = [*(root / "app" / "ui").rglob("*.py"), *(root / "resources" / "themes").rglob("*.qss")]
    assert len(files) > 5
    guilty = [
        f"{path.relative_to(root)}: {found.group()}"
        for path in files
        if path.name != "tokens.py"
        for found in hexes.finditer(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []
