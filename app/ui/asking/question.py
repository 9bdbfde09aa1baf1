"""A dialog of a few fields and one verb; a refusal stands in it and nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import reader_time
from app.ui.tab_order import chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtGui import QKeyEvent, QShowEvent

    from app.services.desk import Desk
    from app.ui.workbench import Workbench

    Act = Callable[[Desk, dict[str, Any]], Any]

_Field = TypeVar("_Field", bound=QWidget)
_WIDTH, _TEXT_LINES = 420, 4


class Question(QDialog):
    """Asks, writes through the workbench, and closes when the write has worked."""

    def __init__(
        self, workbench: Workbench, title: str, verb: str, act: Act, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bench, self._act = workbench, act
        self.fields: dict[str, QWidget] = {}
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(workbench.theme.px(_WIDTH))
        heading = QLabel(title, self)
        heading.setProperty("kind", "dialog_title")
        heading.setWordWrap(True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.error = QLabel(self)
        self.error.setProperty("tone", "danger")
        self.error.setWordWrap(True)
        self.error.hide()
        cancel = self._cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.do = QPushButton(verb, self)
        self.do.setProperty("kind", "primary")
        self.do.setDefault(True)
        self.do.clicked.connect(self.commit)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.do)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addLayout(self._rows)
        layout.addWidget(self.error)
        layout.addLayout(buttons)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the cursor into the first field: Space there must not be the verb."""
        super().showEvent(event)
        fields = [one for one in self.fields.values() if one.focusPolicy()]
        chain([*fields, self._cancel, self.do])
        if fields and self.focusWidget() in {None, self._cancel, self.do}:
            fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Commit with Ctrl+Enter from any field."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.commit()
            return
        super().keyPressEvent(event)

    # --- fields ----------------------------------------------------------------------------------

    def add_choice(
        self, name: str, label: str, choices: Iterable[tuple[str, Any]], chosen: Any = None
    ) -> QComboBox:
        """Add a list of words, each with the value that it stands for."""
        box = QComboBox(self)
        for words, value in choices:
            box.addItem(words, value)
        if chosen is not None:
            box.setCurrentIndex(max(0, box.findData(chosen)))
        return self._add(name, label, box)

    def add_line(self, name: str, label: str, text: str = "") -> QLineEdit:
        """Add a line of text."""
        return self._add(name, label, QLineEdit(text, self))

    def add_text(self, name: str, label: str, text: str = "") -> QPlainTextEdit:
        """Add several lines of text; Tab leaves them."""
        field = QPlainTextEdit(text, self)
        field.setTabChangesFocus(True)
        field.setFixedHeight(field.fontMetrics().lineSpacing() * _TEXT_LINES + 16)
        return self._add(name, label, field)

    def add_moment(self, name: str, label: str, at: datetime) -> QDateTimeEdit:
        """Add a day and a time in the reader's zone."""
        field = QDateTimeEdit(self)
        field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # see WhenField
        field.setTimeZone(reader_time.zone())
        field.setDateTime(reader_time.local(int(at.timestamp() * 1000)))
        field.setCalendarPopup(True)
        field.setDisplayFormat(QLocale().dateTimeFormat(QLocale.FormatType.ShortFormat))
        return self._add(name, label, field)

    def add_hint(self, text: str) -> None:
        """Add a sentence that people read before they answer."""
        hint = QLabel(text, self)
        hint.setProperty("tone", "hint")
        hint.setWordWrap(True)
        self._rows.addWidget(hint)

    def _add(self, name: str, label: str, field: _Field) -> _Field:
        caption = QLabel(label, self)
        caption.setProperty("kind", "label")
        caption.setBuddy(field)
        field.setAccessibleName(label.replace("&", ""))
        self._rows.addWidget(caption)
        self._rows.addWidget(field)
        self.fields[name] = field
        return field

    def values(self) -> dict[str, Any]:
        """Return what was chosen and typed; a moment as an aware datetime."""
        return {name: _value(field) for name, field in self.fields.items()}

    # --- writing ---------------------------------------------------------------------------------

    def commit(self) -> None:
        """Write with what stands in the fields."""
        values, act = self.values(), self._act
        self.do.setEnabled(False)
        self._bench.write(lambda desk: act(desk, values), self._on_written, self._on_refused)

    def _on_written(self, _changes: object) -> None:
        self.accept()

    def _on_refused(self, error: Exception) -> None:
        self.do.setEnabled(True)
        self.error.setText(str(getattr(error, "message", error)))
        self.error.show()
        wrong = self.fields.get(str(getattr(error, "field", "")))
        if wrong is not None:
            wrong.setFocus()


def _value(field: QWidget) -> Any:
    if isinstance(field, QComboBox):
        return field.currentData()
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    if isinstance(field, QDateTimeEdit):
        return datetime.fromtimestamp(field.dateTime().toMSecsSinceEpoch() / 1000, UTC)
    return field.text() if isinstance(field, QLineEdit) else None
