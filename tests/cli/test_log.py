"""`log` never refuses a line with a summary, and says what it could not read (ux.md section 5)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from app import bootstrap, cli

if TYPE_CHECKING:
    from tests.cli.conftest import Line


@pytest.mark.parametrize(
    ("text", "token", "reason"),
    [
        ("printer down !zzz", "!zzz", '"zzz" is no priority'),
        ("printer down due:2026-02-30", "due:2026-02-30", "2026-02-30"),
        ("printer down via:pigeon", "via:pigeon", '"pigeon" is no channel'),
        ("printer down status:closed", "status:closed", "cannot be closed"),
        ("printer down !1 !2", "!2", "write it once"),
    ],
)
def test_a_token_that_cannot_be_read_stays_and_its_reason_is_told(
    line: Line, text: str, token: str, reason: str
) -> None:
    code, out, err = line.said("log", text)

    assert code == 0
    assert out.startswith("INC-000001  ")
    assert err.startswith(f'Note: "{token}" stays in the summary. ')
    assert reason in err
    shown = line.done("show", "1")
    assert shown["title"] == f"printer down {token}"
    assert shown["follow_up_at"] is None


def test_a_line_that_was_understood_says_nothing_more(line: Line) -> None:
    assert line.said("log", "printer down @nina !high at:-15m").err == ""


def test_an_escaped_sign_is_text_and_needs_no_note(line: Line) -> None:
    code, _, err = line.said("log", r"printer \!zzz")
    assert (code, err) == (0, "")
    assert line.done("show", "1")["title"] == "printer !zzz"


def test_a_line_without_a_summary_is_refused_and_nothing_is_written(line: Line) -> None:
    assert line.refused("log", "@nina !1").startswith("invalid_input: Say in a few words")
    assert line.done("list", "--filter", "is:any")["total"] == 0


def test_with_json_the_note_is_on_stderr_and_the_document_alone_on_stdout(
    line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.run(
        ["log", "printer down !zzz via:pigeon", "--json", "--profile", str(line.profile)], bootstrap
    )
    told = capsys.readouterr()
    assert code == 0
    assert told.out.count("\n") == 1
    assert json.loads(told.out)["title"] == "printer down !zzz via:pigeon"
    assert [text.split(" stays")[0] for text in told.err.splitlines()] == [
        'Note: "!zzz"',
        'Note: "via:pigeon"',
    ]
