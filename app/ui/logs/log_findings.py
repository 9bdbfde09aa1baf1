"""What a log says, as a tree: templates with counts, errors, gaps and bursts; Enter goes there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from app.ui.detail.timeline_words import clock
from app.ui.widgets.time_words import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from app.services.log_viewing import LogSummary

_DO = Qt.ItemDataRole.UserRole
_TEMPLATES = 200
_RAREST = 10
_NEAR = timedelta(minutes=30)


class LogFindings(QTreeWidget):
    """Enter or a double click on a template shows its lines, on anything else goes to its line."""

    template_chosen = Signal(int)
    errors_chosen = Signal()
    line_chosen = Signal(int)
    time_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("What the log says"))
        self.setHeaderLabels([self.tr("Count"), self.tr("What the log says")])
        self.setUniformRowHeights(True)
        self.setTabKeyNavigation(False)
        self.itemActivated.connect(self._on_activated)

    def show_summary(self, found: LogSummary, begins: datetime | None) -> None:
        """Show what was found; what is near `begins`, when the incident began, is marked."""
        self.clear()
        self._part(
            self.tr("Templates ({0})").format(len(found.templates)),
            (
                (str(one.count), one.text, ("template", one.number))
                for one in found.templates[:_TEMPLATES]
            ),
        )
        if found.errors:
            all_errors = self.tr("Show all {0} lines with errors").format(found.error_lines)
            self._part(
                self.tr("First errors"),
                [
                    (str(found.error_lines), all_errors, ("errors", 0)),
                    *(
                        (self.tr("line {0}").format(one.line), one.text, ("line", one.line))
                        for one in found.errors
                    ),
                ],
            )
            self._part(
                self.tr("Rarest errors"),
                (
                    (str(one.count), one.first.text, ("line", one.first.line))
                    for one in found.rarest_errors[:_RAREST]
                ),
            )
        self._part(
            self.tr("Gaps"),
            (
                (
                    spoken(int(one.length.total_seconds() * 1000)),
                    self._near(
                        self.tr("nothing from {0} to {1}").format(
                            clock(one.begins), clock(one.ends)
                        ),
                        begins,
                        one.begins,
                        one.ends,
                    ),
                    ("line", one.line),
                )
                for one in found.gaps
            ),
        )
        self._part(
            self.tr("Bursts"),
            (
                (
                    str(one.lines),
                    self._near(
                        self.tr("lines in {0} from {1}").format(
                            spoken(one.seconds * 1000), clock(one.begins)
                        ),
                        begins,
                        one.begins,
                        one.begins + timedelta(seconds=one.seconds),
                    ),
                    ("time", one.begins),
                )
                for one in found.bursts
            ),
        )
        self._part(
            self.tr("Levels"),
            (
                (QLocale().toString(count), level, ("nothing", 0))
                for level, count in found.levels.most_common()
            ),
        )
        if begins is not None:
            self._part(
                self.tr("The incident"),
                [("", self.tr("Go to when it began: {0}").format(clock(begins)), ("time", begins))],
            )
        self.resizeColumnToContents(0)
        first = self.topLevelItem(0)
        if first is not None:
            self.setCurrentItem(first)

    def _near(self, words: str, begins: datetime | None, first: datetime, last: datetime) -> str:
        if begins is not None and first - _NEAR <= begins <= last + _NEAR:
            return self.tr("{0}, when the incident began").format(words)
        return words

    def _part(self, title: str, lines: Iterable[tuple[str, str, tuple[str, object]]]) -> None:
        found = list(lines)
        if not found:
            return
        part = QTreeWidgetItem(self, [title])
        part.setFirstColumnSpanned(True)
        part.setExpanded(True)
        for count, text, do in found:
            item = QTreeWidgetItem(part, [count, text])
            item.setTextAlignment(0, Qt.AlignmentFlag.AlignRight)
            item.setToolTip(1, text)
            item.setData(0, _DO, do)
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{count} {text}")

    def _on_activated(self, item: QTreeWidgetItem, _column: int) -> None:
        do = item.data(0, _DO)
        if do is None:
            return
        kind, value = do
        if kind == "template":
            self.template_chosen.emit(value)
        elif kind == "errors":
            self.errors_chosen.emit()
        elif kind == "line":
            self.line_chosen.emit(value - 1)
        elif kind == "time":
            self.time_chosen.emit(value)
