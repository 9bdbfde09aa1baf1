"""Turns rich values into journal values and names into references, inside an action."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.domain.catalogue import checked_name, did_you_mean
from app.domain.custom_field import CustomField
from app.domain.errors import InvalidInputError
from app.domain.incident import Named
from app.storage import catalogue
from app.storage.fields import REFERENCE_KINDS
from app.system.clock import to_ms

if TYPE_CHECKING:
    from app.storage.journal import Action
    from app.storage.store import Connection

KIND_WORDS = {"ci": "configuration item"}
TEXT_LIMIT = 1_000_000
"""Most characters of a text field; more belongs in an attachment."""


def journal_value(value: Any) -> Any:
    """Turn a value of an Incident into what the journal holds."""
    if isinstance(value, datetime):
        return to_ms(value)
    if isinstance(value, Named):
        return value.id.hex()
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, str):
        return clean_text(value)
    return value


def clean_text(text: str) -> str:
    """Return text that can be stored: half characters become U+FFFD; nothing else is changed.

    Raises:
        InvalidInputError: the text is longer than `TEXT_LIMIT` characters.
    """
    if len(text) > TEXT_LIMIT:
        raise InvalidInputError(
            f"The text has {len(text):,} characters; at most {TEXT_LIMIT:,} fit. "
            "Attach it as a file instead.",
            code="text_too_long",
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def journal_values(values: dict[str, Any]) -> dict[str, Any]:
    """Turn each value of a field dictionary into what the journal holds."""
    return {name: journal_value(value) for name, value in values.items()}


def custom_fields(connection: Connection, category: str | None = None) -> list[CustomField]:
    """Return the fields of the team by name: all, or those that incidents of a category have.

    A field that cannot be read is left out rather than stopping the program.
    """
    fields = []
    for item in catalogue.every(connection, "custom_field"):
        try:
            fields.append(CustomField.from_data(item.name, item.data))
        except InvalidInputError:
            continue
    return [one for one in fields if category is None or one.applies_to(category)]


def custom_value(connection: Connection, name: str, value: Any) -> Any:
    """Return what is stored in a field of the team; a field that nobody defined takes anything.

    Raises:
        InvalidInputError: the value does not fit the type of the field.
    """
    found = catalogue.find(connection, "custom_field", name)
    if found is None:
        return value
    try:
        return CustomField.from_data(found.name, found.data).read(value)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, field=f"custom.{found.name}") from None


def reference(
    action: Action, field: str, name: str | Named | None, *, make: bool = False
) -> Named | None:
    """Return the catalogue item that a field names, None for nothing.

    Raises:
        InvalidInputError: nobody has that name and `make` is not set, or it is ambiguous.
    """
    if name is None or isinstance(name, Named):
        return name
    text = clean_text(name).strip()
    if not text:
        return None
    kind = REFERENCE_KINDS[field]
    word = KIND_WORDS.get(kind, kind)
    text = checked_name(word.capitalize(), text)
    found = catalogue.find(action.connection, kind, text)
    if found is not None:
        return Named(found.id, found.name)
    if make:
        return Named(catalogue.ensure(action, kind, text), text)
    candidates = catalogue.matches(action.connection, kind, text, limit=6)
    if len(candidates) == 1:
        return Named(candidates[0].id, candidates[0].name)
    if candidates:
        names = ", ".join(item.name for item in candidates[:5])
        raise InvalidInputError(
            f'More than one {word} is meant by "{text}": {names}. Give the whole name.',
            field=field,
            code="ambiguous_name",
        )
    known = [item.name for item in catalogue.every(action.connection, kind)]
    raise InvalidInputError(
        f'No {word} is called "{text}".{did_you_mean(text, known)}',
        field=field,
        code="unknown_name",
    )
