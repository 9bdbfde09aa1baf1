"""Catalogue items: data in, data out, and what is refused with which sentence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from app.domain.catalogue import CatalogueItem, nearest
from app.domain.category import Category, has_empty_step, parent_path, path_label
from app.domain.checklist import Checklist
from app.domain.custom_field import CustomField
from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.domain.people import Person, Team
from app.domain.saved_view import SavedView
from app.domain.service import ConfigurationItem, Location, Service
from app.domain.target import Target

if TYPE_CHECKING:
    from pathlib import Path

WHOLE: tuple[CatalogueItem, ...] = (
    Person(
        name="Nina Berg",
        login="nberg",
        mail="nina@fernwick.example",
        phone="+47 555 0142",
        department="Sales",
        location="HQ/Floor 2",
        role="Buyer",
        team="Desk",
    ),
    Team(name="Desk", lead="Ana Ruiz", mail="desk@fernwick.example"),
    Category(
        name="hardware/printer",
        team="Desk",
        checklist="Closure",
        default_impact=2,
        default_urgency=3,
        keywords=("printer", "toner"),
    ),
    Service(name="Remote access", calendar="24x7", owner="Network"),
    ConfigurationItem(name="SW-03", service="Office network", location="HQ", serial="X1"),
    Location(name="HQ/Floor 2"),
    Target(name="P2 resolution", priority="P2", clock="resolution", target="8h", calendar="L"),
    CustomField(name="Colour", type="choice", choices=("red", "blue"), required=True),
    SavedView(name="VPN", filter="vpn is:open", columns=("number",), shared=False, position=2),
)


@pytest.mark.parametrize("item", WHOLE, ids=lambda item: item.kind)
def test_what_an_item_gives_as_data_makes_the_same_item_again(item: CatalogueItem) -> None:
    data = json.loads(json.dumps(item.to_data()))
    assert type(item).from_data(item.name, data) == item


@pytest.mark.parametrize("item", WHOLE, ids=lambda item: item.kind)
def test_data_has_the_same_keys_whatever_is_set(item: CatalogueItem) -> None:
    if isinstance(item, (Target, CustomField)):
        return_of_bare = item.to_data()
    else:
        return_of_bare = type(item).named("Only a name").to_data()
    assert list(return_of_bare) == list(item.to_data())


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u2060", 5, None, "x" * 501, "half \ud800"])
def test_a_name_that_cannot_be_read_is_refused(name: object) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        Person.from_data(name, {})  # type: ignore[arg-type]
    assert "name" in refusal.value.message


def test_every_naughty_string_with_something_to_read_is_a_name(real_data: Path) -> None:
    strings = json.loads((real_data / "naughty_inputs" / "blns_part.json").read_text("utf-8"))
    kept = [text for text in strings if isinstance(text, str) and fold(text)]
    assert len(kept) > 200
    for text in kept:
        for item in (Person, Team, Category, Service, ConfigurationItem, Location):
            assert item.named(text).name == " ".join(text.split())


def test_names_are_the_same_whatever_their_case_and_accents() -> None:
    assert Person.named("Zoë  BERG").key == Person.named("zoe berg").key


@pytest.mark.parametrize(
    ("item", "name", "data", "field", "cure"),
    [
        (Person, "Nina", {"phone": 5}, "phone", "quotes"),
        (Person, "Nina", {"mail": "nina"}, "mail", "name@company.example"),
        (Category, "hardware", {"default_impact": 4}, "default_impact", "1 to 3"),
        (Category, "hardware", {"default_urgency": True}, "default_urgency", "1 to 3"),
        (Category, "hardware", {"keywords": [1]}, "keywords", "texts"),
        (Target, "", {"priority": "P2", "clock": "resolution"}, "target", "missing"),
        (
            Target,
            "",
            {"priority": "P5", "clock": "resolution", "target": "8h", "calendar": "L"},
            "priority",
            "P1, P2, P3, P4",
        ),
        (
            Target,
            "",
            {"priority": "P2", "clock": "resoluton", "target": "8h", "calendar": "L"},
            "clock",
            'Did you mean "resolution"',
        ),
        (
            Target,
            "",
            {"priority": "P2", "clock": "response", "target": "soon", "calendar": "L"},
            "target",
            "90m",
        ),
        (
            Target,
            "",
            {"priority": "P2", "clock": "response", "target": "0h", "calendar": "L"},
            "target",
            "90m",
        ),
        (CustomField, "Colour", {"type": "choice"}, "choices", "List"),
        (CustomField, "Colour", {"type": "colour"}, "type", "choice"),
        (CustomField, "Colour", {"choices": ["a"]}, "choices", "choice"),
        (SavedView, "Mine", {"shared": "yes"}, "shared", "true or false"),
        (SavedView, "Mine", {"density": "tight"}, "density", "compact"),
        (Checklist, "Closure", {"items": [{"fact": "time_logged"}]}, "text", "missing"),
        (Checklist, "Closure", {"items": [{"text": "a", "fact": "time"}]}, "fact", "time_logged"),
        (Checklist, "Closure", {"items": [{"text": "a", "must": True}]}, "must", "required"),
        (Checklist, "Closure", {"items": ["a", "a"]}, "items", "twice"),
    ],
)
def test_a_wrong_field_is_refused_by_name_and_cure(
    item: type[CatalogueItem], name: str, data: dict[str, object], field: str, cure: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        item.from_data(name, data)
    assert refusal.value.field == field
    assert field in refusal.value.message
    assert cure in refusal.value.message


def test_a_priority_is_understood_in_its_usual_spellings() -> None:
    for given in ("p2", "2", "P2 High"):
        data = {"priority": given, "clock": "Resolution", "target": "1h30m", "calendar": "L"}
        assert Target.from_data("", data).name == "P2 resolution"


def test_paths_are_shown_as_people_write_them() -> None:
    assert path_label("network/vpn") == "Network \u203a VPN"
    assert path_label("email/shared mailbox") == "E-mail \u203a Shared mailbox"
    assert path_label("SAP/iDoc") == "SAP \u203a iDoc"
    assert path_label("//") == "//"
    assert path_label("") == ""
    assert parent_path("network/vpn/client") == "network/vpn"
    assert has_empty_step("hardware//printer")
    assert not has_empty_step("hardware/printer")


def test_roles_carry_rights_only_when_they_name_them() -> None:
    assert Person.from_data("A", {"role": "Administrator"}).is_administrator
    assert Person.from_data("A", {"role": "read-only"}).is_reader
    bookkeeper = Person.from_data("A", {"role": "Bookkeeper"})
    assert not bookkeeper.is_administrator
    assert not bookkeeper.is_reader


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ana Ruiz", "AR"), ("Åsa", "Å"), ("Jean-Luc de la Tour", "JT"), ("!?", "!")],
)
def test_initials_are_those_of_the_first_and_last_name(name: str, initials: str) -> None:
    assert Person.named(name).initials == initials


def test_the_nearest_word_is_offered_only_when_it_is_near() -> None:
    assert nearest("printr", ["printer", "network"]) == "printer"
    assert nearest("zebra", ["printer", "network"]) == ""
