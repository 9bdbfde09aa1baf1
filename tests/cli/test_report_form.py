"""`report-form --html`: the page is written without a profile; bad words are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Line


def test_the_page_is_written(line: Line, tmp_path: Path) -> None:
    page = tmp_path / "form.html"

    told = line.done("report-form", "--html", str(page), "--mail", "desk@example.com")

    assert told == {"path": str(page)}
    assert not line.profile.exists()
    assert "mailto:desk@example.com" in page.read_text("utf-8")


def test_a_place_is_needed(line: Line, tmp_path: Path) -> None:
    assert "Say where reports go" in line.refused(
        "report-form", "--html", str(tmp_path / "form.html")
    )
    assert not list(tmp_path.glob("*.html"))
