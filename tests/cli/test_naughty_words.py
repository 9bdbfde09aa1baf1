"""Strings that trouble programs go through the command line and come back equal, or are refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from app.services.values import clean_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line

FIELDS = ("title", "description", "root_cause", "workaround", "resolution", "verified_by")
MORE = (
    *("--help", "--json", "-x", "--", "@nina", "#x", "!1", "a=b=c", "\x1b[2J\a", "\ud800 half"),
    *("a\r\nb", '"', "\\", "=1+1", "'=1", "\u202eabc", "None", "0", "-1", "%s {0}"),
)


@pytest.fixture(scope="module")
def strings(real_data: Path) -> list[str]:
    """Give every fortieth string of the list, the formulas, and what neither has."""
    folder = real_data / "naughty_inputs"
    told = json.loads((folder / "blns_part.json").read_text(encoding="utf-8"))
    formulas = (folder / "csv_injection.txt").read_text(encoding="utf-8").splitlines()
    found = [one for one in (*told[::40], *formulas, *MORE) if clean_text(one).strip()]
    return [one for one in found if "\0" not in one]  # no system takes it as an argument


def test_fields_and_notes_give_back_what_was_typed(
    line: Line, strings: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "fields.toml"
    path.write_text('[[custom_field]]\nname = "Text"\n', encoding="utf-8")
    line.done("config", "import", str(path))
    line.done("log", "printer down")
    for text in strings:
        words = (*(f"{name}={text}" for name in FIELDS), f"custom.Text={text}", f"tags={text}")
        told = line.done("set", "1", *words)
        clean = clean_text(text)
        # A summary has no blanks around it; nothing else is done to a text.
        assert [told[name].strip() for name in FIELDS] == [clean.strip()] * len(FIELDS), text
        assert [told[name] for name in FIELDS[1:]] == [clean] * (len(FIELDS) - 1), text
        assert told["custom"] == {"Text": clean}
        assert told["tags"] == sorted({one.strip() for one in clean.split(",") if one.strip()}), (
            text
        )
        assert line.done("note", "1", "--", text)["timeline"][-1]["text"] == clean
        assert line("search", "--", text)[0] in {0, 1}
        spoken = line.said("list", f"--filter={text}")
        assert spoken.code == 0
        assert not set(spoken.out) & {"\x1b", "\a", "\r", "\u009b"}


def test_a_quick_log_line_is_logged_or_refused_in_a_sentence(
    line: Line, strings: list[str]
) -> None:
    for text in strings:
        code, told = line("log", "--", text)
        if code:
            assert (code, told["error"]["code"]) == (3, "invalid_input"), text
            assert told["error"]["message"].endswith("."), text
        else:
            assert told["title"], text
    assert line.done("check")["ok"]


def test_reasons_are_kept(line: Line, strings: list[str]) -> None:
    for text in strings[::7]:
        clean = clean_text(text).strip()
        number = line.resolved(r"printer down")
        line.done("close", number)
        again = line.done("reopen", number, f"--reason={text}")
        told = line.done("set", number, "priority=P1", f"--reason={text}")
        assert told["priority_override_reason"].strip() == clean
        waits = line.done("pending", number, "--reason=vendor", f"--text={text}")
        gone = line.done("cancel", number, "--reason=unnecessary", f"--text={text}")
        for document in (again, waits, gone):
            assert document["timeline"][-1]["text"].strip() == clean, text
