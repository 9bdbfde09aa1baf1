"""Lists beside the timeline: incidents like this one, its closing checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.insight.answers import Writing
from app.ui import icons, theme
from app.ui.incidents.cells import moment
from app.ui.widgets.status_label import status_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.incident_record import ChecklistState
    from app.insight.answers import Answer
    from app.services.inspecting import Similar

_TARGET = 24
"""Least height of what is clicked, in px (WCAG 2.5.8)."""
_ICONS = {"duplicate": "copy", "known_error": "book-open"}
THING = Qt.ItemDataRole.UserRole
"""Where an item keeps what it stands for."""


class Belongings(QListWidget):
    """A list whose items are opened with Enter or a double click."""

    opened = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setWordWrap(True)
        self.setSpacing(4)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemActivated.connect(self._on_activated)

    def add(self, text: str, icon: str, thing: object) -> QListWidgetItem:
        """Add a line for a thing."""
        item = QListWidgetItem(icons.icon(icon), text, self)
        item.setData(THING, thing)
        return item

    def _on_activated(self, item: QListWidgetItem) -> None:
        self.opened.emit(item.data(THING))


class SimilarList(Belongings):
    """Incidents like this one, and what is written about it; Enter opens, L links."""

    link_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Similar incidents"))

    def show_similar(self, found: Sequence[Similar], answers: Sequence[Answer] = ()) -> None:
        """Show articles and known errors, then incidents, each with its reason."""
        self.clear()
        for answer in answers:
            one = answer.writing
            kind = self.tr("Known error") if one.kind == "problem" else self.tr("Article")
            head = " ".join(filter(None, (kind, one.code)))
            item = self.add(f"{one.title}\n{head}\n{answer.reason}", "book-open", one)
            item.setToolTip("\n".join(filter(None, (one.workaround, self.tr("Enter opens")))))
        for row, reason, kind in found:
            words = (
                f"{row.number} \u00b7 {status_word(row.status)} \u00b7 {moment(row.registered_ms)}"
            )
            item = self.add(f"{row.title}\n{words}\n{reason}", _ICONS.get(kind, "link"), row.id)
            item.setToolTip(self.tr("Enter opens, L links"))

    def event(self, event: QEvent) -> bool:
        """Keep L for this list where the incident around it has a command on L."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.text().casefold() == "l"
            and self._incident() is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Link the current one with L."""
        incident = self._incident()
        if event.text().casefold() == "l" and incident is not None:
            self.link_requested.emit(incident)
            return
        super().keyPressEvent(event)

    def _incident(self) -> object | None:
        """Return the incident that is chosen; an article is opened, not linked."""
        item: QListWidgetItem | None = self.currentItem()
        thing = None if item is None else item.data(THING)
        return None if isinstance(thing, Writing) else thing


class Checks(Belongings):
    """The closing checklist; Space ticks what is ticked by hand."""

    ticked = Signal(str, bool)
    run_requested = Signal()
    """Run a check of the team on this incident."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Checklist"))
        self.itemChanged.connect(self._on_changed)
        run = QAction(self.tr("Run a check..."), self)
        run.triggered.connect(self.run_requested)
        self.addAction(run)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def show_items(self, items: Sequence[ChecklistState]) -> None:
        """Show the steps and which are done."""
        blocked = self.blockSignals(True)
        at = self.currentRow()
        self.clear()
        for step in items:
            need = "" if step.required else self.tr(" (optional)")
            item = QListWidgetItem(f"{step.item}{need}", self)
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            if not step.automatic:
                flags |= Qt.ItemFlag.ItemIsUserCheckable
            item.setFlags(flags)
            item.setSizeHint(QSize(0, theme.current().px(_TARGET)))
            done = Qt.CheckState.Checked if step.done else Qt.CheckState.Unchecked
            item.setCheckState(done)
            item.setData(THING, step.item)
            seen = self.tr("The program ticks this when it sees the fact.")
            why = step.note or (seen if step.automatic else "")
            item.setToolTip("\n".join(filter(None, (item.text(), why))))
        self.setCurrentRow(at)
        self.blockSignals(blocked)

    def _on_changed(self, item: QListWidgetItem) -> None:
        self.ticked.emit(str(item.data(THING)), item.checkState() == Qt.CheckState.Checked)
