"""A module that is named costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.system.later import Later

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("reportlab", "pikepdf", "PIL", "openpyxl", "keyring", "typer", "rich", "pypdfium2")
UNUSED = ("exporting", "importing", "keeping", "moves", "quick_logging", "reporting", "undoing")


def loaded_after(line: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", f"{line}\nimport sys\nprint(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(told.stdout.split())


def test_a_service_that_is_named_is_loaded_at_its_first_call() -> None:
    named = "from app.services import moves"
    assert "app.services.moves" not in loaded_after(named)
    assert "app.services.moves" in loaded_after(f"{named}\nmoves.resolve")


def test_the_window_is_there_without_what_it_does_not_show_yet() -> None:
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    loaded = loaded_after("import app.bootstrap, app.ui.application")
    assert "app.ui.main_window" in loaded
    assert not loaded & set(HEAVY)
    assert not loaded & {f"app.services.{name}" for name in UNUSED}
    assert not loaded & {"app.ui.detail.detail_panel", "app.ui.palette.palette"}


def test_what_stands_for_a_module_hands_everything_on(monkeypatch: pytest.MonkeyPatch) -> None:
    later = Later("app.domain.folding")
    from app.domain import folding

    assert later.fold is folding.fold
    monkeypatch.setattr(later, "fold", str.upper)
    assert folding.fold("a") == "A"
    monkeypatch.undo()
    assert folding.fold("A") == "a"
    assert "app.domain.folding" in repr(later)
    with pytest.raises(AttributeError):
        _ = later.no_such_thing


def test_a_service_that_is_none_is_refused() -> None:
    with pytest.raises(ImportError, match="nonsense"):
        exec("from app.services import nonsense")
