"""The page of follow-up actions of all incidents: what is due first stands first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.services import follow_ups, work_records
from app.ui import theme
from app.ui.major.actions_table import ActionsTable
from app.ui.major.update_words import now

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.domain.changes import ChangeSet
    from app.domain.major_incident import OpenAction
    from app.ui.workbench import Workbench


class ActionsPage(QWidget):
    """All actions in one table; it reads anew whenever something changes."""

    left = Signal()
    incident_requested = Signal(object)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Follow-up actions"))
        heading = QLabel(self.tr("Follow-up actions"), self)
        heading.setProperty("kind", "title")
        self.count = QLabel(self)
        self.count.setProperty("kind", "help")
        self.mine = QCheckBox(self.tr("Only &mine"), self)
        self.too = QCheckBox(self.tr("&Done ones too"), self)
        self.follow_ups = ActionsTable(self.tr("Follow-up actions"), self)
        self.nothing = QLabel(
            self.tr(
                "Nothing is left to do. Actions come from the review of a major incident and from "
                "the follow-ups of any other."
            ),
            self,
        )
        self.nothing.setProperty("tone", "hint")
        self.nothing.setWordWrap(True)
        hint = QLabel(self.tr("Space: done or open again. Enter: the incident."), self)
        hint.setProperty("kind", "help")
        row = QHBoxLayout()
        row.addWidget(self.mine)
        row.addWidget(self.too)
        row.addStretch(1)
        px = theme.current().px
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(14), px(20), px(14))
        layout.setSpacing(px(8))
        for part in (heading, self.count):
            layout.addWidget(part)
        layout.addLayout(row)
        layout.addWidget(self.nothing)
        layout.addWidget(self.follow_ups.view)
        layout.addWidget(hint)
        layout.setStretchFactor(self.follow_ups.view, 1)
        self.setFocusProxy(self.follow_ups.view)
        self.mine.toggled.connect(self.look)
        self.too.toggled.connect(self.look)
        self.follow_ups.done_toggled.connect(self._on_done)
        self.follow_ups.opened.connect(self._on_opened)
        workbench.bus.published.connect(self._on_published)

    def look(self, _on: object = None) -> None:
        """Read the actions anew."""
        mine, too = self.mine.isChecked(), self.too.isChecked()
        self._bench.read(
            lambda desk: follow_ups.actions(desk, done=too, owner=desk.person.name if mine else ""),
            self._on_read,
            key="follow-ups",
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _on_read(self, found: list[OpenAction]) -> None:
        at = now()
        late = sum(one.is_overdue(at) for one in found)
        still_open = sum(not one.done for one in found)
        self.count.setText(self.tr("{0} open, {1} overdue").format(still_open, late))
        self.nothing.setVisible(not found)
        self.follow_ups.show_actions(found, at)

    def _on_done(self, one: OpenAction) -> None:
        if not self._bench.read_only:
            self._bench.write(
                lambda desk: work_records.finish_follow_up(
                    desk, one.incident, one.id, done=not one.done
                )
            )

    def _on_opened(self, one: OpenAction) -> None:
        self.incident_requested.emit(one.incident)

    def _on_published(self, changes: ChangeSet) -> None:
        if self.isVisible() and "incident" in changes.kinds:
            self.look()
