"""What everything that an administrator keeps in lists has in common: a kind, a name and its data.

People, teams, categories, services and the like are catalogue items: each is named once per kind
(names are compared folded), refers to others by name, and travels as plain JSON data between the
store, the configuration file and the screens. An item is checked when it is read, so that whatever
exists is usable.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from app.domain.errors import InvalidInputError
from app.domain.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAME_LIMIT = 500
"""The most characters that a name may have; longer ones are text that went astray."""


@dataclass(frozen=True, slots=True)
class CatalogueItem(ABC):
    """One named thing of a kind. `to_data` leaves out the name, which the store keeps beside it."""

    kind: ClassVar[str] = ""
    label: ClassVar[str] = ""
    name_field: ClassVar[str] = "name"

    name: str

    @property
    def key(self) -> str:
        """Return the folded name, by which two spellings of one name are seen to be the same."""
        return fold(self.name)

    @abstractmethod
    def to_data(self) -> dict[str, Any]:
        """Return everything but the name as plain JSON data, always with the same keys."""

    @classmethod
    @abstractmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Check and take over what `to_data` gave; keys that are missing have their defaults."""

    @classmethod
    def named(cls, name: str) -> Self:
        """Make an item that has nothing but its name."""
        return cls.from_data(name, {})

    @classmethod
    def known_fields(cls) -> tuple[str, ...]:
        """Name the fields that a configuration file may give for this kind, the name first."""
        return (cls.name_field, *cls._sample().to_data())

    @classmethod
    def _sample(cls) -> Self:
        return cls.from_data("x", {})


def checked_name(label: str, name: object) -> str:
    """Return the name on one line without surplus space.

    Raises:
        InvalidInputError: it is empty, too long or unreadable.
    """
    if not isinstance(name, str):
        raise InvalidInputError(
            f"{label}: the name must be text, not {described(name)}. Put it in quotes.",
            field="name",
        )
    stripped = " ".join(name.split())
    if not fold(stripped):
        raise InvalidInputError(
            f"{label}: the name is empty. Give it a name that can be read.", field="name"
        )
    if len(stripped) > NAME_LIMIT:
        raise InvalidInputError(
            f'{label} "{stripped[:40]}...": the name has {len(stripped)} characters. '
            f"Shorten it to {NAME_LIMIT} at most.",
            field="name",
        )
    _check_encodable(f'{label} "{stripped[:40]!a}"', "name", stripped)
    return stripped


def described(value: object) -> str:
    """Say in words what kind of value this is, for error sentences."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes or no"
        case int() | float():
            return f"the number {value}"
        case str():
            return f'"{shortened(value)}"'
        case list() | tuple():
            return "a list"
        case dict():
            return "a table"
    return type(value).__name__


def shortened(text: str, length: int = 60) -> str:
    """Return text cut to a length that fits into a sentence."""
    return text if len(text) <= length else text[: length - 3] + "..."


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that is most like this one, or "" when none is near."""
    from difflib import get_close_matches  # only for a name that is wrong

    by_key = {fold(one): one for one in known}
    found = get_close_matches(fold(word), by_key, n=1, cutoff=0.6)
    return by_key[found[0]] if found else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence that offers the nearest known word, else the known words, else ""."""
    words = list(known)
    if near := nearest(word, words):
        return f' Did you mean "{near}"?'
    if not words:
        return ""
    more = ", ..." if len(words) > 12 else ""
    return f" Known: {', '.join(words[:12])}{more}."


def _check_encodable(whose: str, field: str, text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidInputError(
            f"{whose}: {field} has half a character at place {error.start + 1}. Remove it.",
            field=field,
        ) from error


class DataReader:
    """Read typed fields out of plain data, with sentences that name item, field and cure."""

    def __init__(self, label: str, name: str, data: Mapping[str, Any]) -> None:
        self._whose = f'{label} "{shortened(name)}"' if name else label
        self._data = data

    def refuse(self, field: str, problem: str) -> InvalidInputError:
        """Make the error for a field; `problem` goes on after its name and ends with the cure."""
        return InvalidInputError(f"{self._whose}: {field} {problem}", field=field)

    def text(self, field: str, default: str = "") -> str:
        """Return text without space around it."""
        value = self._data.get(field)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.refuse(field, f"must be text, not {described(value)}. Put it in quotes.")
        _check_encodable(self._whose, field, value)
        return value.strip()

    def required_text(self, field: str) -> str:
        """Return text that may not be empty."""
        value = self.text(field)
        if not value:
            raise self.refuse(field, "is missing. Give it a value.")
        return value

    def flag(self, field: str, default: bool = False) -> bool:
        """Return yes or no."""
        value = self._data.get(field, default)
        if not isinstance(value, bool):
            raise self.refuse(field, f"must be true or false, not {described(value)}.")
        return value

    def integer(self, field: str, low: int, high: int) -> int | None:
        """Return a whole number within bounds, or None when it is not given."""
        value = self._data.get(field)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.refuse(
                field, f"must be a whole number from {low} to {high}, not {described(value)}."
            )
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts in order, each once; a single text counts as a list of one."""
        value = self._data.get(field)
        if value is None:
            return ()
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, (list, tuple)):
            raise self.refuse(field, f"must be a list of texts, not {described(value)}.")
        kept: dict[str, None] = {}
        for one in value:
            if not isinstance(one, str):
                raise self.refuse(
                    field, f"must hold only texts, not {described(one)}. Put it in quotes."
                )
            _check_encodable(self._whose, field, one)
            if stripped := one.strip():
                kept[stripped] = None
        return tuple(kept)

    def word(self, field: str, allowed: Iterable[str], default: str = "") -> str:
        """Return one of the allowed words, whatever case and spacing it was given in."""
        given = self.text(field)
        if not given:
            if default:
                return default
            raise self.refuse(field, f"is missing. Give one of: {', '.join(allowed)}.")
        words = {coded(one): one for one in allowed}
        if (found := words.get(coded(given))) is not None:
            return found
        hint = did_you_mean(given, words.values())
        raise self.refuse(field, f'cannot be "{shortened(given)}".{hint}')


def coded(text: str) -> str:
    """Return text as codes are written: folded, with underscores for spaces and hyphens."""
    return fold(text).replace("-", "_").replace(" ", "_")
