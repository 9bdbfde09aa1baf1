"""`intake mail`: the document of cli.md, mailboxes, folders, and files that are no mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.services.test_mail_intake import mail

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    from tests.cli.conftest import Line


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Give a file with one mail."""
    path = tmp_path / "one.eml"
    path.write_bytes(mail())
    return path


def test_a_mail_becomes_an_incident_once(line: Line, letter: Path) -> None:
    first = line.done("intake", "mail", str(letter))
    again = line.done("intake", "mail", str(letter))

    number = "INC-000001"
    assert first == {
        "results": [
            {
                "source": str(letter),
                "action": "opened",
                "number": number,
                "reason": "New incident from Nina Berg <nina@example.org>.",
            }
        ]
    }
    assert again["results"][0]["action"] == "ignored"
    assert again["results"][0]["number"] == number
    assert line.done("show", number)["channel"] == "email"
    assert line.done("list")["total"] == 1


def test_a_mailbox_and_a_folder_hold_several(line: Line, tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "a.eml").write_bytes(mail(message_id="<a@x>"))
    (folder / "empty.eml").write_bytes(b"")
    box = b"".join(
        b"From nina@example.org Mon Mar  9 08:00:00 2026\n"
        + mail(message_id=f"<b{n}@x>", body=f"Text {n}\n>From here on\n\n").replace(b"\r\n", b"\n")
        for n in range(3)
    )
    (tmp_path / "box.mbox").write_bytes(box)

    told = line.done("intake", "mail", str(folder), str(tmp_path / "box.mbox"))["results"]

    assert [one["action"] for one in told] == ["opened", "quarantined", *["opened"] * 3]
    assert told[1]["reason"] == "The file is empty, so there is no mail in it."
    assert line.done("show", told[2]["number"])["description"] == "Text 0\nFrom here on"


def test_what_is_not_there_is_said_in_a_sentence(line: Line, tmp_path: Path) -> None:
    assert "is not there" in line.refused("intake", "mail", str(tmp_path / "no.eml"))


def test_the_quarantine_is_listed_and_a_mail_let_in(line: Line, tmp_path: Path) -> None:
    number = line.done("log", "printer down @nina")["number"]
    path = tmp_path / "spoof.eml"
    path.write_bytes(mail(sender="mal@evil.example", subject=f"Re: {number}"))

    (held,) = line.done("intake", "mail", str(path))["results"]
    (kept,) = line.done("intake", "quarantine")["quarantine"]
    (taken,) = line.done("intake", "let-in", kept["message_id"])["results"]

    assert (held["action"], held["number"]) == ("quarantined", None)
    assert (kept["state"], kept["from"]) == ("held", "mal@evil.example")
    assert (taken["action"], taken["number"]) == ("joined", number)


def test_a_mail_comes_from_standard_input(
    process: Callable[..., CompletedProcess[str]], letter: Path
) -> None:
    done = process("intake", "mail", "-", input=letter.read_text())
    assert done.returncode == 0
    assert done.stdout.startswith("opened")
