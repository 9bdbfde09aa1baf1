"""Joins two versions of a long text that were written from one: the merge core's third part.

Lines decide: what only one side changed is taken from it; where both changed the same lines
differently nobody can tell what is meant, and people choose. Pure.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple


class _Hunk(NamedTuple):
    """Lines `start` to `end` of the text before became `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]


def merged(base: str, one: str, other: str) -> str | None:
    """Return both changes of `base` in one text; None when they touch the same lines.

    The order of the two versions makes no difference.
    """
    if one == other or other == base:
        return one
    if one == base:
        return other
    lines = base.splitlines(keepends=True)
    hunks = sorted({*_hunks(lines, one), *_hunks(lines, other)})
    for before, after in pairwise(hunks):
        # Two insertions at one place have no order.
        if after.start < before.end or after.start == before.start:
            return None
    result: list[str] = []
    place = 0
    for hunk in hunks:
        result += lines[place : hunk.start]
        if result and hunk.lines and not result[-1].endswith("\n"):
            result[-1] += "\n"
        result += hunk.lines
        place = hunk.end
    rest = lines[place:]
    if rest and result and not result[-1].endswith("\n"):
        result[-1] += "\n"
    return "".join(result + rest)


def _hunks(lines: list[str], text: str) -> list[_Hunk]:
    changed = text.splitlines(keepends=True)
    matcher = SequenceMatcher(None, lines, changed, autojunk=False)
    return [
        _Hunk(first, last, tuple(changed[start:end]))
        for tag, first, last, start, end in matcher.get_opcodes()
        if tag != "equal"
    ]
