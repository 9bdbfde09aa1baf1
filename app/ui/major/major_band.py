"""The band over the panes while a major incident is open: which, and how its clock stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QToolBar

from app.services import major_incidents
from app.ui import icons, theme
from app.ui.major.update_words import now, update_words

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QMainWindow

    from app.domain.changes import ChangeSet
    from app.domain.major_incident import OpenRoom
    from app.ui.workbench import Workbench

_TICK_MS = 15_000


class MajorBand(QToolBar):
    """Hidden until somebody declares a major incident, and again when all are stood down."""

    room_requested = Signal(object)
    """The room of this incident (EntityId) is wanted."""

    def __init__(self, workbench: Workbench, window: QMainWindow) -> None:
        super().__init__(window)
        self._bench = workbench
        self.rooms: list[OpenRoom] = []
        self.setObjectName("major-band")
        self.setWindowTitle(self.tr("Major incident"))
        self.setMovable(False)
        self.setProperty("kind", "sample")
        px = theme.current().px
        self.mark = QLabel(self)
        self.mark.setContentsMargins(px(12), 0, 0, 0)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setContentsMargins(px(4), 0, px(12), 0)
        self.open = QPushButton(self.tr("Open the room"), self)
        self.open.setProperty("kind", "link")
        for part in (self.mark, self.text, self.open):
            self.addWidget(part)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._say)
        self.open.clicked.connect(self._on_open)
        workbench.bus.published.connect(self._on_published)
        theme.current().changed.connect(self._on_theme_changed)
        window.addToolBarBreak(Qt.ToolBarArea.TopToolBarArea)
        window.addToolBar(Qt.ToolBarArea.TopToolBarArea, self)
        self.hide()
        self._on_theme_changed()

    def look(self) -> None:
        """Read which major incidents are open."""
        self._bench.read(major_incidents.open_rooms, self._on_read, key="major-rooms")

    def _on_read(self, rooms: list[OpenRoom]) -> None:
        self.rooms = rooms
        self.setVisible(bool(rooms))
        if rooms:
            self._tick.start()
            self._say()
        else:
            self._tick.stop()

    def _say(self) -> None:
        if not self.rooms:
            return
        first = min(self.rooms, key=lambda one: (one.next_update_at is None, one.next_update_at))
        words = self.tr("Major incident {0} {1}: {2}").format(
            first.number, "{title}", update_words(first, now())
        )
        if len(self.rooms) > 1:
            words = self.tr("{0} \N{MIDDLE DOT} {1} more").format(words, len(self.rooms) - 1)
        self.text.setText(words.replace("{title}", self._shortened(first.title, words)))
        self.text.setAccessibleName(words.replace("{title}", first.title))
        self.open.setAccessibleName(self.tr("Open the room of {0}").format(first.number))
        self.open.setProperty("room", bytes(first.id))

    def _shortened(self, title: str, words: str) -> str:
        """Return as much of a title as there is room for: a tool bar hides what does not fit."""
        px = theme.current().px
        metrics = self.text.fontMetrics()
        rest = metrics.horizontalAdvance(words.replace("{title}", ""))
        used = rest + self.mark.sizeHint().width() + self.open.sizeHint().width() + px(64)
        room = self.window().width() - used
        return metrics.elidedText(title, Qt.TextElideMode.ElideRight, max(room, px(48)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show more or less of the title."""
        super().resizeEvent(event)
        self._say()

    def _on_open(self) -> None:
        self.room_requested.emit(bytes(self.open.property("room")))

    def _on_published(self, changes: ChangeSet) -> None:
        if "incident" in changes.kinds:
            self.look()

    def _on_theme_changed(self) -> None:
        now_theme = theme.current()
        colour = now_theme.colour("danger").name()
        self.mark.setPixmap(icons.pixmap("circle-alert", colour, now_theme.px(15)))
