"""The file that a user's own report is written to, by the window or by the form of the intranet.

One JSON object with `"format": "incident-desk-report"`. Whoever may write to the drop folder may
write anything into such a file, so every part of it is bounded and checked here; a picture is only
taken when its first bytes are those of a PNG or JPEG. Nothing of it is ever run or opened.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.domain.errors import InvalidInputError
from app.intake.strict_json import read_strictly

FORMAT = "incident-desk-report"
VERSION = 1
MOST_BYTES = 16 << 20
"""Bytes of a report with its picture; the window makes its picture smaller before it is larger."""
MOST_PICTURE = 11 << 20
EFFECTS = {"one": 3, "some": 2, "all": 1}
"""Who cannot work, as an impact."""

_MOST = {"title": 200, "description": 20_000, "requester": 200, "contact": 200, "location": 200}
_MOST_FACTS, _MOST_FACT = 40, 500
_ID = re.compile(r"[0-9a-f]{32}")
_PICTURES = {b"\x89PNG\r\n\x1a\n": "screen.png", b"\xff\xd8\xff": "screen.jpg"}
_MARK = b'"' + FORMAT.encode() + b'"'
_LOOKED_AT = 4096


@dataclass(frozen=True, slots=True)
class Report:
    """What a user reports, with the facts and the picture that they agreed to send."""

    id: str
    """32 hexadecimal digits, chosen by who writes it: by them it is never logged twice."""
    title: str
    requester: str
    description: str = ""
    contact: str = ""
    location: str = ""
    effect: str = "one"
    written_at: datetime | None = None
    machine: dict[str, str] = field(default_factory=dict)
    picture: bytes = b""

    @property
    def picture_name(self) -> str:
        """Return what the picture is called, "" where there is none."""
        return next((name for sign, name in _PICTURES.items() if self.picture[:8] == sign
                     or self.picture[:3] == sign), "")  # fmt: skip


def looks_like_report(body: bytes) -> bool:
    """Tell a report by its mark, which stands at the beginning; whether it is whole is not said."""
    return _MARK in body[:_LOOKED_AT]


def write_report(report: Report) -> bytes:
    """Return the bytes of the file."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "id": report.id,
        "title": report.title,
        "requester": report.requester,
        "description": report.description,
        "contact": report.contact,
        "location": report.location,
        "effect": report.effect,
        "machine": report.machine,
    }
    if report.written_at is not None:
        told["written_at"] = report.written_at.isoformat()
    if report.picture:
        told["picture"] = base64.b64encode(report.picture).decode("ascii")
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def read_report(body: bytes) -> Report:
    """Read a file; raise InvalidInputError with the reason when it cannot be taken."""
    told = read_strictly(body, most=MOST_BYTES)
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise InvalidInputError("The file is no report of the report form.")
    if told.get("version") != VERSION:
        raise InvalidInputError(
            f"The report is of version {str(told.get('version'))[:20]}; update this program."
        )
    uid = told.get("id")
    if not isinstance(uid, str) or not _ID.fullmatch(uid):
        raise InvalidInputError("The report has no id of 32 hexadecimal digits.")
    texts = {name: _text(told, name, most) for name, most in _MOST.items()}
    for name, what in (("title", "what is wrong"), ("requester", "who reports it")):
        if not texts[name]:
            raise InvalidInputError(f"The report does not say {what}.")
    effect = told.get("effect", "one")
    if effect not in EFFECTS:
        raise InvalidInputError(f"The report's effect is {str(effect)[:40]!r}, which is not known.")
    return Report(
        id=uid,
        **texts,
        effect=effect,
        written_at=_instant(told.get("written_at")),
        machine=_facts(told.get("machine") or {}),
        picture=_picture(told.get("picture") or ""),
    )


def _text(told: dict[str, Any], name: str, most: int) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise InvalidInputError(f"The report's {name} is no text.")
    if len(value) > most:
        raise InvalidInputError(f"The report's {name} has more than {most:,} characters.")
    text = value.strip()
    return text if name == "description" else " ".join(text.split())


def _instant(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise InvalidInputError("The report's time cannot be read.") from error
    if at.tzinfo is None:
        raise InvalidInputError("The report's time has no offset from UTC.")
    return at.astimezone(UTC)


def _facts(told: Any) -> dict[str, str]:
    if not isinstance(told, dict) or len(told) > _MOST_FACTS:
        raise InvalidInputError("The facts about the computer are no short list.")
    for name, value in told.items():
        if not isinstance(value, str) or len(value) > _MOST_FACT or len(name) > _MOST_FACT:
            raise InvalidInputError("A fact about the computer is no short text.")
    return dict(told)


def _picture(told: Any) -> bytes:
    if not told:
        return b""
    try:
        picture = base64.b64decode(told, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise InvalidInputError("The report's picture is damaged (no base64).") from error
    if len(picture) > MOST_PICTURE:
        raise InvalidInputError(f"The report's picture is over {MOST_PICTURE >> 20} MB.")
    if not any(picture.startswith(sign) for sign in _PICTURES):
        raise InvalidInputError("The report's picture is neither PNG nor JPEG.")
    return picture
