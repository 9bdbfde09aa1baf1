"""New incident: the call that needs more than one line (ux.md 2.2).

What is typed is kept as a draft at each pause, so neither Esc nor a killed process loses more than
half a second of it. Reads run in the reader lane and writes in the store lane; GUI thread only.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import InvalidInputError, KnownError
from app.domain.incident import Channel
from app.services import drafts, logging_incidents
from app.ui import theme
from app.ui.new_incident import questions
from app.ui.new_incident.call_header import CallHeader
from app.ui.new_incident.dialog_footer import DialogFooter
from app.ui.new_incident.draft_keeper import DraftKeeper
from app.ui.new_incident.incident_form import IncidentForm
from app.ui.new_incident.requester_card import RequesterCard
from app.ui.new_incident.similar_list import SimilarList

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.services.desk import Desk
    from app.ui.new_incident.questions import About, Found, Promise, Start
    from app.ui.workbench import Workbench

DRAFT = "new_incident"
LOOK_MS = 300
"""Similar incidents are asked for this long after the last key."""

_PROMISE_S = 30
"""How often the due time at the foot is worked out anew."""
_ENOUGH_WORDS = 2
"""A summary of fewer words is looked up together with the details."""


class NewIncidentDialog(QDialog):
    """Ask for an incident and log it; `draft_key` opens a kept draft, `text` begins a new one."""

    def __init__(
        self,
        workbench: Workbench,
        draft_key: str = "",
        text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._draft = DraftKeeper(workbench, DRAFT, draft_key, self)
        self._sent = False
        self._goes_on = False
        self._asked = ""
        self._promised = ""
        self.setWindowTitle(self.tr("New incident"))
        self.setAcceptDrops(True)
        px = theme.current().px
        theme.current().fit(self, 920, 612)
        self.header = CallHeader(self.tr("New incident"), self)
        self.form = IncidentForm(workbench, self)
        self.similar = SimilarList(self)
        self.card = RequesterCard(self)
        self.footer = DialogFooter(self)
        self.problem = QLabel(self)
        self.problem.setProperty("tone", "danger")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.setContentsMargins(px(24), 0, px(20), px(8))
        self.problem.hide()
        self._lay_out()
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._on_look)
        self._connect()
        self._bench.read(questions.start, self._on_start, key=("new incident start", id(self)))
        if text:
            self.form.title.setText(text)
        if draft_key:
            self._draft.look_up()
        self.form.title.setFocus()

    def _lay_out(self) -> None:
        px = theme.current().px
        side = QWidget(self)
        side.setProperty("ground", "canvas")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(side)
        column.setContentsMargins(px(16), px(16), px(14), px(12))
        column.setSpacing(px(12))
        column.addWidget(self.similar)
        column.addWidget(self.card)
        column.addStretch(1)
        hint = QLabel(self.tr("Alt+1…3 links, Alt+4…5 reads the one beside it"), side)
        hint.setProperty("tone", "quiet")
        hint.setWordWrap(True)
        column.addWidget(hint)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(_scrolling(self.form, self), 1)
        aside = _scrolling(side, self)
        aside.setFixedWidth(px(268))
        body.addWidget(aside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(_line(self))
        layout.addLayout(body, 1)
        layout.addWidget(self.problem)
        layout.addWidget(_line(self))
        layout.addWidget(self.footer)

    def _connect(self) -> None:
        self.form.changed.connect(self._on_changed)
        self.form.title.textChanged.connect(self._on_text)
        self.form.details.textChanged.connect(self._on_text)
        self.form.requester.textChanged.connect(self._on_requester)
        self.form.channel.changed.connect(self._on_channel)
        self.header.ticked.connect(self._on_tick)
        self.form.priority_changed.connect(self._on_priority)
        self.similar.changed.connect(self._on_changed)
        self._draft.paused.connect(self._keep)
        self._draft.saved.connect(self._on_saved)
        self._draft.refused.connect(self._on_not_saved)
        self._draft.found.connect(self._on_draft)
        self.footer.create_.clicked.connect(self._on_create)
        self.footer.next.clicked.connect(self._on_create_and_next)
        for keys, act in (
            (("Ctrl+Return", "Ctrl+Enter"), self._on_create),
            (("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), self._on_create_and_next),
            (("Alt+1",), self._on_link_first),
            (("Alt+2",), self._on_link_second),
            (("Alt+3",), self._on_link_third),
        ):
            shortcut = QShortcut(self)
            shortcut.setKeys([QKeySequence(key) for key in keys])
            shortcut.activated.connect(act)
        for field in self.findChildren(QLineEdit):
            field.installEventFilter(self)
        for text in self.findChildren(QPlainTextEdit):
            text.setAcceptDrops(False)
            text.installEventFilter(self)

    # --- what the desk knows ---------------------------------------------------------------------

    def _on_start(self, start: Start) -> None:
        self.form.show_start(start)

    def _on_text(self) -> None:
        self._look.start()

    def _on_look(self) -> None:
        text = self.form.title.text().strip()
        if len(text.split()) < _ENOUGH_WORDS:
            text = f"{text} {self.form.details.toPlainText()[:200]}".strip()
        self._asked = text
        self._bench.read(
            lambda desk: questions.look(desk, text),
            self._on_found,
            key=("new incident similar", id(self)),
        )

    def _on_found(self, found: Found) -> None:
        if found.asked == self._asked:
            self.similar.show_look(found)
            self.form.show_suggestion(found)

    def _on_requester(self, text: str) -> None:
        self._bench.read(
            lambda desk: questions.about(desk, text),
            self._on_about,
            key=("new incident person", id(self)),
        )

    def _on_about(self, about: About) -> None:
        field = self.form.requester
        if about.asked != field.text():
            return
        self.card.show_person(about)
        self.form.show_person(about)

    def _on_priority(self) -> None:
        priority, category = self.form.matrix.priority(), self.form.category.value()
        self._promised = priority
        self.footer.chip.set_priority(priority)
        self._bench.read(
            lambda desk: questions.promise(desk, priority, category),
            self._on_promise,
            key=("new incident promise", id(self)),
        )

    def _on_promise(self, promise: Promise) -> None:
        self.footer.show_promise(self._promised, promise)

    def _on_tick(self, seconds: int) -> None:
        if seconds % _PROMISE_S == 0:
            self._on_priority()

    def _on_channel(self) -> None:
        self.header.set_by_phone(by_phone=self.form.channel.channel() is Channel.PHONE)

    # --- drafts ----------------------------------------------------------------------------------

    @property
    def draft_key(self) -> str:
        """Return the key under which what is typed here is kept."""
        return self._draft.key

    def _on_changed(self) -> None:
        self.footer.note.clear()
        self.problem.hide()
        self._draft.touch()

    def _keep(self) -> None:
        empty = self.form.is_empty() and not self.similar.linked()
        self._draft.keep(None if empty else self._to_data())

    def _to_data(self) -> dict[str, Any]:
        linked = list(self.similar.linked())
        return {**self.form.to_data(), "related": linked, "call_s": self.header.seconds()}

    def _on_saved(self) -> None:
        self.footer.note.setText(self.tr("Draft saved"))

    def _on_not_saved(self, why: str) -> None:
        self._show_problem(self.tr("The draft is not saved: {0}").format(why))

    def _on_draft(self, data: dict[str, Any]) -> None:
        self.header.restart(int(data.get("call_s", 0)))
        self.form.set_data(data)
        self.similar.set_linked(str(number) for number in data.get("related", []))
        self._on_saved()
        self._look.start()

    def reject(self) -> None:
        """Close; what was typed stays as a draft."""
        kept = not self.form.is_empty() and not self._sent
        if not self._sent:  # else it is on its way, and a draft saved now would outlive it
            self._keep()
        self._look.stop()
        self.header.stop()
        if kept:
            self._bench.say(self.tr("Draft kept"), draft=self.draft_key)
        super().reject()

    def done(self, result: int) -> None:
        """Close for good: a window that opened the dialog need not think of it again."""
        super().done(result)
        self._leave()

    def _leave(self) -> None:
        if self.parent() is not None and not self._sent and not self.isVisible():
            self.deleteLater()

    # --- creating --------------------------------------------------------------------------------

    def _on_create(self) -> None:
        self._create(goes_on=False)

    def _on_create_and_next(self) -> None:
        self._create(goes_on=True)

    def _create(self, *, goes_on: bool) -> None:
        if self._sent:
            return
        self.problem.hide()
        if not self.form.title.text().strip():
            sentence = self.tr("Say what is wrong: an incident needs a summary.")
            self.form.show_problem("title", sentence)
            return
        self._sent, self._goes_on = True, goes_on
        if self._draft.is_waiting:
            self._keep()
        key, draft = self.draft_key, self.form.to_draft(self.similar.linked())
        self._set_busy(busy=True)

        def act(desk: Desk) -> ChangeSet:
            changes = logging_incidents.log(desk, draft)
            with contextlib.suppress(KnownError):  # it is logged: a draft too many is no failure
                drafts.discard(desk, key)
            return changes

        self._bench.write(act, self._on_created, self._on_refused)

    def _on_created(self, changes: ChangeSet) -> None:
        self._sent = False
        self._draft.begin_another()
        self._set_busy(busy=False)
        (uid,) = changes.ids["incident"]
        if not self._goes_on:
            self._bench.open_incident(uid, reveal=True)
            self._look.stop()
            self.header.stop()
            self.accept()
            self._leave()
            return
        self.form.set_data({})
        self.similar.set_linked(())
        self._look.stop()
        self._on_look()
        self.header.restart()
        self.footer.note.setText(self.tr("{0} created").format(changes.number))
        self.form.title.setFocus()

    def _on_refused(self, error: Exception) -> None:
        self._sent = False
        self._set_busy(busy=False)
        if not self.isVisible():  # closed meanwhile: the draft is kept, the reason is said
            self._bench.say(str(error), "danger")
            self._leave()
            return
        field = error.field if isinstance(error, InvalidInputError) else ""
        if not self.form.show_problem(field, str(error)):
            self._show_problem(str(error))

    def _set_busy(self, *, busy: bool) -> None:
        self.footer.create_.setDisabled(busy)
        self.footer.next.setDisabled(busy)

    def _show_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setAccessibleName(sentence)
        self.problem.show()

    # --- links and files -------------------------------------------------------------------------

    def _on_link_first(self) -> None:
        self.similar.toggle(0)

    def _on_link_second(self) -> None:
        self.similar.toggle(1)

    def _on_link_third(self) -> None:
        self.similar.toggle(2)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a picture or files that are pasted into a text field."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return event.matches(QKeySequence.StandardKey.Paste) and self._take_clipboard()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take what is pasted while no text field has the focus."""
        if event.matches(QKeySequence.StandardKey.Paste) and self._take_clipboard():
            return
        super().keyPressEvent(event)

    def _take_clipboard(self) -> bool:
        return self.form.files.take_mime(QGuiApplication.clipboard().mimeData())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that are dragged over the dialog."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take files that are dropped anywhere on the dialog."""
        if self.form.files.take_mime(event.mimeData()):
            event.acceptProposedAction()


def _scrolling(inner: QWidget, parent: QWidget) -> QScrollArea:
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("kind", "line")
    line.setFixedHeight(1)
    return line
