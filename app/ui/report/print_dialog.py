"""Print, save or look at the reports of the chosen incidents: Ctrl+P (ux.md 6).

The pages are those of the PDF that is printed and saved. They are made in the reader lane, and
printed in the long lane with a brake; neither changes a record. GUI thread only.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import KnownError
from app.reports import pages
from app.services import report_batch, reporting
from app.system import printers
from app.ui.report import picture_print
from app.ui.report.pages_view import PagesView
from app.ui.report.print_choices import PrintChoices
from app.ui.widgets.save_place import ask_save_place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QShowEvent

    from app.domain.incident import EntityId
    from app.reports.pages import PageImage
    from app.services.desk import Desk
    from app.system.printers import PrintOptions
    from app.ui.incident_commands import Chosen
    from app.ui.keeping.long_run import LongRun, Work
    from app.ui.workbench import Workbench

    LaidOut = tuple[Chosen, list[tuple[float, float]]]
    """A report and the sizes of its pages in points."""

_SIZE = (1080, 820)
_REPORTS_AT_ONCE = 5
_REST_MS = 150


class Offer(NamedTuple):
    """What this computer can print on."""

    names: list[str]
    paper: str
    pdf: bool


class Look(NamedTuple):
    """The paper and the language of the reports; the language is "" for that of the settings."""

    paper: str
    language: str


class PrintDialog(QDialog):
    """Enter prints, Ctrl+S saves the PDF."""

    def __init__(
        self, workbench: Workbench, incidents: Sequence[Chosen], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._made: dict[tuple[EntityId, str, str], bytes] = {}
        self._chosen: list[Chosen] = []
        self._rows: list[tuple[Chosen, int]] = []
        """The report and the page of it in each row of the preview."""
        self._laid_out = self._turn = 0
        self.setWindowTitle(self.tr("Print"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        workbench.theme.fit(self, *_SIZE)
        self.choices = PrintChoices(incidents, workbench.theme, self)
        self.view = PagesView(self)
        self.words = QLabel(self.tr("Making the report"), self)
        self.words.setProperty("tone", "quiet")
        self.words.setWordWrap(True)
        self.print_ = QPushButton(self.tr("Print"), self)
        self.print_.setProperty("kind", "primary")
        self.print_.setDefault(True)
        self.print_.clicked.connect(self._on_print)
        self.save = QPushButton(self.tr("Save as PDF..."), self)
        self.save.clicked.connect(self._on_save)
        self.look = QPushButton(self.tr("Open in the system viewer"), self)
        self.look.clicked.connect(self._on_look)
        for button in (self.save, self.look):
            button.setAutoDefault(False)
        QShortcut(QKeySequence("Ctrl+S"), self, self._on_save)
        sides = QHBoxLayout()
        sides.addWidget(self.choices)
        sides.addWidget(self.view, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.words, 1)
        for button in (self.look, self.save, self.print_):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addLayout(sides, 1)
        layout.addLayout(foot)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_REST_MS)
        self._soon.timeout.connect(self._make_pages)
        self.choices.changed.connect(self._on_changed)
        self.choices.printer_changed.connect(self._on_printer)
        self.view.zoomed.connect(self._soon.start)
        self.view.area.scrolled.connect(self._paint_next)
        self.view.area.setFocus()
        self._asked = False

    # --- what is shown ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the printers and the pages, now that their width is known."""
        super().showEvent(event)
        if not self._asked:
            self._asked = True
            self._bench.read(_offer, self._on_offer, self._on_failed, key="print-offer")

    def _on_offer(self, offer: Offer) -> None:
        self.choices.offer(offer.names, offer.paper, pdf=offer.pdf)
        self._make_pages()

    def _on_changed(self) -> None:
        self._on_printer()
        self._soon.start()

    def _on_printer(self) -> None:
        name = self.choices.printer.currentData() or ""
        pdf = self.choices.way.findData("pdf") >= 0
        self._bench.read(
            lambda _desk: _usual_paper(name, pdf=pdf), self._on_sheet, key="print-sheet"
        )

    def _on_sheet(self, usual: str) -> None:
        self.choices.tell_sheet(usual)

    def _make_pages(self) -> None:
        """Begin anew: other reports, other paper, another zoom."""
        self._turn += 1
        self._laid_out, self._rows = 0, []
        self._chosen = list(self.choices.ticked())
        self.view.begin()
        if self._chosen:
            self._lay_out_more()
        else:
            self.words.setText(self.tr("Tick an incident to print."))

    def _lay_out_more(self) -> None:
        """Make the next few reports, so that their pages have a place."""
        start = self._laid_out
        chosen = self._chosen[start : start + _REPORTS_AT_ONCE]
        look, made, turn = self._look(), self._made, self._turn

        def laid_out(desk: Desk) -> tuple[int, int, list[LaidOut]]:
            return (
                turn,
                start,
                [(one, pages.page_sizes(_report(desk, one.id, look, made))) for one in chosen],
            )

        self._bench.read(laid_out, self._on_laid_out, self._on_failed, key="print-pages")

    def _on_laid_out(self, answer: tuple[int, int, list[LaidOut]]) -> None:
        turn, start, laid_out = answer
        if (turn, start) != (self._turn, self._laid_out):
            return
        words = self.tr("{0}, page {1} of {2}")
        for one, sizes in laid_out:
            names = [words.format(one.number, at + 1, len(sizes)) for at in range(len(sizes))]
            self.view.add_pages(sizes, names)
            self._rows += [(one, at) for at in range(len(sizes))]
        self._laid_out += len(laid_out)
        if self._laid_out < len(self._chosen):
            told = self.tr("Reports: {0}; scroll on to see more. All are printed.")
            self.words.setText(told.format(len(self._chosen)))
        else:
            self.words.setText(self.tr("Pages: {0}").format(len(self._rows)))
        self._paint_next()

    def _paint_next(self) -> None:
        """Ask for a page that is in sight, or for more reports near the end of those there."""
        row = self.view.area.wanted()
        if row < 0:
            if self._laid_out < len(self._chosen) and self.view.is_near_end():
                self._lay_out_more()
            return
        one, index = self._rows[row]
        look, scale, turn = self._look(), self.view.scale(), self._turn
        made = self._made

        def painted(desk: Desk) -> tuple[int, int, PageImage]:
            report = _report(desk, one.id, look, made)
            return turn, row, pages.render_page(report, index, scale)

        self._bench.read(painted, self._on_painted, self._on_failed, key="print-pages")

    def _on_painted(self, answer: tuple[int, int, PageImage]) -> None:
        turn, row, image = answer
        if turn == self._turn:
            self.view.fill(row, image, grey=self.choices.options().monochrome)
            self._paint_next()

    # --- what is done ----------------------------------------------------------------------------

    def _on_print(self) -> None:
        chosen, queue = self.choices.ticked(), self.choices.printer.currentData()
        if not self._has_some(chosen):
            return
        if not queue:
            self.words.setText(
                self.tr(
                    "No printer is set up on this computer. Save the PDF, or open it in the "
                    "system viewer."
                )
            )
            return
        options, pdf = self.choices.options(), self.choices.way.currentData() == "pdf"
        look, made = self._look(), self._made
        stopped = self.tr("Stopped: {0} of {1} reports were printed.")

        def work(desk: Desk, run: LongRun) -> int:
            for done, one in enumerate(chosen):
                if run.is_stopped():
                    raise KnownError(stopped.format(done, len(chosen)), code="cancelled")
                run.tell(done, len(chosen))
                report = _report(desk, one.id, look, made)
                if pdf:
                    _hand_over(report, queue, one.number, options)
                else:
                    picture_print.print_pictures(report, queue, one.number, options, run.is_stopped)
            return len(chosen)

        self._run(self.tr("Printing on {0}").format(queue), work, self._on_printed)

    def _on_save(self) -> None:
        chosen = self.choices.ticked()
        if not self._has_some(chosen):
            return
        name = chosen[0].number if len(chosen) == 1 else self.tr("Closure reports")
        path = ask_save_place(
            self, self.tr("Save the report"), str(Path.home() / f"{name}.pdf"), "PDF (*.pdf)"
        )
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Write the ticked reports into one file and say where it is."""
        title = self.tr("Saving {0}").format(path.name)
        self._run(title, self._writing(path), self._on_saved)

    def _writing(self, path: Path) -> Work:
        chosen, look = self.choices.ticked(), self._look()

        def work(desk: Desk, run: LongRun) -> str:
            if len(chosen) == 1:
                reporting.write_report(
                    desk, chosen[0].number, path, paper=look.paper, language=look.language
                )
            else:
                report_batch.write_bundle(
                    desk, [one.id for one in chosen], path, paper=look.paper,
                    language=look.language, progress=run.tell, cancelled=run.is_stopped,
                )  # fmt: skip
            return str(path)

        return work

    def _look(self) -> Look:
        """Return what the reports are printed on and in."""
        return Look(self.choices.options().paper, self.choices.language.code())

    def _on_look(self) -> None:
        chosen = self.choices.ticked()
        if self._has_some(chosen):
            folder = Path(tempfile.mkdtemp(prefix="incident-desk-"))
            name = chosen[0].number if len(chosen) == 1 else "reports"
            title = self.tr("Opening the viewer")
            self._run(title, self._writing(folder / f"{name}.pdf"), self._on_opened)

    def _run(self, title: str, work: Work, done: Callable[[Any], None]) -> None:
        from app.ui.keeping.long_run import LongRun

        run = LongRun(self._bench, title, work, self)
        run.finished_with.connect(done)
        run.refused.connect(self.words.setText)
        run.start()

    def _on_printed(self, count: int) -> None:
        queue = self.choices.printer.currentText()
        words = self.tr("%n report(s) sent to {0}", "", count)
        self._bench.say(words.format(queue), "ok")
        self.accept()

    def _on_saved(self, path: str) -> None:
        self.words.setText(self.tr("Saved as {0}").format(path))

    def _on_opened(self, path: str) -> None:
        if QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
            self.words.setText(self.tr("Opened in the system viewer"))
        else:
            self.words.setText(self.tr("This computer has no viewer for PDF; save it instead."))

    def _has_some(self, chosen: Sequence[Chosen]) -> bool:
        if not chosen:
            self.words.setText(self.tr("Tick an incident to print."))
        return bool(chosen)

    def _on_failed(self, error: Exception) -> None:
        self.words.setText(str(getattr(error, "message", error)))


def _offer(desk: Desk) -> Offer:
    """Ask for the printers and the paper, in the reader lane: a print server may be slow."""
    pdf = printers.takes_pdf()
    names = printers.queues() if pdf else picture_print.printer_names()
    return Offer(names, reporting.usual_report_paper(desk), pdf)


def _usual_paper(name: str, *, pdf: bool) -> str:
    if not name:
        return ""
    return printers.usual_media(name) if pdf else picture_print.usual_paper(name)


def _report(
    desk: Desk, uid: EntityId, look: Look, made: dict[tuple[EntityId, str, str], bytes]
) -> bytes:
    """Return the report that is shown, so that it is the one that is printed."""
    key = (uid, *look)
    if key not in made:
        made[key] = reporting.report_bytes(desk, uid, paper=look.paper, language=look.language)
    return made[key]


def _hand_over(report: bytes, queue: str, title: str, options: PrintOptions) -> None:
    """Give a report to the print system, which has copied the file when it answers."""
    with tempfile.TemporaryDirectory(prefix="incident-desk-") as folder:
        path = Path(folder) / "report.pdf"
        path.write_bytes(report)
        printers.print_file(path, queue, title, options)
