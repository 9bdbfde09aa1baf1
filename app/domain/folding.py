"""Fold text so that names and words are found whatever their case, accents and spacing.

Used for every `folded` column, for completion and for the filter language: all three must agree,
so there is one function. Changing it means rewriting those columns in a migration.
"""

from __future__ import annotations

from unicodedata import category, combining, normalize

_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ħ": "h",
        "ŧ": "t",
        "\u0131": "i",
        "ð": "d",
        "æ": "ae",
        "œ": "oe",
    }
)
"""Letters with a stroke and joined ones: people type the plain letter, Unicode knows no mark."""


def fold(text: str) -> str:
    """Return text without case, accents, invisible signs and surplus space (idempotent)."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = normalize("NFKD", normalize("NFKD", text).casefold())
    kept = "".join([c for c in plain if not combining(c) and category(c) != "Cf"])
    return " ".join(kept.translate(_LETTERS).split())


def prefix_range(folded: str) -> tuple[str, str]:
    """Return (low, high) so that `low <= x < high` holds for just the texts that start so.

    The order is that of code points, as in SQLite's BINARY collation. An empty prefix gives a range
    over all text.
    """
    stem = folded
    while stem and stem[-1] == "\U0010ffff":
        stem = stem[:-1]
    if not stem:
        return folded, "\U0010ffff" * (len(folded) + 1)
    following = ord(stem[-1]) + 1
    if 0xD800 <= following <= 0xDFFF:
        following = 0xE000
    return folded, stem[:-1] + chr(following)
