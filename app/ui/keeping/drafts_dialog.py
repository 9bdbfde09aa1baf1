"""File > Drafts: what was being typed and is not an incident yet; Enter goes on with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.services import drafts
from app.ui import icons
from app.ui.incidents.cells import moment

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.services.drafts import Draft
    from app.ui.workbench import Workbench

NEW_INCIDENT = "new_incident"
_KEY = Qt.ItemDataRole.UserRole


class DraftsDialog(QDialog):
    """Lists the drafts of new incidents, newest first; Delete throws one away, which can be undone.

    Notes, closings and the quick-log line come back by themselves where they were typed.
    """

    chosen = Signal(str)
    """The key of the draft to go on with."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._thrown = ""
        self.setWindowTitle(self.tr("Drafts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(workbench.theme.px(520), workbench.theme.px(360))
        heading = QLabel(self.tr("Drafts"), self)
        heading.setProperty("kind", "dialog_title")
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Drafts, newest first"))
        self.list.setWordWrap(True)
        self.list.setSpacing(4)
        self.list.itemActivated.connect(self._on_open)
        self.nothing = QLabel(
            self.tr("No draft is waiting. What you type is kept here until it is an incident."),
            self,
        )
        self.nothing.setProperty("tone", "hint")
        self.nothing.setWordWrap(True)
        self.go_on = QPushButton(self.tr("Go on"), self)
        self.go_on.setDefault(True)
        self.go_on.clicked.connect(self._on_open)
        self.throw = QPushButton(self.tr("Throw away"), self)
        self.throw.setAutoDefault(False)
        self.throw.clicked.connect(self._on_throw)
        self.bring_back = QPushButton(self.tr("Bring back"), self)
        self.bring_back.setProperty("kind", "link")
        self.bring_back.setAutoDefault(False)
        self.bring_back.clicked.connect(self._on_bring_back)
        self.bring_back.hide()
        buttons = QHBoxLayout()
        buttons.addWidget(self.throw)
        buttons.addWidget(self.bring_back)
        buttons.addStretch(1)
        buttons.addWidget(self.go_on)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.nothing)
        layout.addLayout(buttons)
        self._read()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Throw the chosen draft away with Delete."""
        if event.key() == Qt.Key.Key_Delete:
            self._on_throw()
            return
        super().keyPressEvent(event)

    def _read(self, *_written: object) -> None:
        self._bench.read(lambda desk: drafts.all(desk, NEW_INCIDENT), self._on_read, key="drafts")

    def _on_read(self, found: list[Draft]) -> None:
        self.list.clear()
        for draft in found:
            title = str(draft.data.get("title") or "").strip() or self.tr("No summary yet")
            when = moment(int(draft.saved_at.timestamp() * 1000))
            who = str(draft.data.get("requester") or "").strip()
            words = " \u00b7 ".join(part for part in (when, who) if part)
            item = QListWidgetItem(icons.icon("pencil"), f"{title}\n{words}", self.list)
            item.setData(_KEY, draft.key)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self.go_on.setEnabled(bool(found))
        self.throw.setEnabled(bool(found))
        self.list.setFocus()

    def _chosen(self) -> str:
        item: QListWidgetItem | None = self.list.currentItem()
        return str(item.data(_KEY)) if item is not None else ""

    def _on_open(self, *_item: object) -> None:
        key = self._chosen()
        if key:
            self.accept()
            self.chosen.emit(key)

    def _on_throw(self) -> None:
        key = self._chosen()
        if key:
            self._thrown = key
            self.bring_back.show()
            self._bench.write(lambda desk: drafts.discard(desk, key), self._read)

    def _on_bring_back(self) -> None:
        key = self._thrown
        self.bring_back.hide()
        self._bench.write(lambda desk: drafts.restore(desk, key), self._read)
