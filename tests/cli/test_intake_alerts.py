"""`intake alert` and `intake syslog` do by hand what the listeners do (cli.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line


def group(status: str) -> dict[str, Any]:
    one = {"status": status, "labels": {"alertname": "Down", "instance": "a:80"}}
    return {"version": "4", "groupKey": "{}", "status": status, "alerts": [one]}


def test_an_alert_is_opened_joined_and_closed(line: Line, tmp_path: Path) -> None:
    firing, resolved = tmp_path / "firing.json", tmp_path / "resolved.json"
    firing.write_text(json.dumps(group("firing")))
    resolved.write_text(json.dumps(group("resolved")))
    (opened,) = line.done("intake", "alert", str(firing))["results"]
    assert opened == {
        "source": "alertmanager", "action": "opened", "number": opened["number"], "reason": "",
    }  # fmt: skip
    both = line.done("intake", "alert", str(firing), str(resolved))["results"]
    assert [one["action"] for one in both] == ["joined", "closed"]
    assert {one["number"] for one in both} == {opened["number"]}
    assert line.done("show", opened["number"])["status"] == "resolved"


def test_what_cannot_be_read_is_quarantined(line: Line, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"a": NaN}')
    (one,) = line.done("intake", "alert", str(broken))["results"]
    assert (one["action"], one["number"]) == ("quarantined", None)
    assert "NaN" in one["reason"]


def test_wrong_words_are_sentences(line: Line, tmp_path: Path) -> None:
    assert "cannot be read" in line.refused("intake", "alert", str(tmp_path / "none.json"))
    (tmp_path / "a.json").write_text("{}")
    assert "known are" in line.refused("intake", "alert", "--format", "x", str(tmp_path / "a.json"))


def test_lines_of_a_system_log_are_taken_apart_and_judged(line: Line, tmp_path: Path) -> None:
    log = tmp_path / "messages"
    log.write_bytes(b"<34>Oct 11 22:14:15 db1 su: root failed\n\n<14>Oct 11 22:14:15 db1 a: b\n")
    first, second = line.done("intake", "syslog", str(log))["results"]
    assert (first["source"], first["action"], second["action"]) == ("syslog", "opened", "ignored")
    parsed = {key: first["parsed"][key] for key in ("pri", "facility", "severity", "hostname")}
    assert parsed == {"pri": 34, "facility": "auth", "severity": "crit", "hostname": "db1"}
    assert (first["parsed"]["tag"], first["parsed"]["message"]) == ("su:", " root failed")
    assert first["parsed"]["timestamp"] == "Oct 11 22:14:15"
