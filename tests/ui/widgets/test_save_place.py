"""A name gets its ending on every system, and no file is lost to an ending that was added."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

import app
from app.ui.widgets.save_place import ask_save_place, with_ending

PDF = "PDF (*.pdf)"


@pytest.mark.parametrize(
    ("name", "kind", "several", "named"),
    [
        ("report", PDF, False, "report.pdf"),
        ("report.", PDF, False, "report.pdf"),
        ("INC-42 v1.2", PDF, False, "INC-42 v1.2.pdf"),
        ("report.PDF", PDF, False, "report.PDF"),
        ("all.json", "CSV (*.csv)", True, "all.json"),
        ("all", "JSON (*.json)", True, "all.json"),
        ("look.jpeg", "Pictures (*.jpg *.jpeg)", True, "look.jpeg"),
        ("anything", "", False, "anything"),
        ("anything", "All files (*)", False, "anything"),
    ],
)
def test_the_ending_of_the_kind_is_added(name: str, kind: str, several: bool, named: str) -> None:
    assert with_ending(Path("/a.b") / name, kind, several=several) == Path("/a.b") / named


def test_a_file_that_has_the_longer_name_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "report.pdf").write_bytes(b"kept")
    starts: list[str] = []
    answers = [(str(tmp_path / "report"), PDF), ("", "")]

    def answer(_parent: object, _title: str, start: str, _kinds: str) -> tuple[str, str]:
        starts.append(start)
        return answers[len(starts) - 1]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    assert ask_save_place(None, "Save", "x.pdf", PDF) is None  # type: ignore[arg-type]
    assert starts == ["x.pdf", str(tmp_path / "report.pdf")]


def test_a_file_that_the_dialog_has_asked_about_is_not_asked_about_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"old")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    assert ask_save_place(None, "Save", "x.pdf", PDF) == path  # type: ignore[arg-type]


def test_every_dialog_for_files_is_the_one_of_the_system() -> None:
    """No screen switches the native dialogs off, and saving of a kind goes by one way."""
    savers, ours = [], []
    for file in sorted((Path(app.__file__).parent / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute):
                if "DontUseNative" in node.attr:
                    ours.append(file.name)
                if node.attr == "getSaveFileName":
                    savers.append(file.name)
    assert ours == []
    assert savers == ["file_work.py", "save_place.py"]  # a copy of a file keeps its own name
