"""The fields of a format that is being taught: where each is taken from, and what stands there.

A field is pointed at in the payload beside it; Delete takes that back. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHeaderView, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.domain.taught_format import EACH, FIELDS, TaughtFormat, pointer, steps_of
from app.services import alert_teaching
from app.ui import theme
from app.ui.widgets.text_table import TextTable, text_view

if TYPE_CHECKING:
    from app.services.alert_teaching import Opened

Steps = tuple[str, ...]
_MOST_SHOWN = 120


def field_labels() -> dict[str, str]:
    """Return what each field is called, in their order."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("TaughtFields", text)

    return {
        "title": tr("Title"),
        "state": tr("State"),
        "id": tr("Fingerprint"),
        "severity": tr("Severity"),
        "host": tr("Host"),
        "text": tr("Details"),
        "url": tr("Link"),
        "started": tr("Began"),
        "ended": tr("Ended"),
    }


class TaughtFields(QWidget):
    """What has been pointed at, and what else a format says."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self._steps: dict[str, Steps] = {}
        self._document: Any = None
        self._known = ""
        caption = QLabel(self.tr("&Fields of the alert"), self)
        caption.setProperty("kind", "label")
        self.table = TextTable(self)
        self.view = text_view(self.tr("Fields of the alert"), self.table, self)
        self.view.setSelectionMode(self.view.SelectionMode.SingleSelection)
        self.view.verticalHeader().setDefaultSectionSize(px(26))
        caption.setBuddy(self.view)
        words = QLabel(self.tr("Further &words of the state that mean well again"), self)
        words.setProperty("kind", "label")
        self.well = QLineEdit(self)
        self.well.setAccessibleName(self.tr("Further words of the state that mean well again"))
        self.well.setPlaceholderText(self.tr("finished, all clear; ok, resolved and up are known"))
        words.setBuddy(self.well)
        self.each = QCheckBox(self.tr("One alert for &each entry of the list"), self)
        self.each.setChecked(True)
        self.before = QCheckBox(self)
        self.before.setChecked(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(12), 0, 0, 0)
        layout.setSpacing(px(6))
        layout.addWidget(caption)
        layout.addWidget(self.view, 1)
        for part in (words, self.well, self.each, self.before):
            layout.addWidget(part)
        gone = QShortcut(QKeySequence("Del"), self.view)
        gone.setContext(Qt.ShortcutContext.WidgetShortcut)
        gone.activated.connect(self._on_delete)
        self.well.textEdited.connect(self.changed)
        self.each.toggled.connect(self._on_choice)
        self.before.toggled.connect(self._on_choice)
        self._show()

    def show_example(self, opened: Opened | None) -> None:
        """Look at another payload; what was pointed at stays."""
        self._document = None if opened is None else opened.document
        self._known = "" if opened is None else opened.known
        if opened is not None:
            self.before.setText(
                self.tr("&Before {0}, which takes this payload now").format(opened.known_label)
            )
        self._show()

    def point(self, name: str, steps: Steps) -> None:
        """Take a field from a value; from nothing when there are no steps."""
        self._steps.pop(name, None)
        if steps:
            self._steps[name] = steps
        self._show()
        self.changed.emit()

    def places(self) -> dict[str, str]:
        """Return the place of each field that was pointed at."""
        return {name: pointer(self._placed(self._steps[name])) for name in self._ordered()}

    def taught(self, name: str) -> TaughtFormat:
        """Return the format as it stands, under a name."""
        words = (one.strip() for one in self.well.text().split(","))
        before = self._known if self.before.isChecked() else ""
        return TaughtFormat(name, self.places(), tuple(one for one in words if one), before)

    def show_format(self, taught: TaughtFormat | None) -> None:
        """Show a format that was kept, or an empty one."""
        before = self.blockSignals(True)
        places = {} if taught is None else taught.places
        self._steps = {name: steps_of(place) for name, place in places.items()}
        self.well.setText("" if taught is None else ", ".join(taught.well))
        self.each.setChecked(taught is None or taught.around is not None or not places)
        self.before.setChecked(taught is None or bool(taught.before))
        self.blockSignals(before)
        self._show()

    # --- how it is shown -------------------------------------------------------------------------

    def _ordered(self) -> list[str]:
        return [name for name in FIELDS if name in self._steps]

    def _around(self) -> Steps | None:
        """Return the steps to the list of whose entries the title is one value."""
        title = self._steps.get("title", ())
        if EACH in title:
            return title[: title.index(EACH)]
        return alert_teaching.entries_around(self._document, title)

    def _placed(self, steps: Steps) -> Steps:
        around = self._around()
        depth = -1 if around is None else len(around)
        if around is None or steps[:depth] != around or len(steps) <= depth:
            return steps
        entry = "0" if steps[depth] == EACH else steps[depth]
        return (*steps[:depth], EACH if self.each.isChecked() else entry, *steps[depth + 1 :])

    def _show(self) -> None:
        labels = field_labels()
        places = self.places()
        rows = [
            (label, places.get(name, ""), self._value(places.get(name, "")))
            for name, label in labels.items()
        ]
        row = max(0, self.view.currentIndex().row())
        header = (self.tr("Field"), self.tr("Taken from"), self.tr("Value"))
        self.table.show_rows(header, rows)
        self.view.setColumnWidth(0, theme.current().px(92))
        for column in (1, 2):
            self.view.horizontalHeader().setSectionResizeMode(
                column, QHeaderView.ResizeMode.Stretch
            )
        self.view.selectRow(row)
        self.each.setVisible(self._around() is not None)
        self.before.setVisible(bool(self._known))

    def _value(self, place: str) -> str:
        if not place:
            return ""
        return alert_teaching.value_at(self._document, place)[:_MOST_SHOWN]

    def _on_delete(self) -> None:
        row = self.view.currentIndex().row()
        if 0 <= row < len(FIELDS):
            self.point(FIELDS[row], ())

    def _on_choice(self) -> None:
        self._show()
        self.changed.emit()
