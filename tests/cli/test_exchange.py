"""import, export and metrics as a script sees them: documents, sentences and exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from app import bootstrap, cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TABLE = """number,title,status,priority,registered_at,resolved_at
T-1,Printer down,resolved,P2,2026-03-02 09:00,2026-03-02 11:00
T-2,Door open,resolved,P3,2026-03-03 09:00,2026-03-03 13:00
T-3,Lift stuck,new,P1,2026-03-04 09:00,
"""


@pytest.fixture
def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, Any]]:
    monkeypatch.setenv("INCIDENT_DESK_NOW", "2026-03-09T09:00:00Z")

    def command(*words: str) -> tuple[int, Any]:
        options = ("--json", "--zone", "UTC", "--profile", str(tmp_path / "p"))
        code = cli.run([*words, *options], bootstrap)
        out = capsys.readouterr().out
        return code, json.loads(out.splitlines()[-1]) if out else None

    return command


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "tickets.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def test_import_tells_what_came_in_and_a_second_run_adds_nothing(
    run: Callable[..., tuple[int, Any]], path: Path
) -> None:
    code, document = run("import", str(path))

    assert code == 0
    assert {key: document[key] for key in ("read", "created", "updated", "unchanged")} == {
        "read": 3,
        "created": 3,
        "updated": 0,
        "unchanged": 0,
    }
    assert document["rejected"] == []
    assert document["mapping"] == "generic"
    assert document["dialect"].startswith("CSV, comma-separated, UTF-8")
    code, again = run("import", str(path))
    assert (code, again["created"], again["unchanged"]) == (0, 0, 3)
    assert run("show", "T-2")[1]["title"] == "Door open"


def test_a_dry_run_writes_nothing(run: Callable[..., tuple[int, Any]], path: Path) -> None:
    code, document = run("import", str(path), "--dry-run")

    assert (code, document["created"], document["dry_run"]) == (0, 3, True)
    assert run("list", "--filter", "is:any")[1]["total"] == 0


def test_bad_rows_are_told_by_line_and_the_rest_goes_in(
    run: Callable[..., tuple[int, Any]], path: Path
) -> None:
    path.write_text(TABLE + "T-4,Odd,unheard of,P1,2026-03-04 09:00,\n", encoding="utf-8")

    code, document = run("import", str(path))

    assert (code, document["created"]) == (0, 3)
    assert document["rejected"][0]["line"] == 5
    assert "unheard of" in document["rejected"][0]["reason"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("import", "nowhere.csv"), "not_found"),
        (("import", "{path}", "--mapping", "remedy"), "invalid_input"),
        (("import", "{path}", "--mapping", "nowhere.toml"), "not_found"),
        (("export", "-o", "x.pdf"), "invalid_input"),
        (("metrics", "--from", "yesterday-ish"), "invalid_input"),
    ],
)
def test_known_errors_have_a_code_and_a_sentence(
    run: Callable[..., tuple[int, Any]], path: Path, words: tuple[str, ...], code: str
) -> None:
    exit_code, document = run(*(word.format(path=path) for word in words))

    assert (exit_code, document["error"]["code"]) == (3, code)
    assert document["error"]["message"].endswith((".", "one."))


def test_wrong_usage_is_told_apart(run: Callable[..., tuple[int, Any]]) -> None:
    assert run("import")[0] == 2
    assert run("export")[0] == 2


def test_metrics_have_the_shapes_of_the_design_page(
    run: Callable[..., tuple[int, Any]], path: Path
) -> None:
    assert run("metrics")[1]["mttr"] == {"no_data": True}
    run("import", str(path))

    code, document = run("metrics")

    assert code == 0
    assert list(document) == [
        "mttd", "mtta", "mttr", "mttr_business", "mtrs", "mtbf", "availability", "fcr",
        "reopen_rate", "sla_response", "sla_resolution", "backlog", "backlog_age", "csat", "counts",
    ]  # fmt: skip
    mttr = document["mttr"]
    assert (mttr["n"], mttr["mean"], mttr["median"], mttr["p90"]) == (2, 10_800, 10_800, 14_400)
    assert mttr["excluded"] == 0
    assert "last resolved - registered" in mttr["definition"]
    assert document["counts"]["by_priority"] == {"P2": 1, "P3": 1, "P1": 1}
    # Nothing of this file is ever closed, so all three are still owed.
    assert document["backlog"]["value"] == 3
    assert run("metrics", "--to", "2026-03-03")[1]["backlog"]["value"] == 1
    assert run("metrics", "--filter", "priority:P2")[1]["mttr"]["mean"] == 7_200
    assert run("metrics", "--from", "2026-03-03T00:00:00Z")[1]["mttr"]["n"] == 1


def test_local_times_of_a_period_are_those_of_the_zone(
    tmp_path: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = ("--json", "--profile", str(tmp_path / "p"))
    cli.run(["import", str(path), "--zone", "Asia/Tokyo", *profile], bootstrap)
    capsys.readouterr()
    cli.run(["show", "T-1", *profile], bootstrap)

    shown = json.loads(capsys.readouterr().out)

    assert shown["registered_at"] == "2026-03-02T00:00:00+00:00"


@pytest.mark.parametrize("ending", ["csv", "json", "zip"])
def test_export_writes_a_file_that_import_takes_back(
    run: Callable[..., tuple[int, Any]], path: Path, tmp_path: Path, ending: str
) -> None:
    run("import", str(path))
    target = tmp_path / f"out.{ending}"

    code, document = run("export", "-o", str(target))

    assert (code, document) == (0, {"written": 3, "path": str(target)})
    assert run("import", str(target))[1]["unchanged"] == 3
    other = ["import", str(target), "--json", "--profile", str(tmp_path / "other")]
    assert cli.run(other, bootstrap) == 0
    assert run("export", "--filter", "is:open", "-o", str(target))[1]["written"] == 1


def test_people_read_sentences(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = ("--profile", str(tmp_path / "p"), "--zone", "UTC")
    cli.run(["import", str(path), *profile], bootstrap)
    assert "3 incidents were created, 0 updated, 0 unchanged." in capsys.readouterr().out
    cli.run(["metrics", *profile], bootstrap)
    out = capsys.readouterr().out
    assert "mttr            mean 3.00 h, median 3.00 h, p90 4.00 h (n = 2, 0 left out)" in out
    assert "csat            no data" in out


@pytest.mark.skipif(os.name == "nt", reason="a console signal cannot be sent to one process there")
def test_ctrl_c_keeps_what_is_in_and_a_second_run_adds_the_rest(tmp_path: Path) -> None:
    rows = "".join(f"T-{n},Printer {n} down,new\n" for n in range(8_000))
    path = tmp_path / "many.csv"
    path.write_text("number,title,status\n" + rows, encoding="utf-8")
    words = [sys.executable, "-m", "app", "import", str(path), "--json"]
    words += ["--profile", str(tmp_path / "p")]
    database = tmp_path / "p" / "incident-desk.sqlite"
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        done = threading.Event()
        wal = database.with_name(database.name + "-wal")
        # A stop is asked for once batches are being written: the log of the database grows then.
        while process.poll() is None and not (wal.exists() and wal.stat().st_size > 2_000_000):
            done.wait(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

    document = json.loads(out)

    assert process.returncode == 1, err
    assert document["cancelled"] is True
    assert document["created"] % 500 == 0
    again = subprocess.run(words, capture_output=True, check=True)
    rest = json.loads(again.stdout)
    assert rest["unchanged"] == document["created"]
    assert rest["created"] == 8_000 - document["created"]
