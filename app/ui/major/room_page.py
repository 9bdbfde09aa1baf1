"""The room of a major incident: who does what, the clock of updates, who was told, the review."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.major_incident import ROLES, UPDATE_EVERY_S, is_room_open
from app.services import browsing, incidents, work_records
from app.ui import theme
from app.ui.detail.timeline_words import clock, entry_words
from app.ui.major import major_questions
from app.ui.major.actions_table import ActionsTable
from app.ui.major.major_questions import pace_words, role_words
from app.ui.major.update_words import is_late, now, update_words
from app.ui.widgets.drafted_text import DraftedText
from app.ui.widgets.status_label import status_word
from app.ui.widgets.text_table import TextTable, fit_columns, text_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QTableView

    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.domain.incident_record import FollowUp, Incident
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

REVIEW = ("root_cause", "contributing_factors", "five_whys", "went_well", "went_badly")
_LINES = {"five_whys": 5}
_TICK_MS, _ROWS_PX = 15_000, 150


class RoomPage(QWidget):
    """One major incident; it reads anew whenever something changes."""

    left = Signal()
    incident_requested = Signal(object)
    review_requested = Signal(str)
    """The post-incident review of this number is to be shown and printed."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._wanted: EntityId | None = None
        self.incident: Incident | None = None
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Major incident"))
        self._inner = QWidget(self)
        self._inner.setProperty("ground", "surface")
        self.heading = self._label("title")
        self.state = self._label("label")
        self.clock = self._label("label")
        self.roles = self._label("help")
        self.post = self._button(self.tr("Status &update..."), self._on_post, "primary")
        self.stand_down = self._button(self.tr("Stand &down..."), self._on_stand_down)
        self.give = self._button(self.tr("&Roles..."), self._on_roles)
        self.pace = self._button(self.tr("&How often..."), self._on_pace)
        self.open = self._button(self.tr("&Open the incident"), self._on_open)
        self.print = self._button(self.tr("&Print the review..."), self._on_print)
        self.add = self._button(self.tr("&Add an action..."), self._on_add)
        self.story, self.story_view = self._table(self.tr("What happened"))
        self.told, self.told_view = self._table(self.tr("Who was told"))
        self.follow_ups = ActionsTable(self.tr("Actions"), self._inner)
        self.texts: dict[str, DraftedText] = {}
        self._lay_out()
        self.setFocusProxy(self.post)
        self.follow_ups.done_toggled.connect(self._on_done)
        self.follow_ups.opened.connect(self._on_action)
        workbench.bus.published.connect(self._on_published)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._say_clock)
        self._tick.start()

    def look(self, uid: EntityId | None = None) -> None:
        """Read the incident anew, another one when it is named."""
        wanted = self._wanted = uid or self._wanted
        if wanted is not None:
            self._bench.read(
                lambda desk: browsing.incident(desk, wanted), self._on_read, key="major-room"
            )

    def let_go(self) -> None:
        """Keep what is typed, before another page comes."""
        for field in self.texts.values():
            field.let_go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    # --- showing ---------------------------------------------------------------------------------

    def _on_read(self, incident: Incident) -> None:
        if incident.id != self._wanted:
            return
        self.incident = incident
        running = is_room_open(incident)
        self.heading.setText(f"{incident.number} {incident.title}")
        self.state.setText(self._state(incident, running=running))
        people = []
        for name in ROLES:
            who = getattr(incident, name)
            words = role_words()[name].replace("&", "")
            people.append(f"{words}: {self.tr('nobody yet') if who is None else who.name}")
        self.roles.setText(" \N{MIDDLE DOT} ".join(people))
        locked = bool(self._bench.read_only)
        for button in (self.post, self.stand_down, self.pace):
            button.setVisible(running)
            button.setEnabled(not locked)
        for button in (self.give, self.add):
            button.setEnabled(not locked)
        self._say_clock()
        self._show_story(incident)
        self.told.show_rows(
            (self.tr("When"), self.tr("Who"), self.tr("How")),
            [(clock(one.at), one.who, one.how) for one in reversed(incident.told)],
        )
        fit_columns(self.told_view, stretched=2)
        self.follow_ups.show_actions(incident.follow_ups, now())
        for name, field in self.texts.items():
            key = f"incident:{incident.id.hex()}:{name}"
            field.show_text(key, getattr(incident, name), partial(_save, incident.id, name))
            field.setReadOnly(locked)

    def _state(self, incident: Incident, *, running: bool) -> str:
        since = incident.major_declared_at
        words = [status_word(incident.status)]
        if since is not None:
            words.append(self.tr("declared {0}").format(clock(since)))
        if incident.major_reason:
            words.append(incident.major_reason)
        if incident.stood_down_at is not None:
            words.append(self.tr("stood down {0}").format(clock(incident.stood_down_at)))
            words.append(incident.stand_down_reason)
        elif running:
            pace = pace_words(incident.update_every_s or UPDATE_EVERY_S)
            words.append(self.tr("an update every {0}").format(pace))
        return " \N{MIDDLE DOT} ".join(filter(None, words))

    def _say_clock(self) -> None:
        incident = self.incident
        if incident is None:
            return
        self.clock.setVisible(is_room_open(incident))
        words = update_words(incident, now())
        self.clock.setText(words[:1].upper() + words[1:])
        late = is_late(incident, now())
        if self.clock.property("tone") != ("danger" if late else None):
            self.clock.setProperty("tone", "danger" if late else None)
            self.clock.style().polish(self.clock)

    def _show_story(self, incident: Incident) -> None:
        rows = []
        for entry in reversed(incident.timeline):
            words = entry_words(entry, incident.description)
            body = " ".join(words.body.split())
            text = f"{words.head}: {body}" if body else words.head
            rows.append((words.time, text, words.author))
        self.story.show_rows((self.tr("When"), self.tr("What"), self.tr("Who")), rows)
        fit_columns(self.story_view, stretched=1)

    # --- building --------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        px = theme.current().px
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(px(20), px(14), px(20), px(14))
        column.setSpacing(px(6))
        for part in (self.heading, self.state, self.clock, self.roles):
            column.addWidget(part)
        column.addLayout(
            self._row(self.post, self.stand_down, self.give, self.pace, self.open, self.print)
        )
        self._section(column, self.tr("What happened"), self.story_view)
        self._section(column, self.tr("Who was told"), self.told_view)
        review = self._label("title")
        review.setText(self.tr("Post-incident review"))
        column.addWidget(review)
        labels = {
            "root_cause": self.tr("Root cause"),
            "contributing_factors": self.tr("Contributing factors, one a line"),
            "five_whys": self.tr("Five whys, one a line"),
            "went_well": self.tr("What went well, one a line"),
            "went_badly": self.tr("What went badly, one a line"),
        }
        for name in REVIEW:
            field = DraftedText(
                self._bench, "incident", labels[name], _LINES.get(name, 3), self._inner
            )
            self.texts[name] = field
            self._section(column, labels[name], field)
        self._section(column, self.tr("Actions (Space: done, Enter: change)"), self.follow_ups.view)
        column.addLayout(self._row(self.add))
        self.follow_ups.view.setMinimumHeight(px(_ROWS_PX))
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def _section(self, column: QVBoxLayout, words: str, part: QWidget) -> None:
        caption = self._label("label")
        caption.setText(words)
        caption.setBuddy(part)
        column.addWidget(caption)
        column.addWidget(part)

    def _row(self, *buttons: QPushButton) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.current().px(8))
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _table(self, name: str) -> tuple[TextTable, QTableView]:
        table = TextTable(self)
        view = text_view(name, table, self._inner)
        view.setMinimumHeight(theme.current().px(_ROWS_PX))
        return table, view

    def _label(self, kind: str) -> QLabel:
        label = QLabel(self)
        label.setProperty("kind", kind)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _button(self, text: str, run: Callable[[], None], kind: str = "secondary") -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", kind)
        button.setAutoDefault(False)
        button.clicked.connect(run)
        return button

    # --- what is asked for -----------------------------------------------------------------------

    def _on_post(self) -> None:
        if self.incident is not None:
            major_questions.ask_update(self._bench, self.incident, self.window())

    def _on_stand_down(self) -> None:
        if self.incident is not None:
            uid = self.incident.id
            major_questions.ask_stand_down(self._bench, uid, now(), self.window())

    def _on_roles(self) -> None:
        if self.incident is not None:
            major_questions.ask_roles(self._bench, self.incident, self.window())

    def _on_pace(self) -> None:
        if self.incident is not None:
            major_questions.ask_pace(self._bench, self.incident, self.window())

    def _on_add(self) -> None:
        if self.incident is not None:
            major_questions.ask_action(self._bench, self.incident.id, now(), self.window())

    def _on_action(self, one: FollowUp) -> None:
        if self.incident is not None:
            uid = self.incident.id
            major_questions.ask_action(self._bench, uid, now(), self.window(), one)

    def _on_done(self, one: FollowUp) -> None:
        if self.incident is not None and not self._bench.read_only:
            uid, done = self.incident.id, not one.done
            self._bench.write(
                lambda desk: work_records.finish_follow_up(desk, uid, one.id, done=done)
            )

    def _on_open(self) -> None:
        if self.incident is not None:
            self.incident_requested.emit(self.incident.id)

    def _on_print(self) -> None:
        if self.incident is not None:
            self.review_requested.emit(self.incident.number)

    def _on_published(self, changes: ChangeSet) -> None:
        if self.isVisible() and self._wanted in changes.ids.get("incident", ()):
            self.look()


def _save(uid: EntityId, name: str, desk: Desk, text: str) -> ChangeSet:
    return incidents.edit(desk, [uid], {name: text})
