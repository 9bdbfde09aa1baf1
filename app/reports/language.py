"""The languages in which a report can be printed: messages, plural forms, numbers and dates.

The messages stand in gettext catalogues, `resources/i18n/CODE/LC_MESSAGES/reports.po` with the
compiled `.mo` beside it; English is the language of the program and needs none. How a language
writes numbers and dates is a message too, so that a new language is one file and one line here.
`packaging/messages.py` collects the messages of this package and compiles the catalogues.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.system.assets import asset_path

if TYPE_CHECKING:
    from collections.abc import Mapping

CATALOGUE = "reports"
"""Name of the catalogue files."""


class Message(NamedTuple):
    """A message that is worded later; `context` tells equal English words apart."""

    text: str
    context: str = ""


class Language:
    """One language: its tag for the file (RFC 5646) and its catalogue."""

    def __init__(self, code: str, tag: str, name: str, catalogue: NullTranslations) -> None:
        self.code, self.tag, self.name = code, tag, name
        self._catalogue = catalogue
        pattern = self.of(Message("1,234.5", "pattern of numbers"))
        self._separators = str.maketrans({",": pattern[1], ".": pattern[5]})

    def text(self, message: str, /, **values: Any) -> str:
        """Return a message with its values; `message` is a literal, or nobody could collect it."""
        return self._worded("", message, values)

    def of(self, message: Message, /, **values: Any) -> str:
        """Return a message that was noted elsewhere, with its values."""
        return self._worded(message.context, message.text, values)

    def _worded(self, context: str, message: str, values: dict[str, Any]) -> str:
        catalogue = self._catalogue
        found = catalogue.pgettext(context, message) if context else catalogue.gettext(message)
        return found.format(**values) if values else found

    def counted(self, one: str, many: str, n: int, /, **values: Any) -> str:
        """Return the plural form for a count, which is written as `{n}`; both are literals."""
        return self._catalogue.ngettext(one, many, n).format(n=self.number(n), **values)

    def coded(self, table: Mapping[Any, Message], code: str) -> str:
        """Return a code in words; one that is not in the table is told as it is."""
        known = table.get(code)
        return code.replace("_", " ") if known is None else self.of(known)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with so many decimals, its thousands apart: "1,234.5"."""
        return f"{value:,.{digits}f}".translate(self._separators)

    def significant(self, value: float, digits: int = 2) -> str:
        """Return a number by its first digits that matter: "0.0012", "3.1e-07"."""
        return f"{value:.{digits}g}".translate(self._separators)


ENGLISH = Language("en", "en-GB", "English", NullTranslations())
_NAMES = {"en": ("en-GB", "English"), "de": ("de-DE", "Deutsch")}
CODES = tuple(_NAMES)
"""The codes of all languages, the usual one first."""


@cache
def _loaded(code: str) -> Language:
    if code == ENGLISH.code:
        return ENGLISH
    with asset_path("i18n", code, "LC_MESSAGES", f"{CATALOGUE}.mo").open("rb") as file:
        return Language(code, *_NAMES[code], GNUTranslations(file))


def language_of(name: str) -> Language:
    """Return a language by its code or tag, in any case: "de", "de-DE"; "" is English.

    Raises:
        InvalidInputError: there is no such language; those that there are are named.
    """
    code = name.strip().lower().replace("_", "-").partition("-")[0] or ENGLISH.code
    if code not in _NAMES:
        offered = " or ".join(f"{known} ({full})" for known, (_, full) in _NAMES.items())
        raise InvalidInputError(
            f'There is no language "{name}" for reports. Use {offered}.', field="language"
        )
    return _loaded(code)


def in_order(name: str) -> tuple[str, str]:
    """Return the place of a name in a list: accents and case count last (DIN 5007-1)."""
    return fold(name), name
