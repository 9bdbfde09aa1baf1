"""Export this view as PDF: which incidents of it, closed when, as one file or one each.

The files are written in the long lane with a brake. GUI thread only.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.services import report_batch
from app.ui.report.language_box import LanguageBox
from app.ui.widgets.save_place import ask_save_place

if TYPE_CHECKING:
    from datetime import date

    from app.services.desk import Desk
    from app.ui.keeping.long_run import LongRun
    from app.ui.workbench import Workbench

_WIDTH = 460


class ExportPdfDialog(QDialog):
    """Asks, writes, and says where it is."""

    exported = Signal(object)
    """The facts about what was written."""

    def __init__(
        self,
        workbench: Workbench,
        text: str,
        name: str,
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench, self._text, self._name = workbench, text, name
        self.setWindowTitle(self.tr("Export this view as PDF"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(workbench.theme.px(_WIDTH))
        month, year = f"{today:%Y-%m}", today.year
        before = f"{year - 1}-12" if today.month == 1 else f"{year}-{today.month - 1:02}"
        self.which = self._box(
            (self.tr("Closed ones only"), "status:closed"),
            (self.tr("All; open ones are marked as interim"), ""),
        )
        self.period = self._box(
            (self.tr("At any time"), ""),
            (self.tr("Closed this month"), f"closed:{month}"),
            (self.tr("Closed last month"), f"closed:{before}"),
            (self.tr("Closed this year"), f"closed:{year}"),
            (self.tr("Closed last year"), f"closed:{year - 1}"),
        )
        self.shape = self._box(
            (self.tr("One PDF, numbered through"), "one"),
            (self.tr("One file for each, in a folder"), "each"),
        )
        self.language = LanguageBox(self)
        form = QFormLayout()
        for title, box in (
            (self.tr("Incidents of the view"), self.which),
            (self.tr("Period"), self.period),
            (self.tr("Written as"), self.shape),
            (self.tr("Language"), self.language),
        ):
            form.addRow(title, box)
            box.setAccessibleName(title)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setProperty("tone", "quiet")
        self.export = QPushButton(self.tr("Export..."), self)
        self.export.setProperty("kind", "primary")
        self.export.setDefault(True)
        self.export.clicked.connect(self._on_export)
        foot = QHBoxLayout()
        foot.addWidget(self.words, 1)
        foot.addWidget(self.export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addLayout(foot)

    def _box(self, *entries: tuple[str, str]) -> QComboBox:
        box = QComboBox(self)
        for text, data in entries:
            box.addItem(text, data)
        return box

    def filter_text(self) -> str:
        """Return the line of the filter language for what is chosen."""
        parts = (self._text, self.which.currentData(), self.period.currentData())
        return " ".join(part for part in parts if part)

    def _on_export(self) -> None:
        if self.shape.currentData() == "one":
            path = ask_save_place(
                self, self.tr("Export"), str(Path.home() / f"{self._name}.pdf"), "PDF (*.pdf)"
            )
        else:
            chosen = QFileDialog.getExistingDirectory(
                self, self.tr("A folder for the reports"), str(Path.home())
            )
            path = Path(chosen) if chosen else None
        if path is not None:
            self._export_to(path)

    def _export_to(self, path: Path) -> None:
        from app.ui.keeping.long_run import LongRun

        text, language = self.filter_text(), self.language.code()
        write = (
            report_batch.write_bundle
            if self.shape.currentData() == "one"
            else report_batch.write_reports
        )

        def work(desk: Desk, run: LongRun) -> dict[str, Any]:
            uids = report_batch.chosen(desk, text)
            return write(
                desk, uids, path, language=language, progress=run.tell, cancelled=run.is_stopped
            )

        run = LongRun(self._bench, self.tr("Exporting to {0}").format(path.name), work, self)
        run.finished_with.connect(self._on_exported)
        run.refused.connect(self.words.setText)
        run.start()

    def _on_exported(self, facts: dict[str, Any]) -> None:
        words = self.tr("%n report(s) written to {0}", "", int(facts["written"]))
        self._bench.say(words.format(facts["path"]), "ok")
        self.exported.emit(facts)
        self.accept()
