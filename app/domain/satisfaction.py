"""Reads the answer to "how satisfied are you": a number from 1 to 5 that a mail begins with."""

from __future__ import annotations

import re

_ANSWER = re.compile(
    r"^[^\w]*(?P<n>[1-5])(?:\s*(?:/|of|out of)\s*5)?(?:\s*stars?)?"
    r"(?:\s*[.!]*\s*$|\s*[,!]\s|\s+[-\u2013\u2014]\s|"
    r"[\s:=-]*(?:very satisfied|satisfied|neither|not satisfied|not at all)\b)",
    re.IGNORECASE,
)


def read_answer(text: str) -> int | None:
    """Return the number that a mail begins with when it is an answer, else None.

    "4", "4, thanks", "4/5" and "4 satisfied" are; "3 printers are down" and "1. First" are not.
    """
    line = next((line for line in text.splitlines() if line.strip()), "")
    found = _ANSWER.match(line.strip("*_ \t"))
    return int(found["n"]) if found else None
