"""What may be typed into a team's own fields."""

from __future__ import annotations

import pytest

from app.domain.custom_field import CustomField
from app.domain.errors import InvalidInputError


def field(kind: str, **more: object) -> CustomField:
    """Make a field of a type."""
    return CustomField.from_data("Extra", {"type": kind, **more})


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("text", " kept as typed ", " kept as typed "),
        ("text", "", None),
        ("number", "12", 12),
        ("number", "3.50", 3.5),
        ("number", "-7", -7),
        ("number", 2.5, 2.5),
        ("date", "2024-02-29", "2024-02-29"),
        ("yes_no", "Yes", True),
        ("yes_no", "off", False),
        ("yes_no", True, True),
        ("choice", " BLUE ", "blue"),
        ("person", " Nina Berg ", "Nina Berg"),
    ],
)
def test_a_fitting_value_is_stored_in_its_own_type(
    kind: str, given: object, stored: object
) -> None:
    made = field(kind, choices=["red", "blue"] if kind == "choice" else [])
    assert made.read(given) == stored


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", 5),
        ("number", "twelve"),
        ("number", "NaN"),
        ("number", "1e999999"),
        ("number", True),
        ("date", "2025-02-29"),
        ("date", "9.3.2026"),
        ("yes_no", "perhaps"),
        ("choice", "green"),
    ],
)
def test_an_unfitting_value_is_refused_with_the_name_of_the_field(kind: str, given: object) -> None:
    made = field(kind, choices=["red", "blue"] if kind == "choice" else [])
    with pytest.raises(InvalidInputError) as refusal:
        made.read(given)
    assert refusal.value.field == "Extra"
    assert '"Extra"' in refusal.value.message


def test_a_field_of_one_branch_is_not_asked_elsewhere() -> None:
    limited = field("text", category="hardware")
    assert limited.applies_to("Hardware/Printer")
    assert limited.applies_to("hardware")
    assert not limited.applies_to("hardware store")
    assert not limited.applies_to("")
    assert field("text").applies_to("")


def test_values_are_shown_as_words() -> None:
    made = field("yes_no")
    assert (made.show(True), made.show(None), made.show(3)) == ("yes", "", "3")
