"""The level that a line of a log names, and whether the line tells of an error."""

from __future__ import annotations

import re
from typing import Final

_LEVELS: Final = "TRACE|VERBOSE|DEBUG|INFO|NOTICE|WARN|WARNING|ERR|ERROR|CRIT|CRITICAL|ALERT|FATAL"
WORDS: Final = f"{_LEVELS}|SEVERE|EMERG|EMERGENCY|PANIC"
_LEVEL: Final = re.compile(
    rf"\[(?i:\w+:)?((?i:{WORDS}))\]|(?<![\w.-])({WORDS})(?![\w.-])"
    rf"|^\W{{0,3}}((?i:{WORDS}))(?=[\s:])|(?:\b(?:level|severity)[=:]\s?\"?(\w+))"
    rf"|(?:(?<=[\s])((?i:{WORDS}))(?=:\s))"
)
_LEVEL_NEXT: Final = re.compile(rf"[\s\]\[,:|-]{{0,4}}((?i:{WORDS}))(?=[\]\s:])")
"""The level stands right behind the time in most logs, where it is found at once."""
_LEVEL_WITHIN: Final = 80
BAD_LEVELS: Final = frozenset(
    ("ERR", "ERROR", "CRIT", "CRITICAL", "ALERT", "FATAL", "SEVERE", "EMERG", "EMERGENCY", "PANIC")
)
_BAD_WORD: Final = re.compile(
    r"\b(error|fatal|critical|panic|exception|traceback|fail(ed|ure|s)?)\b", re.IGNORECASE
)


def level_of(line: str, start: int = 0) -> str:
    """Return the level that a line names behind its time, as it is written there; else ""."""
    quick = _LEVEL_NEXT.match(line, start)
    if quick is not None:
        return quick[1]
    found = _LEVEL.search(line[start : start + _LEVEL_WITHIN])
    return "" if found is None else next(filter(None, found.groups()), "")


def level_span(line: str) -> tuple[int, int] | None:
    """Return where the level of a line begins and ends; None for a line that names none."""
    found = _LEVEL.search(line[: _LEVEL_WITHIN * 2])
    if found is None:
        return None
    group = next(place for place in range(1, found.re.groups + 1) if found[place])
    return found.span(group)


def is_bad(line: str, level: str) -> bool:
    """Tell an error: by its level, and where a line names none by its words."""
    return level.upper() in BAD_LEVELS if level else _BAD_WORD.search(line) is not None
