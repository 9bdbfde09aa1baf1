"""Resolve and close: codes, note, checklist, confirmation, people told; the report beside them.

The button is never disabled: with a step missing it moves the focus there and reads its line out.
What is typed is kept as a draft, so Esc and a killed process lose nothing. GUI thread only.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.incident import CauseClass, FixType, Outcome, Status, Told
from app.domain.lifecycle import Given
from app.services import drafts, moves
from app.ui.closing.live_page import LivePage
from app.ui.detail.belongings import Checks

if TYPE_CHECKING:
    from enum import StrEnum

    from app.domain.incident import ChecklistState, Incident
    from app.services.desk import Desk
    from app.services.drafts import Draft
    from app.ui.workbench import Workbench

_SIZE, _PAUSE_MS, _NOTE_LINES, _STEP_LINES = (920, 624), 500, 3, 4


class CloseDialog(QDialog):
    """Asks for what resolving and closing need, and does both or only the first."""

    def __init__(
        self, workbench: Workbench, incident: Incident, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bench, self._incident = workbench, incident
        self._key = f"closing:{incident.id.hex()}"
        self._ticks: dict[str, bool] = {}
        self._steps = incident.checklist
        self.setWindowTitle(self.tr("Resolve and close {0}").format(incident.number))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(workbench.theme.px(_SIZE[0]), workbench.theme.px(_SIZE[1]))
        self.outcome = _codes(Outcome, incident.outcome or Outcome.FIXED)
        self.note = QPlainTextEdit(incident.resolution, self)
        self.fix_type = _codes(FixType, incident.fix_type or FixType.OTHER)
        self.cause_class = _codes(CauseClass, incident.cause_class or CauseClass.UNDETERMINED)
        requester = incident.requester.name if incident.requester else ""
        self.confirmed_by = QLineEdit(incident.verified_by, self)
        self.confirmed_by.setPlaceholderText(requester)
        self.confirmed_how = QLineEdit(incident.verified_how, self)
        self.confirmed_how.setPlaceholderText(self.tr("phone, mail, in person"))
        self.told = QLineEdit(self)
        self.told.setPlaceholderText(self.tr("names, with commas between them"))
        self.told_how = QLineEdit(self)
        self.told_how.setPlaceholderText(self.tr("phone, mail"))
        self.steps = Checks(self)
        self.done_bar = QProgressBar(self)
        self.left = QLabel(self)
        self.problem = QLabel(self)
        self.page = LivePage(workbench, incident.number, self.typed, self)
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._keep)
        self._connect()
        self._show_steps()
        key = self._key
        workbench.read(lambda desk: drafts.find(desk, key), self._on_draft, key="closing-draft")

    # --- what is typed ---------------------------------------------------------------------------

    def typed(self) -> dict[str, Any]:
        """Return what stands in the fields, as fields of the incident."""
        values: dict[str, Any] = {
            "outcome": Outcome(self.outcome.currentData()),
            "fix_type": FixType(self.fix_type.currentData()),
            "cause_class": CauseClass(self.cause_class.currentData()),
            "resolution": self.note.toPlainText().strip(),
        }
        if self.confirmed_how.text().strip():
            who = self.confirmed_by.text().strip() or self.confirmed_by.placeholderText()
            values |= {"verified_by": who, "verified_how": self.confirmed_how.text().strip()}
        return values

    def people_told(self) -> list[tuple[str, str]]:
        """Return who was told and how."""
        how = self.told_how.text().strip() or self.tr("mail")
        return [(who.strip(), how) for who in self.told.text().split(",") if who.strip()]

    def missing(self) -> tuple[QWidget, str] | None:
        """Return the first field that closing still needs, and its line; None when all is there."""
        if not self.note.toPlainText().strip():
            return self.note, self.tr("Write the resolution note: what was done?")
        if not self.confirmed_how.text().strip() and not self._incident.verified_by:
            return self.confirmed_how, self.tr("Ask the requester, then say how it was confirmed.")
        if not (self.confirmed_by.text().strip() or self.confirmed_by.placeholderText()):
            return self.confirmed_by, self.tr("Say who confirmed that it works.")
        return None

    # --- building --------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        self.note.setTabChangesFocus(True)
        line = self.note.fontMetrics().lineSpacing()
        self.note.setFixedHeight(line * _NOTE_LINES + 16)
        places: tuple[tuple[str, QWidget, int, int, int], ...] = (
            (self.tr("&Outcome"), self.outcome, 0, 0, 2),
            (self.tr("Resolution &note"), self.note, 2, 0, 2),
            (self.tr("&Fix type"), self.fix_type, 4, 0, 1),
            (self.tr("&Cause class"), self.cause_class, 4, 1, 1),
            (self.tr("Confirmed &by"), self.confirmed_by, 6, 0, 1),
            (self.tr("&How"), self.confirmed_how, 6, 1, 1),
            (self.tr("&People told"), self.told, 8, 0, 1),
            (self.tr("Ho&w they were told"), self.told_how, 8, 1, 1),
        )
        for text, field, row, column, span in places:
            label = QLabel(text, self)
            label.setProperty("kind", "label")
            label.setBuddy(field)
            field.setAccessibleName(text.replace("&", ""))
            grid.addWidget(label, row, column, 1, span)
            grid.addWidget(field, row + 1, column, 1, span)
        self.done_bar.setTextVisible(False)
        self.done_bar.setFixedHeight(6)
        self.done_bar.setAccessibleName(self.tr("Steps done"))
        self.left.setProperty("tone", "quiet")
        self.left.setWordWrap(True)
        self.problem.setProperty("tone", "danger")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.steps.setMinimumHeight(line * _STEP_LINES)
        form = QVBoxLayout()
        form.addLayout(grid)
        form.addWidget(self.left)
        form.addWidget(self.done_bar)
        form.addWidget(self.steps, 1)
        form.addWidget(self.problem)
        sides = QHBoxLayout()
        sides.setSpacing(20)
        sides.addLayout(form, 5)
        sides.addWidget(self.page, 4)
        later = QPushButton(self.tr("Resolve only"), self)
        later.setAutoDefault(False)
        later.clicked.connect(self.resolve_only)
        later.setVisible(self._incident.status is not Status.RESOLVED)
        key = QLabel(self.tr("Ctrl+Enter"), self)
        key.setProperty("kind", "key")
        self.both = QPushButton(self.tr("Resolve and close"), self)
        self.both.setProperty("kind", "primary")
        self.both.setAutoDefault(False)
        self.both.clicked.connect(self.commit)
        foot = QHBoxLayout()
        foot.addStretch(1)
        for part in (key, later, self.both):
            foot.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addLayout(sides, 1)
        layout.addLayout(foot)
        # Only now do the fields stand in the dialog.
        for before, after in pairwise(field for _text, field, *_place in places):
            self.setTabOrder(before, after)
        self.outcome.setFocus()

    def _connect(self) -> None:
        for box in (self.outcome, self.fix_type, self.cause_class):
            box.currentIndexChanged.connect(self._on_edited)
        for line in (self.confirmed_by, self.confirmed_how, self.told, self.told_how):
            line.textEdited.connect(self._on_edited)
        self.note.textChanged.connect(self._on_edited)
        self.steps.ticked.connect(self._on_ticked)

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

    # --- doing -----------------------------------------------------------------------------------

    def commit(self) -> None:
        """Resolve and close, or go to what is missing."""
        missing = self.missing()
        if missing is not None:
            field, sentence = missing
            self._say(sentence)
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        uid, given, extra = self._incident.id, self._given(), self._extra()
        ticks, told, key = dict(self._ticks), self.people_told(), self._key

        def act(desk: Desk) -> Any:
            if "verified_by" in extra:
                extra["verified_at"] = desk.now()
            changes = moves.resolve_and_close(desk, uid, given, extra=extra, ticks=ticks, tell=told)
            drafts.discard(desk, key)
            return changes

        self._bench.write(act, self._on_written, self._on_refused)

    def resolve_only(self) -> None:
        """Resolve and leave closing for later; only the note is needed."""
        if not self.note.toPlainText().strip():
            self._say(self.tr("Write the resolution note: what was done?"))
            self.note.setFocus()
            return
        uid, given, extra, key = self._incident.id, self._given(), self._extra(), self._key

        def act(desk: Desk) -> Any:
            if "verified_by" in extra:
                extra["verified_at"] = desk.now()
            changes = moves.resolve(desk, [uid], given, extra=extra, take_up=True)
            drafts.discard(desk, key)
            return changes

        self._bench.write(act, self._on_written, self._on_refused)

    def _given(self) -> Given:
        typed = self.typed()
        names = ("outcome", "fix_type", "cause_class", "resolution")
        return Given(**{name: typed[name] for name in names})

    def _extra(self) -> dict[str, Any]:
        return {name: value for name, value in self.typed().items() if name.startswith("verified")}

    def _on_written(self, _changes: object) -> None:
        self._pause.stop()
        self.accept()

    def _on_refused(self, error: Exception) -> None:
        self._say(str(getattr(error, "message", error)))

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    # --- following -------------------------------------------------------------------------------

    def _on_edited(self, *_value: object) -> None:
        self.problem.hide()
        self._pause.start()
        self.page.redraw_soon()
        self._look_at_steps()

    def _on_ticked(self, item: str, done: bool) -> None:
        self._ticks[item] = done
        self._on_edited()

    def _look_at_steps(self) -> None:
        """Ask which steps the program sees done with what is typed."""
        told = tuple(
            Told(who, self._incident.registered_at, how) for who, how in self.people_told()
        )
        seen = replace(self._incident, **self.typed(), told=(*self._incident.told, *told))
        self._bench.read(
            lambda desk: moves.checklist(desk, seen), self._on_steps, key="closing-steps"
        )

    def _on_steps(self, steps: tuple[ChecklistState, ...]) -> None:
        self._steps = steps
        self._show_steps()

    def _show_steps(self) -> None:
        shown = [replace(one, done=self._ticks.get(one.item, one.done)) for one in self._steps]
        self.steps.show_items(shown)
        self._show_left()

    def _show_left(self) -> None:
        steps = self._steps
        done = sum(self._ticks.get(step.item, step.done) for step in steps)
        self.done_bar.setRange(0, max(1, len(steps)))
        self.done_bar.setValue(done)
        left = [
            step.item
            for step in steps
            if step.required and not self._ticks.get(step.item, step.done)
        ]
        words = self.tr("Steps: {0} of {1}").format(done, len(steps))
        if left:
            words += ". " + self.tr("Required: {0}").format(", ".join(left))
        self.left.setText(words)

    # --- drafts ----------------------------------------------------------------------------------

    def _keep(self) -> None:
        key = self._key
        data = {
            "note": self.note.toPlainText(),
            "codes": [
                box.currentIndex() for box in (self.outcome, self.fix_type, self.cause_class)
            ],
            "lines": [line.text() for line in self._lines()],
            "ticks": self._ticks,
        }
        self._bench.write(lambda desk: drafts.save(desk, key, "closing", data))

    def _on_draft(self, draft: Draft | None) -> None:
        if draft is None:
            return
        boxes = (self.outcome, self.fix_type, self.cause_class)
        for box, index in zip(boxes, draft.data["codes"], strict=True):
            box.setCurrentIndex(int(index))
        for line, text in zip(self._lines(), draft.data["lines"], strict=True):
            line.setText(str(text))
        self._ticks = dict(draft.data["ticks"])
        self.note.setPlainText(str(draft.data["note"]))

    def _lines(self) -> tuple[QLineEdit, ...]:
        return self.confirmed_by, self.confirmed_how, self.told, self.told_how


def _codes(kind: type[StrEnum], chosen: StrEnum) -> QComboBox:
    box = QComboBox()
    for code in kind:
        box.addItem(code.replace("_", " ").capitalize(), code.value)
    box.setCurrentIndex(box.findData(chosen.value))
    return box
