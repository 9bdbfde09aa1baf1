"""A bug is told with details that can be copied, and without personal paths."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.ui.error_dialog import ErrorDialog
from app.ui.history import History

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


def caught(words: str) -> RuntimeError:
    try:
        raise RuntimeError(words)
    except RuntimeError as error:
        return error


def test_details_can_be_copied_and_a_second_bug_adds_to_them(qtbot: QtBot, theme: Theme) -> None:
    del theme
    dialog = ErrorDialog()
    qtbot.addWidget(dialog)
    dialog.add(caught("the first"), Path("crash-1.txt"))
    dialog.add(caught("the second"))
    assert dialog.isVisible()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "crash-1.txt" in copied
    assert copied.index("the first") < copied.index("the second")


def test_a_personal_path_is_left_out(qtbot: QtBot, theme: Theme) -> None:
    del theme
    dialog = ErrorDialog()
    qtbot.addWidget(dialog)
    dialog.add(caught(f"no such file: {Path.home() / 'secret.txt'}"))
    assert str(Path.home()) + "/secret" not in dialog.details.toPlainText()


def test_back_and_forward_go_through_what_was_open() -> None:
    history = History()
    one, two, three = (bytes([n]) * 16 for n in (1, 2, 3))
    for uid in (one, two, two, three):
        history.visit(uid)  # type: ignore[arg-type]
    assert history.back() == two
    assert history.back() == one
    assert history.back() is None
    assert history.forward() == two
    history.visit(one)  # type: ignore[arg-type]
    assert history.forward() is None
    assert history.back() == two
