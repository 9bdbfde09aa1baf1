"""The page of problems (ux.md 2.5): the list with the likeliest one above, and the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.incident import EntityId
from app.services import problems
from app.ui import icons, theme
from app.ui.problems import problem_questions
from app.ui.problems.likely_band import LikelyBand
from app.ui.problems.problem_detail import ProblemDetail
from app.ui.widgets.titled_rows import TitledRows

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.domain.changes import ChangeSet
    from app.services.problems import Details, Listed
    from app.ui.workbench import Workbench

_ID = Qt.ItemDataRole.UserRole
_LIST_WIDTH = 360


class ProblemsPage(QWidget):
    """List at the left, the problem at the right; it reads anew whenever something changes."""

    place = "go.problems"
    """The way here in the sidebar."""

    left = Signal()
    numbers_requested = Signal(list)
    incident_requested = Signal(object)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._wanted: EntityId | None = None
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Problems"))
        self.heading = QLabel(self.tr("Problems"), self)
        self.heading.setProperty("kind", "title")
        self.new = QPushButton(self.tr("&New problem..."), self)
        self.new.setProperty("kind", "secondary")
        icons.bind(self.new, "plus", size=14)
        self.recurring = QPushButton(self.tr("&Recurring..."), self)
        self.recurring.setProperty("kind", "secondary")
        icons.bind(self.recurring, "repeat", size=14)
        self.band = LikelyBand(workbench, self)
        self.list = TitledRows(self.tr("Problems"), self)
        self.detail = ProblemDetail(workbench, self)
        self.nothing = QLabel(
            self.tr(
                "No problem is known yet. A problem is the cause of incidents: open one with "
                "New problem, or from an incident with Link to problem."
            ),
            self,
        )
        self.nothing.setProperty("tone", "hint")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body = QStackedWidget(self)
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.detail)
        self._lay_out()
        self.setFocusProxy(self.list)
        self.new.clicked.connect(self.open_new)
        self.list.currentItemChanged.connect(self._on_current)
        self.band.numbers_requested.connect(self.numbers_requested)
        self.band.opened.connect(self._on_opened)
        self.detail.numbers_requested.connect(self.numbers_requested)
        self.detail.incident_requested.connect(self.incident_requested)
        workbench.bus.published.connect(self._on_published)

    def look(self, uid: EntityId | None = None) -> None:
        """Read everything anew, and choose a problem when one is named."""
        self._wanted = uid or self._wanted
        self._bench.read(problems.every, self._on_read, key="problems")
        self.band.look()

    def let_go(self) -> None:
        """Keep what is typed, before another page comes."""
        self.detail.let_go()

    def open_new(self) -> None:
        """Ask for a new problem."""
        problem_questions.ask_new(self._bench, self.window())

    def current(self) -> EntityId | None:
        """Return the chosen problem."""
        item: QListWidgetItem | None = self.list.currentItem()
        return None if item is None else EntityId(bytes(item.data(_ID)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Esc: from the problem to the list, from the list to the incidents."""
        if event.key() == Qt.Key.Key_Escape:
            if self.list.hasFocus():
                self.left.emit()
            else:
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)

    # --- reading ---------------------------------------------------------------------------------

    def _on_read(self, listed: list[Listed]) -> None:
        chosen = self._wanted or self.current()
        self._wanted = None
        blocked = self.list.blockSignals(True)
        self.list.clear()
        words = self.detail.status_words()
        row = 0
        for place, one in enumerate(listed):
            state = words[one.problem.status]
            counts = self.tr("%n incident(s)", "", one.incidents)
            if one.still_open:
                counts = self.tr("{0}, {1} open").format(counts, one.still_open)
            second = f"{state} \N{MIDDLE DOT} {counts}"
            self.list.add(one.problem.name, second, bytes(one.problem.id))
            if one.problem.id == chosen:
                row = place
        self.list.setCurrentRow(row if listed else -1)
        self.list.blockSignals(blocked)
        self._read_chosen()

    def _on_current(self, _now: object, _before: object) -> None:
        self._read_chosen()

    def _read_chosen(self) -> None:
        uid = self.current()
        if uid is None:
            self.body.setCurrentWidget(self.nothing)
            return
        self._bench.read(
            lambda desk: problems.details(desk, uid, with_pattern=False),
            self._on_details,
            self._on_gone,
            key="problem",
        )

    def _on_details(self, shown: Details) -> None:
        self.detail.show_problem(shown)
        self.body.setCurrentWidget(self.detail)
        if shown.problem.pattern:
            uid = shown.problem.id
            self._bench.read(
                lambda desk: problems.details(desk, uid),
                self.detail.show_pattern,
                self._on_gone,
                key="problem-pattern",
            )

    def _on_gone(self, _error: Exception) -> None:
        """Leave what was removed in between; the list is read anew when that is announced."""

    def _on_opened(self, changes: ChangeSet) -> None:
        self.look(changes.ids["problem"][0])

    def _on_published(self, changes: ChangeSet) -> None:
        if self.isVisible() and changes.kinds & {"problem", "incident", "pattern"}:
            made = changes.ids.get("problem", ())
            self.look(made[0] if changes.title.startswith("Open problem") and made else None)

    def _lay_out(self) -> None:
        px = theme.current().px
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.recurring)
        head.addWidget(self.new)
        side = QWidget(self)
        side.setFixedWidth(px(_LIST_WIDTH))
        column = QVBoxLayout(side)
        column.setContentsMargins(px(14), px(12), px(10), px(10))
        column.setSpacing(px(8))
        column.addLayout(head)
        column.addWidget(self.band)
        column.addWidget(self.list, 1)
        line = QFrame(self)
        line.setProperty("kind", "edge")
        line.setFixedWidth(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        layout.addWidget(line)
        layout.addWidget(self.body, 1)
