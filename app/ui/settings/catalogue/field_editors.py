"""Fields of an item: each tells when it is left with another value, and Esc brings back the old.

They are the plain widgets with three words in common: `value`, `show_value` and `committed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QLineEdit, QPlainTextEdit, QWidget

from app.ui.widgets.offered_list import OfferedList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent

_LINES = 4
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STAYING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class Editor(Protocol):
    """What the form knows of a field."""

    @property
    def committed(self) -> SignalInstance:
        """The field was left, or Enter pressed, or something chosen."""

    def value(self) -> Any:
        """Return what stands in the field, as the catalogue holds it."""

    def show_value(self, value: Any) -> None:
        """Show what is stored."""

    def put(self, value: Any) -> None:
        """Write a value as if it were typed: Esc goes back behind it."""

    def offer(self, names: Sequence[str]) -> None:
        """Take the names that may be chosen."""


class TextField(QLineEdit):
    """One line of text, completed from the names that it is offered."""

    committed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self._offered = QStringListModel(self)
        self.returnPressed.connect(self.committed)

    def value(self) -> str:
        """Return the text."""
        return self.text().strip()

    def show_value(self, value: Any) -> None:
        """Show a text."""
        self._shown = str(value or "")
        self.setText(self._shown)
        self.setCursorPosition(0)

    def put(self, value: Any) -> None:
        """Write a text as if it were typed."""
        self.setText(str(value or ""))

    def offer(self, names: Sequence[str]) -> None:
        """Complete from these names."""
        self._offered.setStringList(list(names))
        if self.completer() is None and names:
            completer = QCompleter(self._offered, self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            OfferedList(completer, self.accessibleName())
            self.setCompleter(completer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Bring the stored text back with Esc; a second Esc is the window's."""
        if event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.setText(self._shown)
            self.committed.emit()
            return
        super().keyPressEvent(event)
        if event.key() in _ENTER:
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the field was left."""
        super().focusOutEvent(event)
        if event.reason() not in _STAYING:
            self.committed.emit()


class NumberField(TextField):
    """A whole number, or nothing; what is no number is handed on for the catalogue to refuse."""

    def value(self) -> Any:
        """Return the number, None for an empty field."""
        text = self.text().strip()
        return int(text) if text.isascii() and text.isdigit() else text or None


class ListField(QPlainTextEdit):
    """Several texts, one a line; Tab leaves it."""

    committed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * _LINES + 18)

    def value(self) -> list[str]:
        """Return the lines that say something."""
        return [line.strip() for line in self.toPlainText().splitlines() if line.strip()]

    def show_value(self, value: Any) -> None:
        """Show texts, one a line."""
        self._shown = "\n".join(str(one) for one in value or ())
        self.setPlainText(self._shown)

    def put(self, value: Any) -> None:
        """Write lines as if they were typed."""
        self.setPlainText("\n".join(str(one) for one in value or ()))

    def offer(self, names: Sequence[str]) -> None:
        """Offer nothing: what stands here has no list."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Bring the stored lines back with Esc; Ctrl+Enter takes them."""
        if event.key() == Qt.Key.Key_Escape and self.toPlainText() != self._shown:
            self.setPlainText(self._shown)
            self.committed.emit()
            return
        if event.key() in _ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.committed.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the field was left."""
        super().focusOutEvent(event)
        if event.reason() not in _STAYING:
            self.committed.emit()


class ChoiceField(QComboBox):
    """One of some words, each with the value that it stands for."""

    committed = Signal()

    def __init__(
        self, choices: Sequence[tuple[str, Any]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._none = ""
        for words, value in choices:
            self.addItem(words, value)
        self.activated.connect(self._on_activated)

    @classmethod
    def of_names(cls, none: str, parent: QWidget | None = None) -> ChoiceField:
        """Make a choice among names that are offered later; `none` says what "" means."""
        field = cls([(none, "")] if none else [], parent)
        field._none = none
        return field

    def value(self) -> Any:
        """Return the value chosen."""
        return self.currentData()

    def show_value(self, value: Any) -> None:
        """Choose a value; one that is not offered any more is shown all the same."""
        value = "" if value is None and self._none else value
        place = self.findData(value)
        if place < 0 and value not in (None, ""):
            self.addItem(str(value), value)
            place = self.count() - 1
        self.setCurrentIndex(place)

    def put(self, value: Any) -> None:
        """Choose a value as if it were chosen by hand."""
        self.show_value(value)

    def offer(self, names: Sequence[str]) -> None:
        """Take other names; what is chosen stays chosen."""
        chosen = self.value()
        blocker = QSignalBlocker(self)
        self.clear()
        if self._none:
            self.addItem(self._none, "")
        for name in names:
            self.addItem(name, name)
        self.show_value(chosen)
        blocker.unblock()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: scrolling never changes a value."""
        event.ignore()

    def _on_activated(self, _place: int) -> None:
        self.committed.emit()


class FlagField(QCheckBox):
    """Yes or no."""

    committed = Signal()

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.clicked.connect(self._on_clicked)

    def value(self) -> bool:
        """Return whether it is checked."""
        return self.isChecked()

    def show_value(self, value: Any) -> None:
        """Check it or not."""
        self.setChecked(bool(value))

    def put(self, value: Any) -> None:
        """Check it or not, as if by hand."""
        self.show_value(value)

    def offer(self, names: Sequence[str]) -> None:
        """Offer nothing: yes or no is all there is."""

    def _on_clicked(self, _checked: bool) -> None:
        self.committed.emit()


def as_editor(widget: QWidget) -> Editor:
    """Return a widget of this package by what the form knows of it."""
    return cast("Editor", widget)
