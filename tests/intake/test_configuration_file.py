"""The configuration file: what cli.md shows is read, and each mistake is named by its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from app.domain.checklist import Checklist, Fact
from app.domain.custom_field import CustomField
from app.domain.default_configuration import default_configuration
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.people import Person
from app.domain.service import ConfigurationItem, Location
from app.domain.target import Target
from app.intake.configuration_file import read_configuration_file, read_configuration_text

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.configuration import Configuration

WHOLE = """
[[calendar]]
name = "L"
zone = "Europe/London"
open = { mon = ["09:00-17:00"], tue = ["09:00-17:00"], fri = ["22:00-06:00"] }
holidays = [2026-04-03, "2026-04-06"]

[[target]]
priority = "P2"
clock = "resolution"
target = "8h"
calendar = "L"

[matrix]
rows = [["P1", "P2", "P3"], ["P2", "P3", "P4"], ["P3", "P4", "P4"]]

[[person]]
name = "Zo\u00eb Berg"
login = "zberg"
mail = "zoe@fernwick.example"
phone = "+47 555 0142"
department = "Sales"
location = "HQ/Floor 2"
role = "Buyer"
team = "Field"

[[team]]
name = "Field"

[[category]]
path = "hardware/scanner"
team = "Field"
checklist = "Hardware"

[[service]]
name = "Tills"
calendar = "L"

[[ci]]
name = "TILL-07"
service = "Tills"

[[checklist]]
name = "Hardware"
items = [{ text = "Old part returned", required = true }, { text = "Time", fact = "time_logged" }]

[pending]
pausing = ["caller", "change"]

[reopen]
window = "10d"

[[custom_field]]
name = "Till number"
type = "choice"
choices = ["1", "2"]
"""


@pytest.fixture(scope="module")
def default() -> Configuration:
    """Give the configuration of a new store."""
    return default_configuration("Europe/London")


def test_every_table_of_the_command_line_page_is_read(default: Configuration) -> None:
    merged = default.merged(read_configuration_text(WHOLE, "team.toml"))
    calendar = merged.calendar("L")
    assert calendar is not None
    assert len(calendar.holidays) == 2
    target = merged.find(Target, "P2 resolution")
    assert target is not None
    assert (target.target, target.calendar) == ("8h", "L")
    person = merged.find(Person, "zoe berg")
    assert person is not None
    assert (person.login, person.team, person.phone) == ("zberg", "Field", "+47 555 0142")
    assert merged.find(Location, "HQ/Floor 2") is not None
    till = merged.find(ConfigurationItem, "till-07")
    assert till is not None
    assert till.service == "Tills"
    checklist = merged.find(Checklist, "Hardware")
    assert checklist is not None
    assert [(one.text, one.required, one.fact) for one in checklist.items] == [
        ("Old part returned", True, None),
        ("Time", False, Fact.TIME_LOGGED),
    ]
    field = merged.find(CustomField, "Till number")
    assert field is not None
    assert field.choices == ("1", "2")
    assert merged.setting("pending.pausing") == ["caller", "change"]
    assert merged.setting("reopen.window") == "10d"
    assert len(merged.of(Target)) == len(default.of(Target))


def test_json_says_the_same_as_toml() -> None:
    toml = read_configuration_text(WHOLE, "team.toml")
    tables: dict[str, object] = {}
    for kind, name, data in toml.entries():
        entry = {"name": name, **data}
        if kind == "target":
            del entry["name"]
        if kind == "category":
            entry["path"] = entry.pop("name")
        entries = tables.setdefault(kind, [])
        assert isinstance(entries, list)
        entries.append(entry)
    for key, value in toml.settings.items():
        table, _, field = key.partition(".")
        content = tables.setdefault(table, {})
        assert isinstance(content, dict)
        content[field] = value
    again = read_configuration_text(json.dumps(tables), "team.json", is_json=True)
    assert set(again.items) == set(toml.items)
    assert again.calendars == toml.calendars
    assert again.settings == toml.settings


def test_the_file_of_one_calendar_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "l.json"
    path.write_text('{"name": "L", "zone": "UTC", "always": true}')
    (calendar,) = read_configuration_file(path).calendars
    assert (calendar.name, calendar.always) == ("L", True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[persn]]\nname='A'", ("[persn]", 'Did you mean "person"?')),
        ("[[person]]\nname='A'\n[[person]]\nphne='1'", ("[[person]] entry 2", "phne", '"phone"')),
        ("[[person]]\nphone='1'", ("[[person]] entry 1", "name is missing")),
        ("[[person]]\nname='A'\nphone=1", ("[[person]] entry 1", '"A"', "phone", "quotes")),
        ("[[person]]\nname='Ana'\n[[person]]\nname='ANA'", ("entry 2", "entry 1 is already")),
        ("[[target]]\npriority='P2'\nclock='resolution'\ntarget='8h'", ("entry 1", "calendar")),
        (
            "[[target]]\npriority='P2'\nclock='resolution'\ntarget='x'\ncalendar='L'",
            ("[[target]] entry 1", "P2 resolution", "target", "1h30m"),
        ),
        ("[[category]]\npath='a//b'", ("[[category]] entry 1", "path", "hardware/printer")),
        ("[[category]]\nname='a'", ("[[category]] entry 1", '"name"')),
        ("[[calendar]]\nname='L'\nzone='UTC'", ("[[calendar]] entry 1", "L", "open")),
        ("[[calendar]]\nname='L'\nzone='Mars/X'\nalways=true", ("entry 1", "Mars/X")),
        ("[[calendar]]\nzone='UTC'\nalways=true", ("[[calendar]] entry 1", "name")),
        ("[[calendar]]\nname='L'\nzone='UTC'\nclosed=1", ("entry 1", '"closed"')),
        ("[matrix]\nrows=[['P1']]", ("[matrix]", "rows")),
        ("[matrix]\nrow=[]", ("[matrix]", '"row"', 'Did you mean "rows"?')),
        ("[pending]\npausing=['lunch']", ("[pending]", "pausing", "lunch")),
        ("[reopen]\nwindow=7", ("[reopen]", "window", "quotes")),
        ("matrix=5", ("[matrix]", "table")),
        ("person=5", ("[[person]]", "list of entries")),
        ("person=['A']", ("[[person]] entry 1", "named fields")),
        ("[appearance]\ntheme='dark'", ("[appearance]",)),
        ("[[checklist]]\nname='C'\nitems=[{text='a',fact='b'}]", ("entry 1", "item 1", "fact")),
        ("[[person]\nname=", ("team.toml", "TOML")),
    ],
)
def test_a_mistake_is_named_by_table_entry_and_field(text: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_configuration_text(text, "team.toml")
    assert refusal.value.message.startswith("team.toml")
    for word in words:
        assert word in refusal.value.message


def test_team_is_a_list_of_teams_and_the_table_of_the_first_team() -> None:
    assert read_configuration_text("[[team]]\nname='Desk'", "t").names("team") == ("Desk",)
    assert read_configuration_text("[team]\ndefault='Desk'", "t").settings == {
        "team.default": "Desk"
    }
    assert read_configuration_text("[team]\nname='Desk'", "t").names("team") == ("Desk",)


def test_plural_names_of_tables_are_understood() -> None:
    read = read_configuration_text('{"people": [{"name": "Ana"}]}', "t.json", is_json=True)
    assert read.names("person") == ("Ana",)


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"\x00\x01\x02", b"[1, 2]", b"{", b"[" * 100_000, b'{"a": ' * 50_000],
    ids=["utf-16", "binary", "a list", "half", "deep list", "deep object"],
)
@pytest.mark.parametrize("name", ["team.toml", "team.json"])
def test_rubbish_is_refused_with_the_name_of_the_file(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match="team"):
        read_configuration_file(path)


def test_an_empty_file_changes_nothing(tmp_path: Path, default: Configuration) -> None:
    path = tmp_path / "team.toml"
    path.write_bytes(b"\xef\xbb\xbf\r\n")
    assert default.merged(read_configuration_file(path)) == default


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no file"):
        read_configuration_file(tmp_path / "none.toml")
    with pytest.raises(InvalidInputError, match="cannot be read"):
        read_configuration_file(tmp_path)


def test_a_huge_file_is_refused_before_it_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.intake.configuration_file.SIZE_LIMIT", 1024 * 1024)
    path = tmp_path / "team.toml"
    path.write_bytes(b"#" * (1024 * 1024 + 1))
    with pytest.raises(InvalidInputError, match="larger than 1 MB"):
        read_configuration_file(path)


def test_half_a_character_in_json_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="half a character"):
        read_configuration_text(
            '{"person": [{"name": "A", "phone": "\\ud800"}]}', "t.json", is_json=True
        )
