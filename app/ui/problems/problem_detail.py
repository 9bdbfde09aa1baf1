"""One problem: where it stands, its words, its pattern, and the incidents that it affects."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.problem import ProblemStatus, allowed_moves
from app.services import problem_moves, problems
from app.ui import theme
from app.ui.incidents.cells import moment
from app.ui.problems import problem_questions
from app.ui.widgets.drafted_text import DraftedText
from app.ui.widgets.status_label import status_word
from app.ui.widgets.text_table import TextTable, fit_columns, text_view

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, QObject

    from app.domain.changes import ChangeSet
    from app.domain.closure_code import ClosureCodes
    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.services.problems import Details
    from app.ui.workbench import Workbench

_LINES = {"text": 4, "cause": 3, "workaround": 4, "resolution": 3}
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class ProblemDetail(QScrollArea):
    """Shows a problem; every text is saved when it is left, each change with its undo."""

    numbers_requested = Signal(list)
    incident_requested = Signal(object)
    changed = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self.shown: Details | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Problem"))
        inner = QWidget(self)
        inner.setProperty("ground", "surface")
        self.name = self._label("title")
        self.status = self._label("label")
        self.about = self._label("help")
        self.pattern = self._label("help")
        self.move_to = self._button(self.tr("&Move to"), "secondary")
        self.moves = QMenu(self.move_to)
        self.move_to.setMenu(self.moves)
        self.edit = self._button(self.tr("&Change..."), "secondary")
        self.apply = self._button("", "primary")
        self.show_them = self._button("", "secondary")
        self.fields: dict[str, DraftedText] = {}
        self.table = TextTable(self)
        self.view = text_view(self.tr("Affected incidents"), self.table, inner)
        self.view.installEventFilter(self)
        self.view.setMinimumHeight(workbench.theme.px(150))
        self.affected = self._label("label")
        self._lay_out(inner)
        self.setWidget(inner)
        self.edit.clicked.connect(self._on_edit)
        self.apply.clicked.connect(self.apply_workaround)
        self.show_them.clicked.connect(self._on_show_them)
        self.view.activated.connect(self._on_activated)

    def show_problem(self, shown: Details) -> None:
        """Show a problem, or a fresh state of the one that is shown."""
        self.shown = shown
        problem = shown.problem
        self.name.setText(problem.name)
        state = self.status_words()[problem.status]
        if problem.is_known_error and problem.status is not ProblemStatus.KNOWN_ERROR:
            state = self.tr("{0}, known error").format(state)
        self.status.setText(state)
        opened = moment(problem.opened_ms)
        facts = (
            self.tr("Owner {0}").format(problem.owner) if problem.owner else "",
            problem.category,
            problem.ci,
            self.tr("opened {0}").format(opened) if opened else "",
        )
        self.about.setText(" \N{MIDDLE DOT} ".join(filter(None, facts)))
        self._show_pattern(shown)
        self.moves.clear()
        for target in allowed_moves(problem.status):
            action = self.moves.addAction(self.status_words()[target])
            action.triggered.connect(partial(self._move, target))
        waiting = len(shown.to_apply)
        self.apply.setText(self.tr("&Apply the workaround to %n open one(s)", "", waiting))
        self.apply.setVisible(bool(waiting))
        count = len(shown.incidents)
        self.show_them.setText(self.tr("&Show the %n in the list", "", count))
        self.show_them.setVisible(bool(count))
        self.affected.setText(self.tr("Affected incidents: %n", "", count))
        for name, field in self.fields.items():
            key = f"problem:{problem.id.hex()}:{name}"
            field.show_text(key, getattr(problem, name), partial(_save, problem.id, name))
            field.setReadOnly(bool(self._bench.read_only))
        header = (self.tr("Number"), self.tr("Summary"), self.tr("Status"), self.tr("Priority"))
        rows = [(one.number, one.title, status_word(one.status), one.priority)
                for one in shown.incidents]  # fmt: skip
        at = self.view.currentIndex().row()
        self.table.show_rows(header, rows)
        fit_columns(self.view, stretched=1)
        if rows:
            self.view.selectRow(min(max(at, 0), len(rows) - 1))

    def show_pattern(self, shown: Details) -> None:
        """Show how the pattern stands, which is worked out a moment later."""
        if self.shown is not None and shown.problem.id == self.shown.problem.id:
            self._show_pattern(shown)

    def let_go(self) -> None:
        """Keep what is typed, before another page comes."""
        for field in self.fields.values():
            field.let_go()

    def apply_workaround(self) -> None:
        """Give the workaround to all open incidents that have it not."""
        if self.shown is not None:
            uid = self.shown.problem.id
            self._bench.write(lambda desk: problem_moves.apply_workaround(desk, uid))

    def status_words(self) -> dict[ProblemStatus, str]:
        """Return each status in the language of the window."""
        return {
            ProblemStatus.LOGGED: self.tr("Logged"),
            ProblemStatus.INVESTIGATING: self.tr("Investigating"),
            ProblemStatus.KNOWN_ERROR: self.tr("Known error"),
            ProblemStatus.RESOLVED: self.tr("Resolved"),
            ProblemStatus.CLOSED: self.tr("Closed"),
        }

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open the chosen incident with Enter."""
        enter = isinstance(event, QKeyEvent) and event.key() in _ENTER
        if enter and event.type() == QKeyEvent.Type.KeyPress:
            self._on_activated(self.view.currentIndex())
            return True
        return super().eventFilter(watched, event)

    # --- building --------------------------------------------------------------------------------

    def _lay_out(self, inner: QWidget) -> None:
        px = theme.current().px
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(px(20), px(14), px(20), px(14))
        layout.setSpacing(px(6))
        for part in (self.name, self.status, self.about, self.pattern):
            layout.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        for button in (self.apply, self.move_to, self.show_them, self.edit):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        labels = {
            "text": self.tr("What is &known"),
            "cause": self.tr("Ca&use"),
            "workaround": self.tr("&Workaround"),
            "resolution": self.tr("What &removed the cause"),
        }
        for name, label in labels.items():
            caption = QLabel(label, inner)
            caption.setProperty("kind", "label")
            said = label.replace("&", "")
            field = DraftedText(self._bench, "problem", said, _LINES[name], inner)
            caption.setBuddy(field)
            layout.addWidget(caption)
            layout.addWidget(field)
            self.fields[name] = field
        layout.addWidget(self.affected)
        layout.addWidget(self.view, 1)

    def _label(self, kind: str) -> QLabel:
        label = QLabel(self)
        label.setProperty("kind", kind)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _button(self, text: str, kind: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", kind)
        button.setAutoDefault(False)
        return button

    def _show_pattern(self, shown: Details) -> None:
        problem, now = shown.problem, shown.recurring
        words = self.tr("Pattern {0}").format(problem.pattern) if problem.pattern else ""
        if now is not None:
            words = f"{words}: {now.pattern.arithmetic()}"
        self.pattern.setText(words)
        self.pattern.setVisible(bool(words))

    # --- what is asked for -----------------------------------------------------------------------

    def _move(self, target: ProblemStatus, _checked: bool = False) -> None:
        if self.shown is None:
            return
        for field in self.fields.values():
            field.commit()  # what is typed counts for the move
        uid = self.shown.problem.id
        if target in {ProblemStatus.RESOLVED, ProblemStatus.CLOSED}:
            self._bench.read(
                lambda desk: (
                    problems.details(desk, uid, with_pattern=False), desk.rules.codes, target,
                ),
                self._on_ready,
                key="problem-move",
            )  # fmt: skip
        else:
            self._bench.write(lambda desk: problem_moves.move(desk, uid, target))

    def _on_ready(self, ready: tuple[Details, ClosureCodes, ProblemStatus]) -> None:
        shown, codes, target = ready
        problem_questions.ask_resolution(self._bench, shown, target, codes, self.window())

    def _on_edit(self) -> None:
        if self.shown is not None:
            problem_questions.ask_edit(self._bench, self.shown, self.window())

    def _on_show_them(self) -> None:
        if self.shown is not None:
            self.numbers_requested.emit([one.number for one in self.shown.incidents])

    def _on_activated(self, index: QModelIndex) -> None:
        if self.shown is not None and 0 <= index.row() < len(self.shown.incidents):
            uid: EntityId = self.shown.incidents[index.row()].id
            self.incident_requested.emit(uid)


def _save(uid: EntityId, name: str, desk: Desk, text: str) -> ChangeSet:
    return problems.change(desk, uid, {name: text})
