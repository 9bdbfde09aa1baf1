"""Import: choose a file, see how it is read, try it without writing, then take it in.

Looking at a file runs in the reader lane, the dry run and the import in the store lane, each with a
brake; the window stays usable. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.services import import_mappings, importing
from app.ui import icons, theme
from app.ui.importing import import_plan
from app.ui.importing.column_table import ColumnTable
from app.ui.importing.dialog_parts import button, label
from app.ui.importing.import_job import WHOLE, ImportJob
from app.ui.importing.import_plan import Choice
from app.ui.importing.mapping_saver import MappingSaver
from app.ui.importing.reading_fields import ReadingFields
from app.ui.widgets.save_place import ask_save_place
from app.ui.widgets.text_table import TextTable, text_view

if TYPE_CHECKING:
    from app.services.importing import ImportResult
    from app.ui.importing.import_plan import Look
    from app.ui.workbench import Workbench

_REJECTS_TAB = 3


class ImportDialog(QDialog):
    """Ask for a file and import it; Esc stops a run first, and closes only then."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._choice = Choice("")
        self._look: Look | None = None
        self._looking: ImportJob | None = None
        self._job: ImportJob | None = None
        self.result_: ImportResult | None = None
        self.setWindowTitle(self.tr("Import incidents"))
        self.setAcceptDrops(True)
        theme.current().fit(self, 900, 600)
        self.path = QLineEdit(self)
        self.path.setAccessibleName(self.tr("File to import"))
        self.path.setPlaceholderText(
            self.tr("Drop a CSV, JSON, XLSX, XML, SQL or .zip file here, or choose one")
        )
        self.path.setAcceptDrops(False)
        self.choose = button(self, self.tr("C&hoose..."), "secondary")
        icons.bind(self.choose, "upload")
        self.reading = ReadingFields(self)
        self.facts = label(self, "quiet")
        self.problem = label(self, "danger")
        self.problem.hide()
        self.columns = ColumnTable(self)
        self.first_rows, self.rejects = TextTable(self), TextTable(self)
        self.rejects_view = text_view(self.tr("Rejected rows"), self.rejects, self)
        self.preview = text_view(self.tr("First rows"), self.first_rows, self)
        self.first_incidents = TextTable(self)
        self.as_incidents = text_view(self.tr("As incidents"), self.first_incidents, self)
        self.saver = MappingSaver(self)
        self.said = label(self, "")
        self.tabs = QTabWidget(self)
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName(self.tr("Columns, first rows, result"))
        self.progress = QProgressBar(self)
        self.progress.setRange(0, WHOLE)
        self.progress.setAccessibleName(self.tr("How far it is"))
        self.progress.hide()
        self.save = button(self, self.tr("Save re&jected rows..."), "secondary")
        self.save.hide()
        self.stop = button(self, self.tr("Close"), "secondary")
        self.try_ = button(self, self.tr("&Try without writing"), "secondary")
        self.import_ = button(self, self.tr("&Import"), "primary")
        self._lay_out()
        self._connect()
        self._show_state()
        self.choose.setFocus()

    def _lay_out(self) -> None:
        px = theme.current().px
        file = QHBoxLayout()
        file.setSpacing(px(8))
        file.addWidget(self.path, 1)
        file.addWidget(self.choose)
        result = QWidget(self)
        told = QVBoxLayout(result)
        told.setContentsMargins(0, px(8), 0, 0)
        told.addWidget(self.said)
        told.addWidget(self.rejects_view, 1)
        told.addStretch()
        self.tabs.addTab(self.saver.under(self.columns), self.tr("Columns"))
        self.tabs.addTab(self.preview, self.tr("First rows"))
        self.tabs.addTab(self.as_incidents, self.tr("As incidents"))
        self.tabs.addTab(result, self.tr("Result"))
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.save)
        buttons.addWidget(self.progress, 1)
        buttons.addStretch(1)
        for part in (self.stop, self.try_, self.import_):
            buttons.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(14))
        layout.setSpacing(px(10))
        layout.addLayout(file)
        layout.addWidget(self.problem)
        layout.addWidget(self.reading)
        layout.addWidget(self.facts)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.path.returnPressed.connect(self._on_path)
        self.choose.clicked.connect(self._on_choose)
        self.reading.changed.connect(self._on_reading)
        self.columns.placed.connect(self._on_placed)
        self.saver.save_requested.connect(self._on_save_mapping)
        self._bench.read(import_mappings.saved, self.reading.offer_saved)
        self.try_.clicked.connect(self._on_try)
        self.import_.clicked.connect(self._on_import)
        self.stop.clicked.connect(self.reject)
        self.save.clicked.connect(self._on_save)
        shortcut = QShortcut(self)
        shortcut.setKeys([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        shortcut.activated.connect(self._on_import)

    # --- the file --------------------------------------------------------------------------------

    def open_file(self, path: str) -> None:
        """Look at a file; everything about it is guessed anew."""
        self.path.setText(path)
        self.reading.forget()
        self._choose(Choice(path))

    def _on_path(self) -> None:
        self.open_file(self.path.text().strip().strip('"'))

    def _on_choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Import incidents"),
            QFileInfo(self.path.text()).absolutePath() if self.path.text() else "",
            self.tr(
                "Incidents (*.csv *.tsv *.txt *.json *.xlsx *.xml *.sql *.zip *.incidents"
                " *.xz *.gz);;All (*)"
            ),
        )
        if path:
            self.open_file(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file that is dragged over the dialog."""
        if self._job is None and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the file that is dropped."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                event.acceptProposedAction()
                self.open_file(url.toLocalFile())
                return

    def _on_reading(self) -> None:
        reading = self.reading
        self._choose(
            Choice(
                self._choice.path,
                reading.mapping.currentData(),
                (),
                reading.encoding.currentData(),
                reading.delimiter.currentData(),
                reading.dates.currentData(),
            )
        )

    def _on_placed(self, column: str, target: str) -> None:
        """Place a column; the column that a person put there before is kept as its own field."""
        if self._look is None:
            return
        placed = dict(self._choice.columns)
        if target in import_plan.FIELDS and target not in import_plan.SHARED_FIELDS:
            placed = {name: field for name, field in placed.items() if field != target}
        placed[column] = target
        self.reading.set_mapping(self._choice.mapping or self._look.mapping)
        self._choose(
            self._choice._replace(
                mapping=self._choice.mapping or self._look.mapping, columns=tuple(placed.items())
            )
        )

    def _choose(self, choice: Choice) -> None:
        self._choice = choice
        self._look = None
        self._forget_result()
        if self._looking is not None:
            self._looking.stop()
        if choice.path:
            self._looking = ImportJob(choice, self)
            self._bench.read(
                self._looking.look, self._on_look, self._on_no_look, key=("import look", id(self))
            )
        self._show_state()

    def _on_look(self, look: Look) -> None:
        if look.choice != self._choice:
            return
        self._look = look
        self._show_problem("")
        sure = self.tr("{0}; read as {1} ({2} % sure)").format(
            look.dialect, look.title, round(look.confidence * 100)
        )
        notes = list(look.notes)
        if not look.editable:
            notes.append(
                self.tr("{0} is read by rules of its own, so its columns stay as they are.").format(
                    look.title
                )
            )
        self.facts.setText("\n".join([sure, *notes]))
        if not look.choice.mapping:
            self.reading.name_guess(look.title)
        self.reading.delimiter.setEnabled(look.kind == "csv")
        self.columns.show_look(look)
        self.first_rows.show_rows(tuple(look.columns), look.rows)
        self.preview.resizeColumnsToContents()
        self.first_incidents.show_rows(import_plan.incident_header(), look.incidents)
        self.as_incidents.resizeColumnsToContents()
        if self.tabs.currentIndex() == _REJECTS_TAB:
            self.tabs.setCurrentIndex(0)
        self._show_state()

    def _on_no_look(self, error: Exception) -> None:
        self.facts.clear()
        self._show_problem(str(error))
        self._show_state()

    def _on_save_mapping(self, name: str) -> None:
        look, choice = self._look, self._choice
        if look is not None:
            self._bench.read(
                lambda desk: import_plan.save_mapping(desk, name, choice, look),
                self._on_mapping_saved,
                self._on_failed,
            )

    def _on_mapping_saved(self, file: str) -> None:
        self.reading.set_mapping(file)
        self._on_reading()
        self._bench.say(self.tr("The mapping is saved; choose it under Read as"))

    # --- running ---------------------------------------------------------------------------------

    def _on_try(self) -> None:
        self._run(dry_run=True)

    def _on_import(self) -> None:
        self._run(dry_run=False)

    def _run(self, *, dry_run: bool) -> None:
        if self._job is not None:
            return
        if self._look is None:
            if not self.problem.isVisible():
                self._show_problem(self.tr("Choose the file to import first."))
            self.choose.setFocus()
            return
        self._forget_result()
        self._job = ImportJob(self._choice, self)
        self._job.progressed.connect(self.progress.setValue)
        self.progress.setValue(0)
        self._show_problem("")
        self._show_state()
        act = self._job.try_out if dry_run else self._job.write
        self._bench.run_long(act, self._on_done, self._on_failed)

    def _on_done(self, result: ImportResult) -> None:
        self._end()
        self.result_ = result
        if importing.made_by(result):
            self._bench.bus.publish(result.changes)
            self._bench.say(result.sentence(), undo=True)
        words = [result.sentence()]
        if result.rejected_count > len(result.rejected):
            listed = f"{len(result.rejected):,}"
            words.append(self.tr("The first {0} are listed.").format(listed))
        known = self._look.notes if self._look is not None else ()
        words += [note for note in result.notes if note not in known]
        self.said.setText("\n".join(words))
        header = (self.tr("Line"), self.tr("Why it is rejected"))
        rejected = sorted(result.rejected, key=lambda one: one.line)
        self.rejects.show_rows(header, [(str(one.line), one.reason) for one in rejected])
        self.rejects_view.horizontalHeader().setStretchLastSection(True)
        self.rejects_view.setVisible(bool(result.rejected))
        self.tabs.setCurrentIndex(_REJECTS_TAB)
        self._show_state()
        self.said.setAccessibleName(self.said.text())
        (self.import_ if result.dry_run else self.stop).setFocus()

    def _on_failed(self, error: Exception) -> None:
        self._end()
        self._show_problem(str(error))
        self._show_state()

    def _end(self) -> None:
        if self._job is not None:
            self._job.deleteLater()
            self._job = None
            self._leave()

    def reject(self) -> None:
        """Stop what runs; close when nothing does, or at the second time."""
        if self._job is not None and not self._job.is_stopped():
            self._job.stop()
            self.stop.setEnabled(False)
            self.stop.setText(self.tr("Stopping..."))
            return
        if self._looking is not None:
            self._looking.stop()
        super().reject()

    def done(self, result: int) -> None:
        """Close for good, but never before the answer of a run was published."""
        super().done(result)
        self._leave()

    def _leave(self) -> None:
        if self.parent() is not None and self._job is None and not self.isVisible():
            self.deleteLater()

    # --- rejected rows ---------------------------------------------------------------------------

    def _on_save(self) -> None:
        path = ask_save_place(
            self,
            self.tr("Save rejected rows"),
            f"{self._choice.path}.rejected.csv",
            self.tr("CSV (*.csv)"),
        )
        if path is not None:
            self.save_rejects(str(path))

    def save_rejects(self, path: str) -> None:
        """Write the rejected rows of the last run as CSV."""
        if self.result_ is None:
            return
        choice, rejected = self._choice, self.result_.rejected
        self._bench.read(
            lambda _desk: import_plan.save_rejects(choice, rejected, path),
            self._on_saved,
            self._on_failed,
        )

    def _on_saved(self, count: int) -> None:
        self._bench.say(self.tr("%n rejected row(s) saved", "", count))

    # --- what is shown ---------------------------------------------------------------------------

    def _forget_result(self) -> None:
        self.result_ = None
        self.said.setText(self.tr("Nothing was tried yet."))
        self.rejects.show_rows((), ())
        self.rejects_view.hide()

    def _show_state(self) -> None:
        runs, result = self._job is not None, self.result_
        for part in (self.path, self.choose, self.reading, self.columns, self.try_, self.import_):
            part.setEnabled(not runs)
        self.progress.setVisible(runs)
        self.stop.setEnabled(True)
        self.stop.setText(self.tr("Stop") if runs else self.tr("Close"))
        self.save.setVisible(result is not None and bool(result.rejected))
        words = self.tr("&Import")
        if result is not None and result.dry_run and not result.cancelled:
            words = self.tr("&Import {0}").format(f"{result.created + result.updated:,}")
        self.import_.setText(words)

    def _show_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setAccessibleName(sentence)
        self.problem.setVisible(bool(sentence))
