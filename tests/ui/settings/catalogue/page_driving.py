"""How tests read a page of the catalogue and write into its fields by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from app.services import (
    cataloguing,
    configuration,
)
from app.ui.settings.catalogue.field_editors import ChoiceField, TextField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.settings.catalogue.catalogue_view import CatalogueView


Key, Mod = Qt.Key, Qt.KeyboardModifier


def names(desk: Desk, kind: str) -> list[str]:
    return cataloguing.names(desk, kind)


def data(desk: Desk, kind: str, name: str) -> dict[str, Any]:
    return next(one.data for one in cataloguing.entries(desk, kind) if one.name == name)


def choose(view: CatalogueView, desk: Desk, name: str) -> None:
    kind = view.form._spec.kind
    uid = next(one.id for one in configuration.items(desk, kind) if one.name == name)
    assert view.select(uid)


def line(view: CatalogueView, name: str) -> TextField:
    field = view.form.boxes[name].field
    assert isinstance(field, TextField)
    return field


def write(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Key.Key_Delete)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Key.Key_Return)


def pick(qtbot: QtBot, view: CatalogueView, name: str, words: str) -> None:
    """Choose a word of a combo box by its arrows."""
    box = view.form.boxes[name].field
    assert isinstance(box, ChoiceField)
    box.setFocus()
    assert box.findText(words) >= 0
    for _ in range(box.count()):
        if box.currentText() == words:
            return
        up = box.findText(words) < box.currentIndex()
        qtbot.keyClick(box, Key.Key_Up if up else Key.Key_Down)
    assert box.currentText() == words


def problem(view: CatalogueView, name: str) -> str:
    label = view.form.boxes[name].problem
    return label.text() if not label.isHidden() else ""
