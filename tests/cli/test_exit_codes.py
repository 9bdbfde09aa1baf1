"""Exit codes 0, 1, 2, 3 and 70 of every command, and one document with each (cli.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app import bootstrap, cli
from app.services import browsing
from tests.cli.conftest import CODES

if TYPE_CHECKING:
    from tests.cli.conftest import Line


def logged(line: Line, _folder: Path) -> None:
    line.done("log", "printer down @nina")


def two(line: Line, folder: Path) -> None:
    logged(line, folder)
    line.done("log", "printer down too @nina")


def in_progress(line: Line, folder: Path) -> None:
    logged(line, folder)
    line.done("set", "1", "status=in_progress")


def pending(line: Line, folder: Path) -> None:
    in_progress(line, folder)
    line.done("pending", "1", "--reason", "vendor")


def resolved(line: Line, _folder: Path) -> None:
    line.resolved()


def closed(line: Line, folder: Path) -> None:
    resolved(line, folder)
    line.done("close", "1")


def backed_up(line: Line, folder: Path) -> None:
    logged(line, folder)
    line.done("backup", "-o", str(folder / "desk.zip"))
    line.profile = folder / "new"


DONE: list[tuple[Any, tuple[str, ...], set[str]]] = [
    (None, ("log", "printer down"), {"number", "timeline", "conflicts"}),
    (
        logged,
        ("list", "--filter", "is:open", "--sort", "-age", "--limit", "1"),
        {"total", "incidents"},
    ),
    (logged, ("show", "INC-000001"), {"number", "resolution_clock", "conflicts"}),
    (logged, ("set", "1", "impact=1"), {"number"}),
    (logged, ("note", "1", "Looked at it"), {"number"}),
    (logged, ("attach", "1", "{file}", "{file}"), {"number", "attachments"}),
    (
        in_progress,
        ("pending", "1", "--reason", "Caller", "--until", "2026-03-12T09:00Z"),
        {"number"},
    ),
    (pending, ("resume", "1"), {"number"}),
    (in_progress, ("resolve", "1", *CODES, "--notes", "Done", "--workaround"), {"number"}),
    (resolved, ("close", "1"), {"number"}),
    (closed, ("reopen", "1", "--reason", "Again"), {"number"}),
    (logged, ("cancel", "1", "--reason", "not an incident"), {"number"}),
    (two, ("merge", "2", "--into", "1"), {"number", "duplicates_of"}),
    (logged, ("undo",), {"number"}),
    (in_progress, ("undo", "1"), {"number"}),
    (logged, ("search", "print"), {"total", "hits"}),
    (
        None,
        ("due", "--start", "2026-03-09T09:00Z", "--target", "8h"),
        {"due_at", "warn_at", "counted_s", "paused_s", "trace"},
    ),
    (
        None,
        ("metrics", "--from", "2026-03-01", "--to", "2026-04-01", "--filter", "p1"),
        {"mttd", "counts"},
    ),
    (
        None,
        ("import", "{csv}", "--mapping", "generic", "--dry-run"),
        {"read", "created", "updated", "unchanged", "rejected", "mapping", "dialect"},
    ),
    (logged, ("export", "--filter", "is:open", "-o", "{out}.csv"), {"written", "path"}),
    (
        logged,
        ("report", "1", "-o", "{out}.pdf", "--paper", "letter"),
        {"path", "pages", "sha256", "record_sha256"},
    ),
    (logged, ("audit", "verify"), {"ok", "entries", "heads", "first_bad"}),
    (logged, ("audit", "export", "-o", "{out}.jsonl"), {"ok", "written"}),
    (logged, ("backup", "-o", "{out}.zip"), {"ok"}),
    (backed_up, ("restore", "{folder}/desk.zip"), {"ok"}),
    (logged, ("check",), {"ok", "checks"}),
    (logged, ("rebuild",), {"ok"}),
    (None, ("config", "get", "files.limit_mb"), {"files.limit_mb"}),
    (None, ("config", "set", "files.limit_mb", "20"), {"files.limit_mb"}),
    (None, ("config", "import", "{toml}"), {"changed"}),
]
REFUSED: list[tuple[Any, tuple[str, ...], str]] = [
    (None, ("log", "  "), "invalid_input"),
    (None, ("list", "--sort", "colour"), "invalid_input"),
    (None, ("show", "77"), "not_found"),
    (None, ("set", "77", "impact=1"), "not_found"),
    (logged, ("note", "1", " "), "invalid_input"),
    (logged, ("attach", "1", "{folder}/nowhere.log"), "invalid_input"),
    (in_progress, ("pending", "1", "--reason", "lunch"), "invalid_input"),
    (logged, ("resume", "1"), "invalid_input"),
    (logged, ("resolve", "1", *CODES, "--notes", "Done"), "transition_refused"),
    (in_progress, ("resolve", "1", *CODES, "--notes", " "), "transition_refused"),
    (logged, ("close", "1"), "transition_refused"),
    (closed, ("reopen", "1"), "transition_refused"),
    (logged, ("cancel", "1", "--reason", "bored"), "invalid_input"),
    (logged, ("merge", "1", "--into", "1"), "invalid_input"),
    (None, ("undo",), "nothing_to_undo"),
    (None, ("due", "--start", "noon", "--target", "8h"), "invalid_input"),
    (None, ("due", "--start", "2026-03-09T09:00Z", "--target", "soon"), "invalid_input"),
    (
        None,
        ("due", "--start", "2026-03-09T09:00Z", "--target", "8h", "--calendar", "Moon"),
        "not_found",
    ),
    (None, ("metrics", "--from", "once"), "invalid_input"),
    (None, ("import", "{folder}/nowhere.csv"), "not_found"),
    (logged, ("export", "-o", "{out}.pdf"), "invalid_input"),
    (None, ("report", "77", "-o", "{out}.pdf"), "not_found"),
    (logged, ("report", "1", "-o", "{out}.pdf", "--paper", "a0"), "invalid_input"),
    (None, ("audit", "export", "-o", "{folder}/no/where.jsonl"), "cannot_write"),
    (None, ("backup", "-o", "{folder}/no/where.zip"), "cannot_write"),
    (None, ("config", "get", "nonsense"), "unknown_setting"),
    (None, ("config", "set", "files.limit_mb", "many"), "invalid_input"),
    (None, ("config", "import", "{folder}/nowhere.toml"), "not_found"),
    (None, ("list", "--zone", "Mars/Olympus"), "invalid_input"),
]
WRONG = [
    (), ("log",), ("list", "--limit", "few"), ("show",), ("set", "1"), ("note", "1"),
    ("attach", "1"), ("pending", "1"), ("resume",), ("resolve", "1", "--outcome", "fixed"),
    ("close",), ("reopen",), ("cancel", "1"), ("merge", "1"), ("undo", "1", "2"), ("search",),
    ("search", "x", "--limit", "0"), ("due", "--start", "2026-03-09T09:00Z"), ("metrics", "x"),
    ("import",), ("export",), ("report", "1"), ("report", "-o", "x.pdf"), ("audit",),
    ("audit", "export"), ("backup",), ("restore",), ("check", "x"), ("rebuild", "--now"),
    ("config",), ("config", "get"), ("config", "set", "x"), ("config", "import"), ("nonsense",),
    ("list", "--profile"), ("demo", "x"),
]  # fmt: skip


def filled(words: tuple[str, ...], folder: Path) -> list[str]:
    """Put the places of real files into a line."""
    (folder / "evidence.log").write_text("0x80070005\n", encoding="utf-8")
    (folder / "t.csv").write_text("number,title,status\nT-1,Door open,new\n", encoding="utf-8")
    (folder / "t.toml").write_text('[[team]]\nname = "Network"\n', encoding="utf-8")
    places = {"file": "evidence.log", "csv": "t.csv", "toml": "t.toml", "out": "out"}
    named = {name: str(folder / place) for name, place in places.items()}
    return [word.format(folder=folder, **named) for word in words]


def named(case: Any) -> str:
    return "-".join(case[1][:2]).replace("{", "").replace("}", "") or "nothing"


@pytest.mark.parametrize("case", DONE, ids=named)
def test_what_is_done_exits_with_0_and_tells_the_fields_of_the_page(
    line: Line, tmp_path: Path, case: Any
) -> None:
    prepare, words, keys = case
    if prepare is not None:
        prepare(line, tmp_path)

    code, document = line(*filled(words, tmp_path))

    assert code == 0, document
    assert set(document) >= keys


@pytest.mark.parametrize("case", REFUSED, ids=named)
def test_a_known_error_exits_with_3_and_writes_nothing(
    line: Line, tmp_path: Path, case: Any
) -> None:
    prepare, words, code = case
    if prepare is not None:
        prepare(line, tmp_path)
    before = line.done("audit", "verify")["entries"]
    words = tuple(filled(words, tmp_path))

    refusal = line.refused(*words)
    spoken = line.said(*words)

    assert refusal.startswith(f"{code}: ")
    sentence = refusal.partition(": ")[2]
    assert sentence.endswith((".", "?"))
    # The same sentence, alone on one line of stderr; nothing on stdout without --json.
    assert (spoken.code, spoken.out, spoken.err) == (3, "", f"{sentence}\n")
    assert line.done("audit", "verify")["entries"] == before
    assert not (tmp_path / "out.pdf").exists()


def test_restoring_from_nowhere_exits_with_3_and_makes_no_profile(
    line: Line, tmp_path: Path
) -> None:
    sentence = line.refused("restore", str(tmp_path / "nowhere.zip"))
    assert "nowhere.zip" in sentence
    assert not (line.profile / "incident-desk.sqlite").exists()


@pytest.mark.parametrize("words", WRONG, ids=lambda words: "-".join(words) or "nothing")
def test_wrong_usage_exits_with_2(line: Line, words: tuple[str, ...]) -> None:
    code, document = line(*words)
    assert (code, set(document), document["error"]["code"]) == (2, {"error"}, "usage")
    assert document["error"]["message"]
    spoken = line.said(*words)
    assert spoken.code == 2
    if words in {(), ("audit",), ("config",)}:  # a group of commands answers with their list
        assert "Commands" in spoken.out
    else:
        assert spoken.out == ""
        assert spoken.err


@pytest.mark.parametrize(
    ("prepare", "words"),
    [(None, ("search", "nothing")), (in_progress, ("steps", "1"))],
)
def test_the_answer_no_exits_with_1(
    line: Line, tmp_path: Path, prepare: Any, words: tuple[str, ...]
) -> None:
    if prepare is not None:
        prepare(line, tmp_path)
    assert line(*words)[0] == 1


def test_a_broken_chain_is_the_answer_no(line: Line) -> None:
    line.done("log", "printer down")
    desk = bootstrap.open_profile(str(line.profile))
    desk.connection.execute("DROP TRIGGER change_is_never_edited")
    desk.connection.execute("UPDATE change SET value = '\"x\"' WHERE sseq = 2")
    desk.close()
    code, found = line("audit", "verify")
    assert (code, found["ok"], found["first_bad"]["sseq"]) == (1, False, 2)
    assert line("check")[0] == 1


@pytest.mark.usefixtures("caplog")  # a bug is logged as an error, rightly
@pytest.mark.parametrize("name", ["list", "show", "set", "log", "export"])
def test_a_bug_exits_with_70_and_names_its_crash_file(
    line: Line, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    line.done("log", "printer down")
    words = {
        "list": ("list",),
        "show": ("show", "1"),
        "set": ("set", "1", "impact=1"),
        "log": ("log", "door open"),
        "export": ("export", "-o", str(tmp_path / "out.json")),
    }[name]

    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("planted by the test")

    with monkeypatch.context() as patch:
        patch.setattr(browsing, "incident", broken)
        code, document = line(*words)
        spoken = line.said(*words)

    assert code == spoken.code == 70
    assert document["error"]["code"] == "bug"
    for message in (document["error"]["message"], spoken.err):
        path = Path(message.rpartition(" are in ")[2].strip())
        text = path.read_text(encoding="utf-8")
        assert path.parent == line.profile / "crashes"
        assert "ZeroDivisionError" in text
        assert "planted by the test" in text
    assert (spoken.out, spoken.err.count("\n")) == ("", 1)
    assert not (tmp_path / "out.json").exists()
    assert line.done("check")["ok"]


@pytest.mark.usefixtures("caplog")
def test_a_bug_without_a_place_for_its_file_is_told_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken:
        def open_profile(self, *_: Any, **__: Any) -> Any:
            raise ZeroDivisionError("planted by the test")

    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    code = cli.run(["list", "--json", "--profile", str(tmp_path / "file" / "p")], Broken())
    told = capsys.readouterr()
    assert code == 70
    assert json.loads(told.out)["error"]["code"] == "bug"
    assert "ZeroDivisionError: planted by the test" in told.err
