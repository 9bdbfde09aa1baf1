"""Asks for the report of a period: which days, which incidents, which paper; then makes it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from app.domain.instants import resolve_local, zone_named
from app.domain.period_presets import PRESETS, days_of
from app.services import period_reporting
from app.ui.keeping.long_run import LongRun
from app.ui.report.language_box import LanguageBox
from app.ui.report.pdf_preview import PdfPreview, Shown

if TYPE_CHECKING:
    from app.reports.period_parts import PeriodRecord
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

_OWN = "own"
_USUAL = "last_month"


class PeriodDialog(QDialog):
    """Makes the report in the long lane and shows it."""

    def __init__(
        self,
        workbench: Workbench,
        text: str = "",
        parent: QWidget | None = None,
        *,
        days: int = 0,
    ) -> None:
        """Ask, with a line of the filter language, and the last so many days, to begin with."""
        super().__init__(parent)
        self._bench = workbench
        self._window, self._last_days = parent, days
        self._zone = "UTC"
        self._today = date(2000, 1, 1)
        self.run: LongRun | None = None
        self.preview: PdfPreview | None = None
        self.setWindowTitle(self.tr("Period report"))
        self.preset = QComboBox(self)
        names = {
            "this_week": self.tr("This week"),
            "last_week": self.tr("Last week"),
            "this_month": self.tr("This month"),
            "last_month": self.tr("Last month"),
            "this_quarter": self.tr("This quarter"),
            "last_quarter": self.tr("Last quarter"),
            "this_year": self.tr("This year"),
            "last_year": self.tr("Last year"),
            _OWN: self.tr("Days of my own"),
        }
        for key in (*PRESETS, _OWN):
            self.preset.addItem(names[key], key)
        self.first = QDateEdit(self)
        self.last = QDateEdit(self)
        for field in (self.first, self.last):
            # Mirrored, Qt would turn the parts of the day around.
            field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            field.setDisplayFormat("d MMM yyyy")
            field.dateChanged.connect(self._on_day_changed)
        self.filter = QLineEdit(text, self)
        self.filter.setPlaceholderText(self.tr("Every incident"))
        self.paper = QComboBox(self)
        for key, name in (
            ("", self.tr("As in the settings")),
            ("a4", self.tr("A4")),
            ("letter", self.tr("Letter")),
        ):
            self.paper.addItem(name, key)
        self.language = LanguageBox(self)
        self.words = QLabel(self)
        self.words.setProperty("tone", "danger")
        self.words.setWordWrap(True)
        self.words.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.make = buttons.addButton(
            self.tr("Make the report"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.make.setProperty("kind", "primary")
        self.make.setDefault(True)
        self.make.setEnabled(False)
        form = QFormLayout(self)
        form.addRow(self.tr("Period"), self.preset)
        form.addRow(self.tr("First day"), self.first)
        form.addRow(self.tr("Last day"), self.last)
        form.addRow(self.tr("Filter"), self.filter)
        form.addRow(self.tr("Paper"), self.paper)
        form.addRow(self.tr("Language"), self.language)
        form.addRow(self.words)
        form.addRow(buttons)
        buttons.accepted.connect(self._on_make)
        buttons.rejected.connect(self.reject)
        self.preset.currentIndexChanged.connect(self._on_preset)
        self.setMinimumWidth(workbench.theme.px(420))
        workbench.read(_now, self._on_now, key="period-now")

    def _on_now(self, now: tuple[str, date]) -> None:
        self._zone, self._today = now
        self.make.setEnabled(True)
        self.preset.setCurrentIndex(self.preset.findData(_USUAL))
        self._on_preset()
        if self._last_days:
            first = self._today - timedelta(days=self._last_days - 1)
            self.first.setDate(QDate(first.year, first.month, first.day))
            self.last.setDate(QDate(self._today.year, self._today.month, self._today.day))

    def _on_preset(self) -> None:
        key = self.preset.currentData()
        if key == _OWN:
            return
        days = days_of(key, self._today)
        for field, day in zip((self.first, self.last), days, strict=True):
            field.blockSignals(True)
            field.setDate(QDate(day.year, day.month, day.day))
            field.blockSignals(False)

    def _on_day_changed(self) -> None:
        self.preset.blockSignals(True)
        self.preset.setCurrentIndex(self.preset.findData(_OWN))
        self.preset.blockSignals(False)

    def _days(self) -> tuple[date, date]:
        first, last = self.first.date(), self.last.date()
        return (
            date(first.year(), first.month(), first.day()),
            date(last.year(), last.month(), last.day()),
        )

    def _on_make(self) -> None:
        first, last = self._days()
        if last < first:
            self._say(self.tr("The last day is before the first; turn them round."))
            return
        self.words.hide()
        zone = zone_named(self._zone)
        from_at = resolve_local(datetime.combine(first, time()), zone)
        to_at = resolve_local(datetime.combine(last + timedelta(days=1), time()), zone)
        text, paper = self.filter.text(), str(self.paper.currentData())
        language = self.language.code()

        def work(desk: Desk, run: LongRun) -> tuple[bytes, int, PeriodRecord]:
            return period_reporting.report_bytes(
                desk,
                from_at,
                to_at,
                text=text,
                paper=paper,
                language=language,
                progress=run.tell,
                cancelled=run.is_stopped,
            )

        self.make.setEnabled(False)
        self._name = f"incidents-{first}-{last}.pdf"
        self.run = LongRun(self._bench, self.tr("Making the report"), work, self)
        self.run.finished_with.connect(self._on_made)
        self.run.refused.connect(self._on_refused)
        self.run.start()

    def _on_made(self, made: tuple[bytes, int, PeriodRecord]) -> None:
        content, pages, record = made
        self.run = None
        shown = Shown(content, pages, self._name, self.tr("Period report"))
        self.preview = PdfPreview(
            self._bench,
            shown,
            lambda desk, path, _code: period_reporting.save(desk, record, content, path),
            self._window,
        )
        self.preview.open()
        self.accept()

    def _on_refused(self, sentence: str) -> None:
        self.run = None
        self.make.setEnabled(True)
        self._say(sentence)

    def _say(self, sentence: str) -> None:
        self.words.setText(sentence)
        self.words.show()


def _now(desk: Desk) -> tuple[str, date]:
    zone = desk.store.zone
    return zone, desk.now().astimezone(zone_named(zone)).date()
