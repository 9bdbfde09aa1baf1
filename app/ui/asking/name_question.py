"""A dialog that asks for one name: type a few letters, Enter takes the likeliest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services import browsing

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.desk import Desk
    from app.services.naming import Named
    from app.ui.workbench import Workbench

_OFFERED, _SIZE = 30, (420, 380)
_TO_THE_LIST = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp})


class NameQuestion(QDialog):
    """Offers the names of a kind of the catalogue; `free` also takes a name that nobody has."""

    def __init__(
        self,
        workbench: Workbench,
        title: str,
        kind: str,
        act: Callable[[Desk, str], Any],
        parent: QWidget | None = None,
        *,
        free: bool = False,
    ) -> None:
        super().__init__(parent)
        self._bench, self._kind, self._act, self._free = workbench, kind, act, free
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        workbench.theme.fit(self, *_SIZE)
        heading = QLabel(title, self)
        heading.setProperty("kind", "dialog_title")
        self.line = QLineEdit(self)
        self.line.setAccessibleName(title)
        self.line.setPlaceholderText(self.tr("Type a few letters"))
        self.line.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Names on offer"))
        self.list.setSpacing(4)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.error = QLabel(self)
        self.error.setProperty("tone", "danger")
        self.error.setWordWrap(True)
        self.error.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        for part in (heading, self.line, self.list, self.error):
            layout.addWidget(part)
        self.line.textEdited.connect(self._ask)
        self.line.returnPressed.connect(self.commit)
        self.list.itemClicked.connect(self.commit)
        self._ask("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list with the arrows while the cursor stays in the field."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in _TO_THE_LIST
        ):
            step = -1 if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_PageUp} else 1
            last = self.list.count() - 1
            self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), last))
            return True
        return super().eventFilter(watched, event)

    def commit(self, *_item: object) -> None:
        """Write with the chosen name."""
        item: QListWidgetItem | None = self.list.currentItem()
        name = str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""
        if not name:
            self._say(self.tr("Nothing has that name. Type other letters, or press Esc."))
            return
        act = self._act
        self._bench.write(lambda desk: act(desk, name), self._on_written, self._on_refused)

    def _ask(self, text: str) -> None:
        kind = self._kind
        self._bench.read(
            lambda desk: (text, browsing.names(desk, kind, text, _OFFERED)),
            self._on_names,
            key="name-question",
        )

    def _on_names(self, found: tuple[str, list[Named]]) -> None:
        text, items = found
        self.list.clear()
        for item in items:
            self.list.addItem(item.name)
            self.list.item(self.list.count() - 1).setData(Qt.ItemDataRole.UserRole, item.name)
        known = {item.name.casefold() for item in items}
        if self._free and text.strip() and text.strip().casefold() not in known:
            self.list.addItem(self.tr('"{0}" (new)').format(text.strip()))
            self.list.item(self.list.count() - 1).setData(Qt.ItemDataRole.UserRole, text.strip())
        self.list.setCurrentRow(0)
        self.error.hide()

    def _on_written(self, _changes: object) -> None:
        self.accept()

    def _on_refused(self, error: Exception) -> None:
        self._say(str(getattr(error, "message", error)))

    def _say(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.show()
        self.line.setFocus()
