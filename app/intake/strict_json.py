"""Reads JSON that strangers post: bounded in size and depth, without NaN and double keys.

Python's own reader takes `NaN`, keeps the last of two equal keys and recurses as deep as the text
does; a payload that two programs read differently is refused (RFC 8259, sections 4 and 9).
"""

from __future__ import annotations

import json
from typing import Any

from app.domain.errors import InvalidInputError

MOST_BYTES = 1 << 20
MOST_DEPTH = 40
_MOST_DIGITS = 400


def read_strictly(body: bytes, *, most: int = MOST_BYTES) -> Any:
    """Return the value that a JSON text holds.

    Raises:
        InvalidInputError: it is no JSON, or none that is safe to believe; the sentence says why.
    """
    if len(body) > most:
        raise InvalidInputError(
            f"The payload has {len(body):,} bytes; at most {most:,} are taken.", code="too_large"
        )
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            f"The payload is not UTF-8 (byte {error.start:,}), as JSON has to be."
        ) from error
    _check_depth(text)
    try:
        return json.loads(
            text,
            parse_constant=_no_constant,
            object_pairs_hook=_without_double_keys,
            parse_int=_bounded_int,
            parse_float=_bounded_float,
        )
    except json.JSONDecodeError as error:
        raise InvalidInputError(
            f"The payload is no JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from error
    except RecursionError as error:  # the depth was counted; a safety net
        raise InvalidInputError("The payload is nested too deeply.") from error


def _check_depth(text: str) -> None:
    depth = 0
    inside = escaped = False
    for character in text:
        if inside:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                inside = False
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            if depth > MOST_DEPTH:
                raise InvalidInputError(
                    f"The payload is nested more than {MOST_DEPTH} levels deep."
                )
        elif character in "]}":
            depth -= 1


def _no_constant(word: str) -> Any:
    raise InvalidInputError(f"The payload holds {word}, which is no JSON value.")


def _bounded_int(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise InvalidInputError(f"The payload holds a number of {len(digits):,} digits.")
    return int(digits)


def _bounded_float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise InvalidInputError(
            f'The payload holds the number "{digits[:20]}", which is too large.'
        )
    return value


def _without_double_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise InvalidInputError(f'The payload gives "{key[:60]}" twice in one object.')
            seen.add(key)
    return found
