"""What is printed and how: the left side of the print dialog (ux.md 6). GUI thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFormLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.system.printers import SIDES, PrintOptions
from app.ui.report.language_box import LanguageBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.incident_commands import Chosen
    from app.ui.theme import Theme

_NUMBER = Qt.ItemDataRole.UserRole
_WIDTH = 300


class PrintChoices(QWidget):
    """Report, incidents, language, paper, colour, sides, printer and way."""

    changed = Signal()
    """The pages look different now."""
    printer_changed = Signal()

    def __init__(
        self, incidents: Sequence[Chosen], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFixedWidth(theme.px(_WIDTH))
        self.report = self._box((self.tr("Closure report"), "closure"))
        self.incidents = QListWidget(self)
        self.incidents.setAccessibleName(self.tr("Incidents to print"))
        self.incidents.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.incidents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.incidents.setSpacing(2)
        self.incidents.setTextElideMode(Qt.TextElideMode.ElideRight)
        for one in incidents:
            item = QListWidgetItem(f"{one.number}  {one.title}")
            item.setData(_NUMBER, one)
            item.setCheckState(Qt.CheckState.Checked)
            self.incidents.addItem(item)
        self.incidents.setCurrentRow(0)
        self.language = LanguageBox(self)
        self.paper = self._box(("A4", "a4"), ("Letter", "letter"))
        self.colour = self._box((self.tr("Colour"), False), (self.tr("Black and white"), True))
        words = (
            self.tr("One side"),
            self.tr("Both sides, long edge"),
            self.tr("Both sides, short edge"),
        )
        self.sides = self._box(
            (self.tr("As the printer does"), ""), *zip(words, SIDES, strict=True)
        )
        self.printer = self._box()
        self.way = self._box()
        self.sheet = QLabel(self)
        self.sheet.setWordWrap(True)
        self.sheet.setProperty("tone", "warn")
        self.rebuild = QPushButton(self)
        self.rebuild.setAutoDefault(False)
        self.rebuild.clicked.connect(self._on_rebuild)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for title, box in (
            (self.tr("Report"), self.report),
            (self.tr("Language"), self.language),
            (self.tr("Paper"), self.paper),
            (self.tr("Colour"), self.colour),
            (self.tr("Sides"), self.sides),
            (self.tr("Printer"), self.printer),
            (self.tr("Sent as"), self.way),
        ):
            form.addRow(title, box)
            box.setAccessibleName(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addWidget(self.sheet)
        layout.addWidget(self.rebuild, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(QLabel(self.tr("Incidents"), self))
        layout.addWidget(self.incidents, 1)
        self.tell_sheet("")
        self.incidents.itemChanged.connect(self.changed)
        self.language.currentIndexChanged.connect(self.changed)
        self.paper.currentIndexChanged.connect(self.changed)
        self.colour.currentIndexChanged.connect(self.changed)
        self.printer.currentIndexChanged.connect(self.printer_changed)

    def _box(self, *entries: tuple[str, object]) -> QComboBox:
        box = QComboBox(self)
        for text, data in entries:
            box.addItem(text, data)
        return box

    def ticked(self) -> list[Chosen]:
        """Return the incidents that are ticked."""
        items = (self.incidents.item(row) for row in range(self.incidents.count()))
        return [one.data(_NUMBER) for one in items if one.checkState() is Qt.CheckState.Checked]

    def options(self) -> PrintOptions:
        """Return what a job asks of the printer."""
        return PrintOptions(
            self.paper.currentData(), self.sides.currentData(), self.colour.currentData()
        )

    def offer(self, names: Sequence[str], paper: str, *, pdf: bool) -> None:
        """Offer these printers and this paper; `pdf` tells whether they take one."""
        self.paper.setCurrentIndex(max(self.paper.findData(paper), 0))
        self.printer.clear()
        for name in names:
            self.printer.addItem(name, name)
        if not names:
            self.printer.addItem(self.tr("No printer is set up"), "")
        self.way.clear()
        if pdf:
            self.way.addItem(self.tr("PDF (sharp text)"), "pdf")
        self.way.addItem(self.tr("Pictures, 300 dpi"), "pictures")

    def tell_sheet(self, usual: str) -> None:
        """Say so when the printer's usual paper is another one, and offer the report on that."""
        other = bool(usual) and usual != self.paper.currentData()
        self.sheet.setVisible(other)
        self.rebuild.setVisible(other)
        if other:
            name = self.paper.itemText(self.paper.findData(usual))
            words = self.tr("{0} holds {1}; this report is made for {2} and is never scaled.")
            self.sheet.setText(
                words.format(self.printer.currentText(), name, self.paper.currentText())
            )
            self.rebuild.setText(self.tr("Make it for {0}").format(name))
            self.rebuild.setProperty("paper", usual)

    def _on_rebuild(self) -> None:
        self.paper.setCurrentIndex(self.paper.findData(self.rebuild.property("paper")))
        self.paper.setFocus()
