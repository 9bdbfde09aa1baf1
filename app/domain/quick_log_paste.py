"""Recognise what was pasted into the quick-log field: several lines, or a lone phone or mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

_LINES = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_MAIL = re.compile(
    r"(?:mailto:|[^<>@\n]{0,80}<)?([\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,})>?"
)
_PHONE = re.compile(
    r"(?:tel:)?\s*(\+?[\d(][\d\s()./\u00a0\u2010-\u2013-]{3,28}\d)\s*(?:(?:ext\.?|x)\s*(\d{1,6}))?",
    re.IGNORECASE,
)
_NO_PHONE = re.compile(
    r"\d{4}-\d\d?-\d\d?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,3}(?:\.\d{1,3}){3}|\d+\.\d+|0+|\d{1,5}"
)
_DIGITS: Final = range(6, 16)
"""How many digits a phone number has that can be looked up; E.164 knows no more than 15.

The `(0)` in `+44 (0)171` is not dialled from abroad, so it is left out.
"""


@dataclass(frozen=True, slots=True)
class Contact:
    """A lone phone number (digits, with its plus sign) or mail address, ready to be looked up."""

    kind: Literal["phone", "mail"]
    value: str


def split_lines(text: str) -> list[str]:
    """Return the lines of pasted text that say something, without space around them."""
    return [line.strip() for line in _LINES.split(text) if line.strip()]


def contact(text: str) -> Contact | None:
    """Return the phone number or mail address when the text is nothing else.

    Dates, addresses of computers, decimal numbers and numbers of five digits or less are none.
    """
    stripped = text.strip()
    if not 5 <= len(stripped) <= 320:
        return None
    if (mail := _MAIL.fullmatch(stripped)) is not None:
        return Contact("mail", mail[1].casefold())
    if _NO_PHONE.fullmatch(stripped):
        return None
    if (phone := _PHONE.fullmatch(stripped)) is not None:
        abroad = phone[1].replace("(0)", "") if phone[1].startswith("+") else phone[1]
        digits = re.sub(r"\D", "", abroad)
        if len(digits) in _DIGITS:
            return Contact("phone", ("+" if "+" in phone[1] else "") + digits)
    return None


def is_contact(text: str) -> bool:
    """Tell whether the text is a lone phone number or mail address."""
    return contact(text) is not None
