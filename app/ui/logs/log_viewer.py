"""Shows a log of any length, what it says, and another log beside it by time (ux.md 2.4).

Lines and findings come in pieces from the reader's lane; nothing here waits for them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.services import log_viewing, viewing
from app.ui import theme
from app.ui.detail.find_lines import FindLines
from app.ui.logs.log_findings import LogFindings
from app.ui.logs.log_model import LogColumn, LogModel
from app.ui.logs.log_reading_bar import LogReadingBar
from app.ui.logs.log_table import LogTable
from app.ui.new_incident.files_row import size_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from PySide6.QtGui import QCloseEvent, QKeyEvent

    from app.domain.incident_record import Attachment
    from app.services.log_viewing import OpenLog, Progress
    from app.ui.workbench import Workbench

_SIZE = (1120, 680)
_PIECE_S = 0.04
_FIRST_MS = 60
"""The first lines are painted before more is read."""
_CITED = 200
"""Lines that are cited at most at once."""


class LogViewer(QDialog):
    """Ctrl+F finds, Enter in the findings goes there, Ctrl+Enter cites, Esc goes a step back."""

    cite_requested = Signal(str)
    open_requested = Signal(object)
    save_requested = Signal(object)

    def __init__(
        self,
        bench: Workbench,
        log: OpenLog,
        others: Sequence[Attachment] = (),
        begins: datetime | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Show a log; `others` can be put beside it, `begins` is when the incident began."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bench, self._log, self._begins = bench, log, begins
        self._second: OpenLog | None = None
        self._stopped = self._first_read = False
        self.done_ = False
        """Whether all that is shown was read to its end."""
        self.setWindowTitle(log.file.name)
        theme.current().fit(self, *_SIZE)
        self.model = LogModel(log, self)
        self.facts = QLabel(self)
        self.facts.setProperty("tone", "quiet")
        self.facts.setWordWrap(True)
        self.bar = LogReadingBar(log, others, self)
        self.lines = LogTable(self.model, self)
        self.findings = LogFindings(self)
        self.progress = QProgressBar(self)
        self.progress.setAccessibleName(self.tr("How much of the log was read"))
        self.progress.setTextVisible(False)
        self.find_lines = FindLines(None, self)
        self._arrange()
        self._connect()
        self._show_facts()
        QTimer.singleShot(_FIRST_MS, self._work)

    # --- building --------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.cite = self._button(self.tr("&Cite"), self._on_cite)
        self.cite.setProperty("kind", "primary")
        self.cite.setToolTip(
            self.tr("Put the chosen lines and their place into the timeline (Ctrl+Enter)")
        )
        self.all = self._button(self.tr("Show &all lines"), self.show_all)
        self.all.setEnabled(False)
        self.stop = self._button(self.tr("S&top reading"), self._on_stop)
        open_ = self._button(self.tr("&Open in its program"), self._on_open)
        save = self._button(self.tr("&Save a copy..."), self._on_save)
        close = self._button(self.tr("Close"), self.reject)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.cite, self.all):
            row.addWidget(button)
        row.addWidget(self.progress, 1)
        row.addWidget(self.stop)
        row.addStretch(1)
        for button in (open_, save, close):
            row.addWidget(button)
        split = QSplitter(self)
        split.addWidget(self.lines)
        split.addWidget(self.findings)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.addWidget(self.facts)
        layout.addWidget(self.bar)
        layout.addWidget(split, 1)
        layout.addWidget(self.find_lines)
        layout.addLayout(row)
        self.lines.setFocus()
        if self._log.lines.count:
            self.lines.selectRow(0)

    def _button(self, text: str, wanted: Any) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(wanted)
        return button

    def _connect(self) -> None:
        self.findings.template_chosen.connect(self._on_template_chosen)
        self.findings.errors_chosen.connect(self._on_errors_chosen)
        self.findings.line_chosen.connect(self.go_to_line)
        self.findings.time_chosen.connect(self._on_time_chosen)
        self.find_lines.wanted_changed.connect(self._on_wanted_changed)
        self.find_lines.line_found.connect(self.go_to_line)
        self.find_lines.left.connect(self.lines.setFocus)
        self.bar.encoding_chosen.connect(self._on_encoding_chosen)
        self.bar.times_chosen.connect(self._on_times_chosen)
        self.bar.second_chosen.connect(self._on_second_chosen)
        self.bar.later_chosen.connect(self._on_later_chosen)

    # --- reading ---------------------------------------------------------------------------------

    def _work(self) -> None:
        if self._stopped:
            return
        second = self._second
        log = second if second is not None and self._first_read else self._log
        self._bench.read(
            lambda _desk: (log, log.work(_PIECE_S)), self._on_worked, self._on_failed, key=id(self)
        )

    def _on_worked(self, worked: tuple[OpenLog, Progress]) -> None:
        log, got = worked
        if self.model.shows_all and log is self._log:
            self.model.show_all()
        self.progress.setMaximum(max(1, got.lines))
        self.progress.setValue(got.read)
        self.progress.setVisible(not got.done)
        self.stop.setVisible(not got.done)
        self._show_facts()
        if not got.done:
            QTimer.singleShot(0, self._work)
        elif log is self._second:
            self._merge()
        elif log is self._log:
            self._first_read = True
            self._summarise()
            if self._second is not None:
                self._work()

    def _summarise(self) -> None:
        log = self._log
        self._bench.read(lambda _desk: log.summary(), self._on_read, key=("log-summary", id(self)))

    def _on_read(self, found: log_viewing.LogSummary) -> None:
        self.done_ = True
        self.findings.show_summary(found, self._begins)

    def _on_failed(self, error: Exception) -> None:
        self._stopped = True
        self.progress.hide()
        self.stop.hide()
        self._bench.say_error(error)

    def _on_stop(self) -> None:
        self._stopped = True
        self.progress.hide()
        self.stop.hide()
        self._summarise()

    def _show_facts(self) -> None:
        log = self._log
        facts = [
            size_words(log.file.size),
            f"SHA-256 {log.file.sha256[:12]}",
            self.tr("{0} lines").format(self.locale().toString(log.lines.count)),
        ]
        if not log.lines.whole:
            facts.append(self.tr("only the beginning is shown"))
        if len(self.model.logs) > 1:
            both = self.locale().toString(self.model.rowCount())
            facts.append(self.tr("{0} together with the other log").format(both))
        elif not self.model.shows_all:
            shown = self.locale().toString(self.model.rowCount())
            facts.append(self.tr("{0} of them shown").format(shown))
        self.facts.setText(" \u00b7 ".join(facts))

    # --- which lines -----------------------------------------------------------------------------

    def show_all(self) -> None:
        """Show all lines again, the current one stays."""
        at = self.lines.currentIndex().row()
        line = self.model.source(at)[1] if at >= 0 else 0
        self._end_second()
        self.model.show_all()
        self.all.setEnabled(False)
        self.go_to_line(line)
        self._show_facts()

    def go_to_line(self, line: int) -> None:
        """Put the cursor on a line of the first log, from 0; all lines are shown if it is not."""
        row = self.model.row_of(line)
        if row < 0 or self.model.source(row)[1] != line:
            self.model.show_all()
            self.all.setEnabled(False)
            row = self.model.row_of(line)
        if row >= 0:
            self.lines.selectionModel().setCurrentIndex(
                self.model.index(row, LogColumn.TEXT),
                QItemSelectionModel.SelectionFlag.ClearAndSelect
                | QItemSelectionModel.SelectionFlag.Rows,
            )
            self.lines.scrollTo(
                self.model.index(row, LogColumn.LINE),
                QAbstractItemView.ScrollHint.PositionAtCenter,
            )

    def _on_template_chosen(self, number: int) -> None:
        self._bench.read(lambda _desk: self._log.rows_of(number), self._on_lines, key="log-lines")

    def _on_errors_chosen(self) -> None:
        self._bench.read(lambda _desk: self._log.errors(), self._on_lines, key="log-lines")

    def _on_lines(self, lines: Sequence[int]) -> None:
        self._end_second()
        self._show([line * 2 for line in lines])

    def _show(self, rows: Sequence[int]) -> None:
        self.model.show_rows(rows)
        self.all.setEnabled(True)
        if rows:
            self.lines.selectRow(0)
        self.lines.setFocus()
        self._show_facts()

    def _on_time_chosen(self, at: datetime) -> None:
        self.go_to_line(self._log.line_at(at))
        self.lines.setFocus()

    def _on_wanted_changed(self, text: str) -> None:
        self._bench.read(
            lambda _desk: self._log.lines.holding(text), self._on_found, key="log-find"
        )

    def _on_found(self, lines: list[int]) -> None:
        self.find_lines.show_found(lines)

    # --- another reading, another log ------------------------------------------------------------

    def _on_encoding_chosen(self, encoding: str) -> None:
        self._stopped = True
        self._bench.read(
            lambda _desk: self._log.read_as(encoding), self._on_read_anew, key=id(self)
        )

    def _on_times_chosen(self, name: str) -> None:
        self._stopped = True
        self._bench.read(lambda _desk: self._log.take_times(name), self._on_read_anew, key=id(self))

    def _on_read_anew(self, log: OpenLog) -> None:
        self._end_second()
        self._log = log
        self.model.logs = [log]
        self.model.show_rows(range(0, log.lines.count * 2, 2))
        self.bar.show_log(log)
        self._stopped = self._first_read = self.done_ = False
        self._work()

    def _on_second_chosen(self, file: Attachment | None) -> None:
        if file is None:
            self.show_all()
            return
        self.done_ = False
        self._bench.read(
            lambda desk: log_viewing.open_log(desk, file), self._on_second_read, key=id(self)
        )

    def _on_second_read(self, log: OpenLog | None) -> None:
        if log is None or not log.has_times or not self._log.has_times:
            self._bench.say(self.tr("Both files need times that are understood."), "warn")
            self.bar.end_second()
            return
        self._second = log
        self._stopped = False
        self._work()

    def _on_later_chosen(self, _minutes: int) -> None:
        if self._second is not None and self._second is self.model.logs[-1]:
            self.done_ = False
            self._merge()

    def _merge(self) -> None:
        first, second = self._log, self._second
        if second is not None:
            later = timedelta(minutes=self.bar.later.value())
            self._bench.read(
                lambda _desk: (second, later, log_viewing.merged(first, second, later)),
                self._on_merged,
                key=id(self),
            )

    def _on_merged(self, got: tuple[OpenLog, timedelta, Sequence[int]]) -> None:
        second, self.model.later, rows = got
        if second is not self._second:
            return
        self.done_ = True
        self.model.logs = [self._log, second]
        self.lines.setColumnHidden(LogColumn.TIME, False)
        self._show(rows)
        self.lines.resizeColumnToContents(LogColumn.LINE)

    def _end_second(self) -> None:
        if self._second is not None:
            self._second = None
            self.lines.setColumnHidden(LogColumn.TIME, True)
            self.bar.end_second()
        if not self.model.shows_all or len(self.model.logs) > 1:
            self.model.show_rows(range(0, self._log.lines.count * 2, 2))
            self.model.logs = [self._log]

    # --- doing -----------------------------------------------------------------------------------

    def chosen(self) -> list[tuple[Attachment, int, str]]:
        """Return the chosen lines: file, number from 1, text."""
        rows = sorted(one.row() for one in self.lines.selectionModel().selectedRows())
        found = []
        for row in rows[:_CITED]:
            log, line = self.model.source(row)
            found.append((log.file, line + 1, self.model.text(row)))
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cite with Ctrl+Enter, find with Ctrl+F, step with F3, copy with Ctrl+C, back with Esc."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and control:
            self._on_cite()
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText("\n".join(text for _, _, text in self.chosen()))
        elif event.key() == Qt.Key.Key_F and control:
            self.find_lines.start()
        elif event.key() == Qt.Key.Key_F3:
            self.find_lines.step(back=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape and self.all.isEnabled():
            self.show_all()
        else:
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Read no more once the window is closed."""
        self._stopped = True
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Read no more."""
        self._stopped = True
        super().closeEvent(event)

    def _on_cite(self) -> None:
        lines = self.chosen()
        if lines:
            self.cite_requested.emit(viewing.cited_lines(lines))

    def _on_open(self) -> None:
        self.open_requested.emit(self._log.file)

    def _on_save(self) -> None:
        self.save_requested.emit(self._log.file)
