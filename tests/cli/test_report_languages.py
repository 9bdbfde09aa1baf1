"""`report --language`: in the language that is asked for, else in that of the settings."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line


def language_of(path: Path) -> str:
    with pikepdf.open(io.BytesIO(path.read_bytes())) as document:
        return str(document.Root.Lang)


@pytest.mark.parametrize(
    "words",
    [("1",), ("--filter", "printer"), ("--period", "2026-01-01..2026-12-31")],
)
def test_each_report_is_made_and_verified_in_the_language(
    line: Line, tmp_path: Path, words: tuple[str, ...]
) -> None:
    line.done("log", "printer jams")
    path = tmp_path / "report.pdf"

    line.done("report", *words, "-o", str(path), "--language", "de")

    assert language_of(path) == "de-DE"
    assert line.done("verify", str(path))["verdict"] == "genuine"
    line.done("report", *words, "-o", str(path))
    assert language_of(path) == "en-GB"


def test_the_setting_is_the_language_where_nobody_chooses(line: Line, tmp_path: Path) -> None:
    line.done("log", "printer jams")
    line.done("config", "set", "report.language", "de")
    for name, words in (("own.pdf", ()), ("english.pdf", ("--language", "EN"))):
        line.done("report", "1", "-o", str(tmp_path / name), *words)
    assert language_of(tmp_path / "own.pdf") == "de-DE"
    assert language_of(tmp_path / "english.pdf") == "en-GB"


def test_an_unknown_language_is_refused_with_those_that_there_are(
    line: Line, tmp_path: Path
) -> None:
    line.done("log", "printer jams")
    path = tmp_path / "report.pdf"
    told = line.refused("report", "1", "-o", str(path), "--language", "fr")
    assert (
        told
        == 'invalid_input: There is no language "fr" for reports. Use en (English) or de (Deutsch).'
    )
    assert not path.exists()
