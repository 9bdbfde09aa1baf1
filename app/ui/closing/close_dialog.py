"""Resolve and close: codes, note, checklist, confirmation, people told; the report beside them.

The button is never disabled: with a step missing it moves the focus there and reads its line out.
What is typed is kept as a draft, so Esc and a killed process lose nothing. GUI thread only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.closure_code import DEFAULT_CODES
from app.domain.incident import CauseClass, FixType, Outcome, Status
from app.domain.incident_record import Told
from app.domain.lifecycle import Given
from app.services import drafts, moves, outgoing, stakeholders
from app.ui import theme
from app.ui.closing.closing_frame import (
    CloseFoot,
    CloseHead,
    ReportSide,
    checks_column,
    choose_code,
    codes_box,
    labelled,
)
from app.ui.closing.confirmation import Confirmation
from app.ui.closing.outcome_field import OutcomeField
from app.ui.closing.people_told import PeopleTold
from app.ui.closing.steps_grid import StepsBar, StepsGrid
from app.ui.tab_order import chain, stops

if TYPE_CHECKING:
    from app.domain.closure_code import ClosureCodes
    from app.domain.incident_record import ChecklistState, Incident
    from app.services.desk import Desk
    from app.services.drafts import Draft
    from app.services.stakeholders import Telling
    from app.ui.workbench import Workbench

_SIZE, _PAUSE_MS, _NOTE_LINES = (920, 624), 500, 2


class CloseDialog(QDialog):
    """Asks for what resolving and closing need, and does both or only the first."""

    def __init__(
        self,
        workbench: Workbench,
        incident: Incident,
        parent: QWidget | None = None,
        *,
        codes: ClosureCodes = DEFAULT_CODES,
    ) -> None:
        super().__init__(parent)
        self._bench, self._incident = workbench, incident
        self._key = f"closing:{incident.id.hex()}"
        self._ticks: dict[str, bool] = {}
        self._steps = incident.checklist
        self._asking = self._commits = False
        self.setWindowTitle(self.tr("Resolve and close {0}").format(incident.number))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        workbench.theme.fit(self, *_SIZE)
        requester = incident.requester.name if incident.requester else ""
        team = incident.team.name if incident.team else ""
        self.outcome = OutcomeField(
            codes.offered_with("outcome", incident.outcome),
            incident.outcome or codes.usual("outcome", Outcome.FIXED),
            self,
        )
        self.note = QPlainTextEdit(incident.resolution, self)
        self.cause = QPlainTextEdit(incident.root_cause, self)
        self.fix_type = codes_box(codes, "fix_type", incident.fix_type, FixType.OTHER)
        self.cause_class = codes_box(
            codes, "cause_class", incident.cause_class, CauseClass.UNDETERMINED
        )
        self.confirmation = Confirmation(incident, self)
        self.confirmed_by, self.confirmed_how = self.confirmation.by, self.confirmation.how
        self.confirmed_when = self.confirmation.when
        self.told = PeopleTold((requester, team), self)
        self.steps, self.done_bar = StepsGrid(self), StepsBar(self)
        self.left = QLabel(self)
        self.foot = CloseFoot(self)
        self.problem, self.both = self.foot.problem, self.foot.both
        self.foot.later.setVisible(incident.status is not Status.RESOLVED)
        self.side = ReportSide(workbench, incident.number, self.typed, self)
        self.page = self.side.page
        self._form = QScrollArea(self)
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._keep)
        self._connect()
        self._show_steps()
        key = self._key
        workbench.read(lambda desk: drafts.find(desk, key), self._on_draft, key="closing-draft")

    def typed(self) -> dict[str, Any]:
        """Return what stands in the fields, as fields of the incident."""
        return {
            "outcome": self.outcome.outcome(),
            "fix_type": self.fix_type.currentData(),
            "cause_class": self.cause_class.currentData(),
            "resolution": self.note.toPlainText().strip(),
            "root_cause": self.cause.toPlainText().strip(),
            **self.confirmation.values(),
        }

    def people_told(self) -> list[Telling]:
        """Return who was told, how and when."""
        return self.told.people()

    def missing(self) -> tuple[QWidget, str] | None:
        """Return the first field that closing still needs, and its line; None when all is there."""
        if not self.note.toPlainText().strip():
            return self.note, self.tr("Write the resolution note: what was done?")
        if (unconfirmed := self.confirmation.missing()) is not None:
            return unconfirmed
        for step in self._steps:
            if step.required and not step.done:
                sentence = self.tr("{0} is required: do it, then press Space.").format(step.item)
                return self.steps.boxes[step.item], sentence
        return None

    def _lay_out(self) -> None:
        px = theme.current().px
        for text, lines in ((self.note, _NOTE_LINES), (self.cause, 1)):
            text.setTabChangesFocus(True)
            text.setFixedHeight(text.fontMetrics().lineSpacing() * lines + px(26))
        beside = QLabel(self.tr("goes into the report"), self)
        beside.setProperty("tone", "quiet")
        codes = QHBoxLayout()
        codes.setSpacing(px(16))
        codes.addLayout(labelled(self.tr("Fi&x type"), self.fix_type), 1)
        codes.addLayout(labelled(self.tr("&Cause class"), self.cause_class), 1)
        body = QWidget(self)
        form = QVBoxLayout(body)
        form.setContentsMargins(px(24), px(12), px(24), px(8))
        form.setSpacing(px(9))
        form.addLayout(labelled(self.tr("&Outcome"), self.outcome))
        form.addLayout(labelled(self.tr("Resolution &note"), self.note, beside))
        form.addLayout(codes)
        form.addLayout(labelled(self.tr("Root cau&se"), self.cause))
        form.addLayout(self.confirmation.row())
        form.addLayout(checks_column(self.left, self.done_bar, self.steps))
        form.addLayout(labelled(self.tr("&Tell people"), self.told, focus=self.told.add))
        form.addStretch(1)
        self._form.setWidget(body)
        self._form.setWidgetResizable(True)
        self._form.setFrameShape(QFrame.Shape.NoFrame)
        self._form.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._form.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(CloseHead(self._incident, self), 0, 0, 1, 2)
        grid.addWidget(self._form, 1, 0)
        grid.addWidget(self.side, 1, 1)
        grid.addWidget(self.foot, 2, 0, 1, 2)
        grid.setColumnStretch(0, 604)
        grid.setColumnStretch(1, 316)
        grid.setRowStretch(1, 1)
        self.outcome.setFocus()

    def _order(self) -> None:
        """Make Tab follow the order of reading."""
        fields = (
            *(self.outcome.buttons.values()),
            self.outcome.other,
            self.note,
            self.fix_type,
            self.cause_class,
            self.cause,
            self.confirmed_by,
            self.confirmed_how,
            self.confirmed_when,
            *self.steps.boxes.values(),
        )
        chain([*fields, *stops(self.told), *stops(self.side), *stops(self.foot)])

    def _connect(self) -> None:
        for box in (self.fix_type, self.cause_class):
            box.currentIndexChanged.connect(self._on_edited)
        self.outcome.changed.connect(self._on_edited)
        self.confirmation.changed.connect(self._on_edited)
        self.told.changed.connect(self._on_edited)
        self.note.textChanged.connect(self._on_edited)
        self.cause.textChanged.connect(self._on_edited)
        self.steps.ticked.connect(self._on_ticked)
        self.foot.cancel.clicked.connect(self.reject)
        self.foot.later.clicked.connect(self.resolve_only)
        self.foot.both.clicked.connect(self.commit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Resolve and close with Ctrl+Enter from any field."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.commit()
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Keep what was typed when the dialog is left."""
        if result == QDialog.DialogCode.Rejected and self._pause.isActive():
            self._pause.stop()
            self._keep()
        super().done(result)

    def commit(self) -> None:
        """Resolve and close, or go to what is missing; first learn which steps are done."""
        if self._asking:
            self._commits = True
            return
        missing = self.missing()
        if missing is not None:
            self._go_to(*missing)
            return
        uid, given, extra = self._incident.id, self._given(), self._extra()
        ticks, told, key = dict(self._ticks), self.people_told(), self._key
        mail_to = self.told.mail.to()

        def act(desk: Desk) -> Any:
            stakeholders.date_confirmation(desk, extra)
            changes = outgoing.resolve_and_close(
                desk, uid, given, extra=extra, ticks=ticks, tell=told, mail_to=mail_to
            )
            drafts.discard(desk, key)
            return changes

        self._pause.stop()
        self._bench.write(act, self._on_written, self._on_refused)

    def resolve_only(self) -> None:
        """Resolve and leave closing for later; ticks and people told wait for it as a draft."""
        if not self.note.toPlainText().strip():
            self._go_to(self.note, self.tr("Write the resolution note: what was done?"))
            return
        uid, given, extra, key = self._incident.id, self._given(), self._extra(), self._key
        kept = self._draft_data() if self._ticks or self.people_told() else None

        def act(desk: Desk) -> Any:
            stakeholders.date_confirmation(desk, extra)
            changes = moves.resolve(desk, [uid], given, extra=extra, take_up=True)
            if kept is None:
                drafts.discard(desk, key)
            else:
                drafts.save(desk, key, "closing", kept)
            return changes

        self._pause.stop()
        self._bench.write(act, self._on_written, self._on_refused)

    def _go_to(self, field: QWidget, sentence: str) -> None:
        self._say(sentence)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._form.ensureWidgetVisible(field)

    def _given(self) -> Given:
        typed = self.typed()
        names = ("outcome", "fix_type", "cause_class", "resolution")
        return Given(**{name: typed[name] for name in names})

    def _extra(self) -> dict[str, Any]:
        typed = self.typed()
        extra = {name: value for name, value in typed.items() if name.startswith("verified")}
        if typed["root_cause"] != self._incident.root_cause:
            extra["root_cause"] = typed["root_cause"]
        return extra

    def _on_written(self, _changes: object) -> None:
        self._pause.stop()
        self.accept()

    def _on_refused(self, error: Exception) -> None:
        self._pause.start()
        self._say(str(getattr(error, "message", error)))

    def _say(self, sentence: str) -> None:
        self.foot.say(sentence)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _on_edited(self, *_value: object) -> None:
        self._pause.start()
        self.page.redraw_soon()
        self._look_at_steps()

    def _on_ticked(self, item: str, done: bool) -> None:
        self._ticks[item] = done
        self._on_edited()

    def _look_at_steps(self) -> None:
        """Ask which steps are done with what is typed and ticked."""
        at = self._incident.registered_at
        told = tuple(Told(one.who, one.at or at, one.how) for one in self.told.meant())
        seen = replace(self._incident, **self.typed(), told=(*self._incident.told, *told))
        # Resolving records the restoration when nobody has.
        seen = replace(seen, restored_at=seen.restored_at or at)
        ticks = dict(self._ticks)
        self._asking = True
        self._bench.read(
            lambda desk: moves.checklist(desk, seen, ticks),
            self._on_steps,
            self._on_steps_failed,
            key="closing-steps",
        )

    def _on_steps(self, steps: tuple[ChecklistState, ...]) -> None:
        self._asking = False
        self._steps = steps
        self._show_steps()
        if self._commits:
            self._commits = False
            self.commit()

    def _on_steps_failed(self, error: Exception) -> None:
        self._asking = self._commits = False
        self._on_refused(error)

    def _show_steps(self) -> None:
        steps = self._steps
        before = list(self.steps.boxes)
        self.steps.show_steps(steps)
        if before != list(self.steps.boxes):
            self._order()
        done = sum(step.done for step in steps)
        self.done_bar.setRange(0, max(1, len(steps)))
        self.done_bar.setValue(done)
        left = [step.item for step in steps if step.required and not step.done]
        words = self.tr("{0} of {1} done").format(done, len(steps))
        self.left.setText(words)
        tone = "danger" if left else "ok"
        if self.left.property("tone") != tone:
            self.left.setProperty("tone", tone)
            self.left.style().unpolish(self.left)
            self.left.style().polish(self.left)
        if left:
            required = self.tr("{0} required left").format(len(left))
            self.left.setText(f"{words} \u00b7 {required}")
            named = self.tr("Left: {0}. Ctrl+Enter takes you there.")
            self.foot.say(named.format(", ".join(left)))
        else:
            self.foot.say("")

    def _keep(self) -> None:
        key, data = self._key, self._draft_data()
        self._bench.write(lambda desk: drafts.save(desk, key, "closing", data))

    def _draft_data(self) -> dict[str, Any]:
        return {
            "note": self.note.toPlainText(),
            "cause": self.cause.toPlainText(),
            "outcome": self.outcome.outcome(),
            "codes": [box.currentData() for box in (self.fix_type, self.cause_class)],
            **self.confirmation.draft(),
            "told": self.told.data(),
            "ticks": dict(self._ticks),
        }

    def _on_draft(self, draft: Draft | None) -> None:
        if draft is None or "confirmed" not in draft.data:
            self._look_at_steps()
            return
        data = draft.data
        self.outcome.set_outcome(str(data["outcome"]))
        for box, code in zip((self.fix_type, self.cause_class), data["codes"], strict=True):
            choose_code(box, str(code))
        self.confirmation.show_draft(data)
        self.told.set_data(data["told"])
        self._ticks = dict(data["ticks"])
        self.note.setPlainText(str(data["note"]))
        self.cause.setPlainText(str(data.get("cause", self._incident.root_cause)))
        self._look_at_steps()
