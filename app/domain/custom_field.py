"""Fields that a team adds to its incidents, and the checking of what is typed into them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar, Self

from app.domain.catalogue import (
    CatalogueItem,
    DataReader,
    checked_name,
    coded,
    described,
    did_you_mean,
    shortened,
)
from app.domain.errors import InvalidInputError
from app.domain.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELD_TYPES = ("text", "number", "date", "choice", "yes_no", "person")

YES = frozenset({"yes", "y", "true", "1", "on"})
NO = frozenset({"no", "n", "false", "0", "off"})


@dataclass(frozen=True, slots=True)
class CustomField(CatalogueItem):
    """A field of the team's own; `category` limits it to a branch of the tree ("": all)."""

    kind: ClassVar[str] = "custom_field"
    label: ClassVar[str] = "Custom field"

    type: str = "text"
    choices: tuple[str, ...] = ()
    required: bool = False
    category: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return type, choices, required and category."""
        return {
            "type": self.type,
            "choices": list(self.choices),
            "required": self.required,
            "category": self.category,
        }

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a custom field; a choice needs at least one choice, other types need none."""
        name = checked_name(cls.label, name)
        read = DataReader(cls.label, name, data)
        kind_of_field = read.word("type", FIELD_TYPES, default="text")
        choices = read.texts("choices")
        if kind_of_field == "choice" and not choices:
            raise read.refuse("choices", "is missing. List what can be chosen.")
        if kind_of_field != "choice" and choices:
            raise read.refuse(
                "choices", f'has no use for the type {kind_of_field}. Set type to "choice".'
            )
        return cls(
            name=name,
            type=kind_of_field,
            choices=choices,
            required=read.flag("required"),
            category=read.text("category"),
        )

    def applies_to(self, category: str) -> bool:
        """Tell whether incidents of this category (a path) have the field."""
        if not self.category:
            return True
        return f"{fold(category)}/".startswith(f"{fold(self.category)}/")

    def read(self, value: object) -> Any:
        """Return the value as it is stored: text, number, bool, ISO date, or None for nothing.

        Raises InvalidInputError with the field's name and what would do.
        """
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        match self.type:
            case "number":
                return self._number(value)
            case "date":
                return self._date(value)
            case "yes_no":
                return self._yes_no(value)
            case "choice":
                return self._choice(value)
        if isinstance(value, str):
            return value if self.type == "text" else value.strip()
        raise self._refuse(value, "Give a text.")

    def show(self, value: object) -> str:
        """Return a stored value as plain text ("" for nothing); dates stay ISO for the edge."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(value)

    def _refuse(self, value: object, cure: str) -> InvalidInputError:
        return InvalidInputError(
            f'"{self.name}" cannot be {described(value)}. {cure}', field=self.name
        )

    def _number(self, value: object) -> int | float:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise self._refuse(value, "Give a number.")
        try:
            number = Decimal(str(value).strip().replace("−", "-"))
        except InvalidOperation:
            raise self._refuse(value, "Give a number like 12 or 3.5.") from None
        if not number.is_finite() or abs(number.adjusted()) > 300:
            raise self._refuse(value, "Give a number like 12 or 3.5.")
        whole = int(number)
        return whole if number == whole and abs(whole) < 2**53 else float(number)

    def _date(self, value: object) -> str:
        try:
            return date.fromisoformat(str(value).strip()).isoformat()
        except ValueError:
            raise self._refuse(value, "Give a day that exists, like 2026-03-09.") from None

    def _yes_no(self, value: object) -> bool:
        if isinstance(value, bool):
            return value
        word = coded(str(value).strip())
        if word in YES:
            return True
        if word in NO:
            return False
        raise self._refuse(value, "Give yes or no.")

    def _choice(self, value: object) -> str:
        wanted = fold(str(value))
        for choice in self.choices:
            if fold(choice) == wanted:
                return choice
        raise self._refuse(value, did_you_mean(shortened(str(value)), self.choices).strip())
