"""Hebrew and Arabic: join the letters, and put a line into the order in which the eye reads it.

reportlab draws left to right only. The two libraries are loaded when the first right-to-left letter
is met, which most reports never do.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_SHOWN_CODES = re.compile(r"\[U\+[0-9A-F]{4,6}\]|\\x[0-9a-f]{2}")
"""What stands for a character that cannot be drawn: always read from the left."""
_ISOLATES = re.compile("[\u2066-\u2069]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")


def holds_right_to_left(text: str) -> bool:
    """Tell whether a text holds any letter that is read from the right."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def reads_right_to_left(text: str) -> bool:
    """Tell whether the first letter with a direction is read from the right (UAX 9, P2 and P3)."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


@cache
def _reshaper() -> Any:
    from arabic_reshaper import ArabicReshaper

    return ArabicReshaper(
        {
            "delete_harakat": False,
            "delete_tatweel": False,
            "support_zwj": False,
            "ARABIC LIGATURE ALLAH": False,
        }
    )


def shape(text: str) -> str:
    """Join Arabic letters (initial, medial and final forms), still in reading order."""
    if _ARABIC.search(text) is None:
        return text
    shaped: str = _reshaper().reshape(text)
    return shaped


def visual_order(text: str, right_to_left: bool) -> str:
    """Reorder one line as the eye meets it from the left (UAX 9); marks follow their letter."""
    from bidi import get_display

    isolated = _SHOWN_CODES.sub("\u2066\\g<0>\u2069", text)
    shown: str = get_display(isolated, base_dir="R" if right_to_left else "L")
    return _marks_after_letters(_ISOLATES.sub("", shown))


def _marks_after_letters(shown: str) -> str:
    """Move marks that the reversal put before their right-to-left letter behind it (UAX 9, L3)."""
    result: list[str] = []
    waiting: list[str] = []
    for char in shown:
        if unicodedata.combining(char) and _RIGHT_TO_LEFT.match(char):
            waiting.append(char)
        else:
            result.append(char)
            result += reversed(waiting)
            waiting = []
    return "".join(result + waiting)
