"""In the window too our own names are snake_case; only Qt's virtual methods are camelCase."""

from __future__ import annotations

import ast
from pathlib import Path

from PySide6 import QtCore, QtGui, QtSvg, QtWidgets

UI = Path(__file__).resolve().parents[2] / "app" / "ui"


def _camel_case(source: str) -> set[str]:
    """Return the names of the functions that hold a capital letter."""
    return {
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name != node.name.lower()
    }


def _names_of_qt() -> set[str]:
    return {
        name
        for module in (QtCore, QtGui, QtSvg, QtWidgets)
        for thing in (getattr(module, word) for word in dir(module))  # made when asked for
        if isinstance(thing, type)
        for name in dir(thing)
    }


def test_only_overrides_of_qt_are_camel_case() -> None:
    of_qt = _names_of_qt()
    found = {
        str(path.relative_to(UI)): strange
        for path in UI.rglob("*.py")
        if (strange := _camel_case(path.read_text("utf-8")) - of_qt)
    }
    assert found == {}


def test_a_name_of_our_own_in_camel_case_would_be_seen() -> None:
    source = "class Page:\n def paintEvent(self): ...\n def openIncident(self): ..."
    assert _camel_case(source) - _names_of_qt() == {"openIncident"}
