"""Everything that recurs more than chance, each with its arithmetic and what can be done with it.

GUI thread only; what recurs is counted in the reader lane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.patterns import USUAL_WEEKS, WINDOW_DAYS
from app.services import patterns, problems
from app.ui import theme
from app.ui.pattern_words import group_words

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.services.problems import Flagged
    from app.ui.workbench import Workbench


class RecurringWindow(QDialog):
    """A list of patterns; Enter shows the incidents of the chosen one."""

    numbers_requested = Signal(list)
    """Numbers of incidents to show in the list."""
    opened = Signal(object)
    """The `ChangeSet` of a problem that was opened from a pattern."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._found: list[Flagged] = []
        px = theme.current().px
        theme.current().fit(self, 640, 480)
        self.setWindowTitle(self.tr("What recurs"))
        self.rule = QLabel(self)
        self.rule.setProperty("tone", "quiet")
        self.rule.setWordWrap(True)
        self.rule.setText(
            self.tr(
                "The last {0} days beside the {1} weeks before them: what came so often that it "
                "would come by chance less than once in a hundred times."
            ).format(WINDOW_DAYS, USUAL_WEEKS)
        )
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("What recurs"))
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = QLabel(self.tr("Counting..."), self)
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_them = QPushButton(self.tr("&Show the incidents"), self)
        self.open_one = QPushButton(self.tr("&Open a problem"), self)
        self.dismiss = QPushButton(self.tr("&Dismiss"), self)
        self.close_ = QPushButton(self.tr("Close"), self)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        for button in (self.show_them, self.open_one, self.dismiss):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.close_)
        for button in (self.show_them, self.open_one, self.dismiss, self.close_):
            button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(10))
        layout.addWidget(self.rule)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.nothing, 1)
        layout.addLayout(row)
        self.list.hide()
        self.list.currentRowChanged.connect(self._on_row)
        self.list.itemActivated.connect(self._on_show)
        self.show_them.clicked.connect(self._on_show)
        self.open_one.clicked.connect(self._on_open)
        self.dismiss.clicked.connect(self._on_dismiss)
        self.close_.clicked.connect(self.reject)
        workbench.bus.published.connect(self._on_published)
        self._on_row(-1)
        self.look()

    def look(self) -> None:
        """Ask what recurs now."""
        self._bench.read(problems.flagged, self._on_found, key="recurring")

    def _on_found(self, found: list[Flagged]) -> None:
        before = self._chosen()
        self._found = found
        self.list.clear()
        for one in found:
            item = QListWidgetItem(self._words(one))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, self._words(one).replace("\n", ", "))
            self.list.addItem(item)
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self.nothing.setText(self.tr("Nothing recurs more than chance."))
        keys = [str(one.recurring.pattern.group) for one in found]
        key = "" if before is None else str(before.recurring.pattern.group)
        self.list.setCurrentRow(keys.index(key) if key in keys else 0 if found else -1)
        (self.list if found else self.close_).setFocus(Qt.FocusReason.OtherFocusReason)

    def _words(self, one: Flagged) -> str:
        pattern = one.recurring.pattern
        said = self.tr("{0} incidents share {1}").format(pattern.count, group_words(pattern.group))
        lines = [said, pattern.arithmetic()]
        if one.problem:
            lines.append(self.tr("Problem: {0}").format(one.problem))
        elif one.recurring.is_dismissed:
            lines.append(self.tr("Dismissed until another incident joins"))
        return "\n".join(lines)

    def _chosen(self) -> Flagged | None:
        row = self.list.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def _on_row(self, _row: int) -> None:
        one = self._chosen()
        self.show_them.setEnabled(one is not None)
        self.open_one.setEnabled(one is not None and not one.problem)
        self.dismiss.setEnabled(one is not None and not one.recurring.is_dismissed)

    def _on_show(self) -> None:
        one = self._chosen()
        if one is not None:
            self.accept()
            self.numbers_requested.emit(one.recurring.numbers)

    def _on_open(self) -> None:
        one = self._chosen()
        if one is not None:
            group = str(one.recurring.pattern.group)
            self._bench.write(lambda desk: problems.open_from_pattern(desk, group), self._on_opened)

    def _on_opened(self, changes: ChangeSet) -> None:
        self.accept()
        self.opened.emit(changes)

    def _on_dismiss(self) -> None:
        one = self._chosen()
        if one is not None:
            group = str(one.recurring.pattern.group)
            self._bench.write(lambda desk: patterns.dismiss(desk, group))

    def _on_published(self, changes: ChangeSet) -> None:
        if self.isVisible() and changes.kinds & {"problem", "incident", "pattern"}:
            self.look()
