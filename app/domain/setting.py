"""What a setting is: its type, its limits, and how a value is checked, read and shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from app.domain.catalogue import DataReader, coded, described, did_you_mean, shortened
from app.domain.errors import InvalidInputError
from app.domain.instants import zone_named
from app.domain.priority import PriorityMatrix

if TYPE_CHECKING:
    from collections.abc import Callable


class Scope(StrEnum):
    """Whose setting it is."""

    TEAM = "team"
    PERSONAL = "personal"


class SettingType(StrEnum):
    """What kind of value a setting has, and so which control shows it."""

    TEXT = "text"
    FLAG = "flag"
    NUMBER = "number"
    CHOICE = "choice"
    DURATION = "duration"
    CHOICES = "choices"
    NAMES = "names"
    MATRIX = "matrix"
    TABLE = "table"
    CALENDAR = "calendar"
    ZONE = "zone"


class Section(StrEnum):
    """A section of the settings page, in its order (ux.md 2.8)."""

    ME = "Me"
    APPEARANCE = "Appearance"
    KEYS = "Keys"
    NOTIFICATIONS = "Notifications"
    TEAM_AND_SLA = "Team and SLA"
    CATEGORIES = "Categories"
    CHECKLISTS = "Checklists"
    EMAIL_AND_ALERTS = "E-mail and alerts"
    STORAGE_AND_SYNC = "Storage and sync"
    PRINT = "Print"
    DATA = "Data"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `low` and `high` bound a number (both included); `choices` name what may be."""

    key: str
    type: SettingType
    default: Any
    label: str
    description: str
    section: Section
    scope: Scope
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    unit: str = ""
    extra_check: Callable[[DataReader, str, str], None] | None = field(default=None, repr=False)

    def check(self, value: object) -> Any:
        """Return the value as it is stored; raise InvalidInputError naming the key and the cure."""
        if self.type is SettingType.MATRIX:
            return _checked_matrix(self.key, value)
        read = DataReader("Setting", "", {self.key: value})
        match self.type:
            case SettingType.FLAG:
                return read.flag(self.key)
            case SettingType.NUMBER:
                number = read.integer(self.key, self.low, self.high)
                if number is None:
                    raise read.refuse(self.key, f"needs a number from {self.low} to {self.high}.")
                return number
            case SettingType.CHOICE:
                return read.word(self.key, self.choices)
            case SettingType.CHOICES:
                return self._checked_choices(read, read.texts(self.key))
            case SettingType.NAMES:
                return list(read.texts(self.key))
            case SettingType.TABLE:
                return self._checked_table(read, value)
        text = read.text(self.key)
        if self.extra_check is not None and (text or self.type is SettingType.DURATION):
            self.extra_check(read, self.key, text)
        if len(text) > self.high > 0:
            raise read.refuse(self.key, f"may have {self.high} characters, not {len(text)}.")
        return text

    def parse(self, text: str) -> Any:
        """Read what was typed on the command line: yes, 75, a list with commas, or JSON."""
        stripped = text.strip()
        match self.type:
            case SettingType.FLAG:
                word = _FLAG_WORDS.get(coded(stripped))
                return self.check(stripped if word is None else word)
            case SettingType.NUMBER:
                try:
                    return self.check(int(stripped.removesuffix(self.unit).strip()))
                except ValueError:
                    return self.check(stripped)
            case SettingType.CHOICES | SettingType.NAMES if not stripped.startswith("["):
                return self.check([part.strip() for part in stripped.split(",")])
            case SettingType.CHOICES | SettingType.NAMES | SettingType.MATRIX | SettingType.TABLE:
                try:
                    return self.check(json.loads(stripped))
                except (ValueError, RecursionError):
                    raise InvalidInputError(
                        f"Setting: {self.key} must be written as JSON, such as "
                        f"{json.dumps(self.default)}.",
                        field=self.key,
                    ) from None
        return self.check(stripped)

    def show(self, value: object) -> str:
        """Return a value as one line that `parse` reads again."""
        match value:
            case bool():
                return "yes" if value else "no"
            case str() | int():
                return str(value)
            case list() if self.type in (SettingType.CHOICES, SettingType.NAMES):
                return ", ".join(value)
        return json.dumps(value, ensure_ascii=False)

    def _checked_choices(self, read: DataReader, given: tuple[str, ...]) -> list[str]:
        words = {coded(choice): choice for choice in self.choices}
        chosen = set()
        for one in given:
            if coded(one) not in words:
                hint = did_you_mean(one, self.choices)
                raise read.refuse(self.key, f'cannot hold "{shortened(one)}".{hint}')
            chosen.add(words[coded(one)])
        return [choice for choice in self.choices if choice in chosen]

    def _checked_table(self, read: DataReader, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            raise read.refuse(
                self.key, f"must be a table of names and texts, not {described(value)}."
            )
        for one in (*value.keys(), *value.values()):
            if not isinstance(one, str):
                raise read.refuse(self.key, f"must hold only texts, not {described(one)}.")
        return dict(sorted(value.items()))


_FLAG_WORDS: Final = {
    **dict.fromkeys(("yes", "y", "true", "on", "1"), True),
    **dict.fromkeys(("no", "n", "false", "off", "0"), False),
}


def _checked_matrix(key: str, value: object) -> list[list[str]]:
    rows: list[list[str]] = []
    if isinstance(value, (list, tuple)) and all(isinstance(row, (list, tuple)) for row in value):
        rows = [[str(cell) for cell in row] for row in value]
    try:
        return PriorityMatrix.from_rows(rows).to_rows()
    except InvalidInputError as error:
        raise InvalidInputError(f"Setting: {key}: {error.message}", field=key) from None


def check_zone(read: DataReader, key: str, text: str) -> None:
    """Refuse a zone that the IANA database does not have."""
    try:
        zone_named(text)
    except InvalidInputError:
        raise read.refuse(
            key, f'cannot be "{shortened(text)}". Give an IANA name such as Europe/London.'
        ) from None


def check_hours(read: DataReader, key: str, text: str) -> None:
    """Refuse what is no span of hours."""
    start, dash, end = text.partition("-")
    for part in (start, end):
        hours, colon, minutes = part.strip().partition(":")
        digits = hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2
        if not (dash and colon and digits and int(hours) < 24 and int(minutes) < 60):
            raise read.refuse(key, f'cannot be "{shortened(text)}". Write hours like 22:00-06:00.')


def check_address(read: DataReader, key: str, text: str) -> None:
    """Refuse what is no address to listen at."""
    _, _, port = text.strip().rpartition(":")
    if not (port.isdecimal() and len(port) <= 5 and int(port) < 65_536):
        said = f'cannot be "{shortened(text)}". Write HOST:PORT like 127.0.0.1:8787.'
        raise read.refuse(key, said)
