"""One incident with all its parts, edited where it stands; pane and page arrange them. GUI thread.

It reads the incident again when the bus says that it changed; what is being typed stays.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QStackedWidget, QTabWidget, QWidget

from app.domain.incident import EntityId
from app.insight.answers import Writing
from app.services import choosing, incidents, inspecting
from app.ui.detail.belongings import Checks, SimilarList
from app.ui.detail.composer import Composer
from app.ui.detail.detail_header import DetailHeader
from app.ui.detail.field_grid import MORE, FieldGrid
from app.ui.detail.file_work import FileWork
from app.ui.detail.files_panel import FilesPanel
from app.ui.detail.new_files import clipboard_files, files_of
from app.ui.detail.nothing_chosen import nothing_chosen
from app.ui.detail.text_fields import TextFields
from app.ui.detail.timeline_choice import TimelineChoice
from app.ui.detail.timeline_view import TimelineView
from app.ui.read_only import lock_panel
from app.ui.sharing.presence_words import beside_status

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QDragEnterEvent,
        QDragLeaveEvent,
        QDropEvent,
        QKeyEvent,
        QResizeEvent,
    )

    from app.domain.changes import ChangeSet
    from app.domain.incident_record import Incident, TimelineEntry
    from app.services.inspecting import Inspected
    from app.ui.actions import Actions
    from app.ui.detail.new_files import Given
    from app.ui.workbench import Workbench

_TICK_MS = 1_000
_LIST_ONLY = frozenset({"incident.tick"})
"""Commands whose letter belongs to the list alone: Space presses the buttons of an incident."""


class IncidentPanel(QStackedWidget):
    """Shows one incident; `arrange` places its parts."""

    step_requested = Signal(int)
    incident_changed = Signal()
    """Another incident, or a fresh state of this one, is shown."""
    menu_requested = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self.incident: Incident | None = None
        self._wanted: EntityId | None = None
        self._focus_waits = False
        self.setAccessibleName(self.tr("Incident"))
        self.setAcceptDrops(True)
        self.setProperty("ground", "surface")
        self.header = DetailHeader(self)
        self.grid = FieldGrid(workbench, self)
        self._read: Inspected | None = None
        self.choice = TimelineChoice(self)
        self.timeline = TimelineView(self)
        self.similar = SimilarList(self)
        self.files = FilesPanel(self)
        self.checks = Checks(self)
        self.tabs = QTabWidget(self)
        self.composer = Composer(workbench, self)
        self.file_work = FileWork(workbench, self)
        self._build()
        self._connect()

    # --- what others ask -------------------------------------------------------------------------

    def show_incident(self, uid: EntityId | None) -> None:
        """Show an incident as soon as it is read; None shows that none is chosen."""
        self._wanted = uid
        if uid is None:
            self.let_go()
            self.setCurrentWidget(self._nothing)
            self.incident_changed.emit()
            return
        self._bench.read(
            lambda desk: inspecting.inspect(desk, uid),
            self._on_read,
            self._on_unread,
            key=("incident", id(self)),
        )

    @cached_property
    def more(self) -> FieldGrid:
        """Return the fields that are wanted less often, made when they are first wanted."""
        more = FieldGrid(self._bench, self, MORE, custom=True)
        if self._read is not None:
            more.show_read(self._read)
        return more

    @cached_property
    def texts(self) -> TextFields:
        """Return the long texts, made when they are first wanted."""
        texts = TextFields(self._bench, self)
        if self._read is not None:
            texts.show_read(self._read)
        return texts

    def let_go(self) -> None:
        """Keep what was typed and follow the incident no longer: another panel shows it now."""
        self._wanted = self.incident = None
        self.composer.show_incident(None)
        self._read = None
        if "texts" in self.__dict__:
            self.texts.let_go()

    def focus_timeline(self) -> None:
        """Put the focus on the timeline, now or when the incident has been read."""
        self._focus_waits = self.currentWidget() is not self._page
        self.timeline.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_composer(self, *, reply: bool = False) -> None:
        """Put the cursor into the composer."""
        self.composer.focus(reply=reply)

    def attach(self, files: list[Given]) -> None:
        """Attach files or pictures to the incident that is shown."""
        self.file_work.attach(files)

    def take_letters(self, actions: Actions) -> None:
        """Let the letters of the list act here too, outside of fields with text (ux.md 3)."""
        for command in actions:
            local = command.action.shortcutContext()
            if (
                local is Qt.ShortcutContext.WidgetWithChildrenShortcut
                and command.id not in _LIST_ONLY
            ):
                self.addAction(command.action)

    # --- building --------------------------------------------------------------------------------

    def arrange(self, page: QWidget) -> None:
        """Place the parts on the page."""
        raise NotImplementedError

    def reading_order(self) -> list[QWidget]:
        """Return the parts as the eye meets them; Tab follows it (ux.md 8)."""
        raise NotImplementedError

    def show_counts(self, words: dict[QWidget, str]) -> None:
        """Show what each part is called and how much it holds."""
        for part, text in words.items():
            at = self.tabs.indexOf(part)
            if at >= 0:
                self.tabs.setTabText(at, text)

    def _build(self) -> None:
        self._nothing = nothing_chosen(self)
        self._page = QWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(self.tr("Parts of the incident"))
        self.tabs.tabBar().setExpanding(False)
        self.arrange(self._page)
        chain_tabs(self.reading_order())
        self.addWidget(self._nothing)
        self.addWidget(self._page)
        self._target = QLabel(self)
        self._target.setProperty("kind", "drop")
        self._target.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._target.setWordWrap(True)
        self._target.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._target.hide()
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._tick.start()

    def _connect(self) -> None:
        self.header.step_requested.connect(self.step_requested)
        self.header.menu_requested.connect(self.menu_requested)
        self.header.command_requested.connect(self._bench.command_requested)
        self.header.title.saved.connect(self._on_title_saved)
        self.header.conflicts.chosen.connect(self._on_chosen)
        self.choice.changed.connect(self._on_choice_changed)
        self.composer.attach_requested.connect(self.file_work.choose)
        self.composer.picture_requested.connect(self.file_work.choose_pictures)
        self.composer.pasted.connect(self.file_work.attach)
        self.timeline.redact_requested.connect(self._on_redact_requested)
        self.similar.opened.connect(self._on_similar_opened)
        self.similar.link_requested.connect(self._on_link_requested)
        self.file_work.listen(self.files)
        self.checks.ticked.connect(self._on_ticked)
        self.checks.run_requested.connect(self._on_run_requested)
        self._bench.bus.published.connect(self._on_published)
        self._bench.met.connect(self._on_met)
        self._bench.read_only_changed.connect(self._on_rights_changed)

    # --- showing ---------------------------------------------------------------------------------

    def _on_read(self, read: Inspected) -> None:
        shown = read.incident
        if shown.id != self._wanted:
            return
        another = self.incident is None or self.incident.id != shown.id
        self.incident = shown
        self.header.show_incident(shown, QDateTime.currentMSecsSinceEpoch())
        self.header.conflicts.show_contested(read.contested)
        self._on_met()
        self.show_fields(read)
        self.timeline.show_entries(shown.timeline, shown.description, read.letters)
        if another:
            self.timeline.scrollToTop()
        self.similar.show_similar(read.similar, read.answers)
        self.files.show_files(shown.attachments, read.file_limit_mb)
        self.file_work.show_incident(shown)
        self.checks.show_items(shown.checklist)
        done = sum(step.done for step in shown.checklist)
        words: dict[QWidget, str] = {
            self.timeline: self.tr("Timeline {0}").format(len(shown.timeline)),
            self.similar: self.tr("Similar {0}").format(self.similar.count()),
            self.files: self.tr("Files {0}").format(len(shown.attachments)),
            self.checks: self.tr("Checklist {0}/{1}").format(done, len(shown.checklist)),
        }
        self.show_counts(words)
        self.composer.show_incident(shown.id)
        lock_panel(self, self._bench.read_only)
        self.setCurrentWidget(self._page)
        if self._focus_waits:
            self.focus_timeline()
        self.setAccessibleDescription(f"{shown.number} {shown.title}")
        self.incident_changed.emit()

    def show_fields(self, read: Inspected) -> None:
        """Show the fields of the incident that was read."""
        self._read = read
        self.grid.show_read(read)
        if "more" in self.__dict__:
            self.more.show_read(read)
        if "texts" in self.__dict__:
            self.texts.show_read(read)

    def _on_unread(self, error: Exception) -> None:
        self.show_incident(None)
        self._nothing.setText(str(getattr(error, "message", error)))

    def _on_published(self, changes: ChangeSet) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        touched = changes.ids.get("incident", ())
        if wanted in touched or changes.kinds - {"incident", "draft", "saved_view"}:
            self.show_incident(wanted)

    def _on_met(self) -> None:
        """Say beside the status who else looks at the incident."""
        shown = self.incident
        words = ("", "") if shown is None else beside_status(self._bench.present, shown.id)
        self.header.here.show_text(*words)

    def _on_rights_changed(self, _reason: str) -> None:
        if self._wanted is not None:
            self.show_incident(self._wanted)

    def _on_tick(self) -> None:
        if self.incident is not None and self.isVisible():
            self.header.band.show_clock(self.incident, QDateTime.currentMSecsSinceEpoch())

    def _on_choice_changed(self) -> None:
        self.timeline.show_choice(self.choice.kinds(), newest_first=self.choice.newest_first())

    # --- doing -----------------------------------------------------------------------------------

    def _on_title_saved(self, text: str) -> None:
        if self.incident is not None:
            uid = self.incident.id
            self._bench.write(lambda desk: incidents.edit(desk, [uid], {"title": text}))

    def _on_chosen(self, field: str, keep: str) -> None:
        if self.incident is not None:
            uid = self.incident.id
            self._bench.write(lambda desk: choosing.resolve(desk, uid, field, keep))

    def _on_similar_opened(self, thing: EntityId | Writing) -> None:
        if isinstance(thing, Writing):
            self._bench.written_requested.emit(thing.kind, thing.id)
        else:
            self._bench.open_incident(EntityId(thing))

    def _on_link_requested(self, other: EntityId) -> None:
        if self.incident is not None:
            uid = self.incident.id
            self._bench.write(lambda desk: incidents.link(desk, uid, EntityId(other)))

    def _on_redact_requested(self, entry: TimelineEntry) -> None:
        from app.ui.asking import redaction  # rarely wanted

        if self.incident is not None:
            words = redaction.words_of(self.incident, entry)
            redaction.ask_words(self._bench, [self.incident.id], self, words)

    def _on_ticked(self, item: str, done: bool) -> None:
        if self.incident is not None:
            uid = self.incident.id
            self._bench.write(lambda desk: incidents.tick(desk, uid, item, done=done))

    def _on_run_requested(self) -> None:
        self._bench.command_requested.emit("incident.check")

    # --- drop and paste --------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste pictures and files with Ctrl+V."""
        if event.matches(QKeySequence.StandardKey.Paste):
            files = clipboard_files()
            if files:
                self.attach(files)
                return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures while an incident is shown, and name it."""
        data = event.mimeData()
        shown = self.incident
        if shown is not None and (data.hasUrls() or data.hasImage()):
            event.acceptProposedAction()
            self._target.setText(self.tr("Attach to {0}\n{1}").format(shown.number, shown.title))
            self._target.setGeometry(self.rect().adjusted(8, 8, -8, -8))
            self._target.show()
            self._target.raise_()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Name no target any more."""
        self._target.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        self._target.hide()
        self.attach(files_of(event.mimeData()))
        event.acceptProposedAction()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the name of the target over the whole panel."""
        super().resizeEvent(event)
        self._target.setGeometry(self.rect().adjusted(8, 8, -8, -8))


def chain_tabs(parts: list[QWidget]) -> None:
    """Let Tab go through parts, and in each through its widgets as they were made."""
    stops: list[QWidget] = []
    for part in parts:
        inside: list[QWidget] = [part, *part.findChildren(QWidget)]
        stops += [
            each
            for each in inside
            if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each not in stops
        ]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)
