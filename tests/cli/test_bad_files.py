"""Files that people really give: odd tables, rubbish, huge and empty ones, names of devices."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line


@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["plain", "bom"])
@pytest.mark.parametrize("sign", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_table_is_read_whatever_its_signs(
    line: Line, tmp_path: Path, bom: str, sign: str, end: str
) -> None:
    path = tmp_path / "t.csv"
    cells = (
        ("number", "title", "description", "status"),
        ("T-1", '"Say ""no"", now; or, later"', f'"first{end}second"', "new"),
        ("T-2", "Café", '""', "new"),
    )
    text = bom + end.join(sign.join(row) for row in cells) + end
    path.write_bytes(text.encode("utf-8"))

    told = line.done("import", str(path))

    assert (told["created"], told["rejected"]) == (2, [])
    shown = line.done("show", "T-1")
    assert shown["title"] == 'Say "no", now; or, later'
    assert shown["description"].splitlines() == ["first", "second"]
    assert line.done("show", "T-2")["title"] == "Café"
    assert line.done("import", str(path))["unchanged"] == 2


def test_one_bad_row_of_fifty_is_named_and_the_others_go_in(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [f"T-{n},Door {n},new" for n in range(50)]
    rows[17] = "T-17,Door 17,asleep"
    path.write_text("number,title,status\n" + "\n".join(rows) + "\n", encoding="utf-8")
    told = line.done("import", str(path))
    assert (told["read"], told["created"]) == (50, 49)
    assert [one["line"] for one in told["rejected"]] == [19]
    assert "asleep" in told["rejected"][0]["reason"]
    assert "line 19" in line.said("import", str(path)).out


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx", "zip", "csv.xz"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\0", os.urandom(5_000), b"\x89PNG\r\n\x1a\n" + bytes(500), b"PK\3\4" + bytes(99)],
    ids=["empty", "nul", "random", "picture", "half-a-zip"],
)
def test_rubbish_is_refused_in_a_sentence(
    line: Line, tmp_path: Path, ending: str, content: bytes
) -> None:
    path = tmp_path / f"file.{ending}"
    path.write_bytes(content)
    commands = [("import", str(path)), ("restore", str(path))]
    if content:  # a configuration that names nothing is one that changes nothing
        commands.append(("config", "import", str(path)))
    for words in commands:
        sentence = line.refused(*words)
        assert sentence.endswith((".", "?")), sentence
    assert line.done("list", "--filter", "status:any")["total"] == 0


def test_a_folder_is_no_file(line: Line, tmp_path: Path) -> None:
    line.done("log", "printer down")
    for words in (
        ("import", str(tmp_path)),
        ("config", "import", str(tmp_path)),
        ("attach", "1", str(tmp_path)),
        ("export", "-o", str(tmp_path)),
        ("report", "1", "-o", str(tmp_path)),
        ("backup", "-o", str(tmp_path)),
        ("due", "--start", "2026-03-09T09:00Z", "--target", "1h", "--calendar", str(tmp_path)),
    ):
        assert line.refused(*words).endswith((".", "?"))


@pytest.mark.slow
def test_a_table_of_100_mb_is_read_as_a_stream(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    text = "x" * 20_000
    with path.open("w", encoding="utf-8") as file:
        file.write("number,title,description,status\n")
        for n in range(5_000):
            file.write(f"T-{n},Door {n},{text},new\n")
    assert path.stat().st_size > 100_000_000
    told = line.done("import", str(path))
    assert (told["created"], told["rejected"]) == (5_000, [])
    assert line.done("import", str(path))["unchanged"] == 5_000


def test_a_file_of_300_mb_is_refused_before_anything_is_copied(line: Line, tmp_path: Path) -> None:
    line.done("log", "printer down")
    small, large = tmp_path / "small.log", tmp_path / "large.bin"
    small.write_text("0x80070005\n", encoding="utf-8")
    with large.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    before = time.monotonic()
    sentence = line.refused("attach", "1", str(small), str(large))
    assert time.monotonic() - before < 5
    assert sentence == (
        'file_too_large: "large.bin" has 300 MB; at most 50 MB fit. Nothing was copied; put it on '
        "a share and note where it is."
    )
    assert not [one for one in (line.profile / "attachments").rglob("*") if one.is_file()]
    assert line.done("show", "1")["attachments"] == []


def test_an_empty_file_is_evidence(line: Line, tmp_path: Path) -> None:
    line.done("log", "printer down")
    (tmp_path / "empty.log").touch()
    kept = line.done("attach", "1", str(tmp_path / "empty.log"))["attachments"][0]
    assert (kept["name"], kept["size"]) == ("empty.log", 0)
    assert kept["sha256"].startswith("e3b0c442")
    path = str(tmp_path / "out.zip")
    line.done("export", "-o", path)
    line.profile = tmp_path / "other"
    line.done("import", path)
    assert line.done("show", "1")["attachments"][0]["size"] == 0
    assert line.done("check")["ok"]


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot make such names")
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("a\\..\\b.txt", "b.txt"),
        ("what?.log", "what_.log"),
        (" .hidden. ", "hidden"),
        ("x" * 240 + ".png", ""),
        ("a\nb.log", ""),
        ("\udcff.log", "_.log"),
    ],
)
def test_a_name_that_another_system_forbids_is_made_safe(
    line: Line, tmp_path: Path, name: str, kept: str
) -> None:
    line.done("log", "printer down")
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / name
    path.write_text("evidence", encoding="utf-8")
    told = line.done("attach", "1", str(path))["attachments"][0]["name"]
    assert told == kept or not kept
    assert not set(told) & set('/\\:*?"<>|\n')
    assert told.partition(".")[0].upper() not in {"CON", "NUL", "PRN", "AUX", "COM1", "LPT1"}
    assert len(told) <= 255


def test_a_path_that_leads_elsewhere_gives_its_last_name(line: Line, tmp_path: Path) -> None:
    line.done("log", "printer down")
    (tmp_path / "x").write_text("evidence", encoding="utf-8")
    (tmp_path / "in").mkdir()
    told = line.done("attach", "1", str(tmp_path / "in" / ".." / "x"))
    assert told["attachments"][0]["name"] == "x"
    stored = [one for one in (line.profile / "attachments").rglob("*") if one.is_file()]
    assert [one.name for one in stored] == [told["attachments"][0]["sha256"]]
