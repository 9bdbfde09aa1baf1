"""Who was told, how and when: a chip for each person, and a row that adds one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.services.stakeholders import Telling
from app.ui import icons, reader_time, theme
from app.ui.closing.mail_row import KEPT_AS, MailRow
from app.ui.incidents.cells import moment

if TYPE_CHECKING:
    from collections.abc import Iterable

_CHIP_CHARACTERS = 22
_IN_A_ROW = 4
_TEXT_STARTS, _HEIGHT = 12, 32


def ways(parent: QWidget) -> QComboBox:
    """Make a field for how somebody was reached: the usual ways, or any words."""
    box = QComboBox(parent)
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    texts = (parent.tr("phone"), parent.tr("mail"), parent.tr("chat"), parent.tr("in person"))
    box.addItems(texts)
    box.setCurrentIndex(-1)
    return box


class WhenField(QDateTimeEdit):
    """An instant up to now; "" until somebody changes it, which means the moment of the action."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Mirrored, Qt would turn the parts of the instant around: "47:01 Nov 28".
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setTimeZone(reader_time.zone())
        self.setDateTime(reader_time.now())
        self.setDisplayFormat("d MMM HH:mm")
        # The padding of the style sheet does not reach the text of a spin box.
        px = theme.current().px
        self.lineEdit().setTextMargins(px(_TEXT_STARTS), 0, 0, 0)
        self.setFixedHeight(px(_HEIGHT))
        self.given = False
        self.dateTimeChanged.connect(self._on_changed)

    def instant(self) -> datetime | None:
        """Return the instant that was typed, never one to come; None when nobody touched it."""
        if not self.given:
            return None
        return datetime.fromtimestamp(self.dateTime().toSecsSinceEpoch(), UTC)

    def show_instant(self, seconds: int) -> None:
        """Show an instant that was typed before, in seconds since 1970."""
        self.setDateTime(reader_time.local(seconds * 1000))
        self.given = True

    def _on_changed(self) -> None:
        self.given = True


class PeopleTold(QWidget):
    """Chips of people told; dashed ones are proposed and count only when pressed."""

    changed = Signal()

    def __init__(self, proposed: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self._told: list[Telling] = []
        self._proposed = [name for name in dict.fromkeys(proposed) if name]
        self._chips: list[QPushButton] = []
        self.add = QPushButton(self.tr("&Add"), self)
        self.add.setProperty("kind", "ghost")
        self.add.setAutoDefault(False)
        self.add.setAccessibleName(self.tr("Add somebody who was told"))
        icons.bind(self.add, "plus")
        self.add.clicked.connect(self.ask)
        self._row = QHBoxLayout()
        self._row.setSpacing(px(6))
        self.who = QLineEdit(self)
        self.who.setPlaceholderText(self.tr("names, with commas between them"))
        self.who.setAccessibleName(self.tr("Who was told"))
        self.how = ways(self)
        self.how.setCurrentText(self.tr("mail"))
        self.how.setAccessibleName(self.tr("How they were told"))
        self.when = WhenField(self)
        self.when.setAccessibleName(self.tr("When they were told"))
        self._entry = QWidget(self)
        entry = QHBoxLayout(self._entry)
        entry.setContentsMargins(0, 0, 0, 0)
        entry.setSpacing(px(8))
        entry.addWidget(self.who, 3)
        entry.addWidget(self.how, 2)
        entry.addWidget(self.when, 2)
        self._entry.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(6))
        layout.addLayout(self._row)
        layout.addWidget(self._entry)
        self.mail = MailRow(self._proposed[:1], self)
        self.mail.changed.connect(self.changed)
        self.stops = (self.add, self.mail.box, self.mail.field)
        """What Tab goes through."""
        layout.addWidget(self.mail)
        self.who.returnPressed.connect(self._take)
        self.who.textEdited.connect(self.changed)
        self._show()

    def people(self) -> list[Telling]:
        """Return who was told, with what stands in the row and was not added yet."""
        return [*self._told, *self._typed()]

    def meant(self) -> list[Telling]:
        """Return who was told, and who will be by the mail that leaves on closing."""
        to = self.mail.to()
        return [*self.people(), *([Telling(to, self.tr("mail"))] if to else [])]

    def ask(self) -> None:
        """Open the row and go to its first field."""
        self._entry.show()
        self.who.setFocus(Qt.FocusReason.OtherFocusReason)

    def data(self) -> list[list[Any]]:
        """Return who was told as plain values, for a draft."""
        told = [[one.who, one.how, one.at.isoformat() if one.at else ""] for one in self.people()]
        return [*told, *([[self.mail.to(), KEPT_AS, ""]] if self.mail.to() else [])]

    def set_data(self, data: Iterable[Iterable[str]]) -> None:
        """Show who was told from a draft."""
        self._told = []
        for who, how, at in data:
            if how == KEPT_AS:
                self.mail.show_kept(who)
            else:
                self._told.append(Telling(who, how, datetime.fromisoformat(at) if at else None))
        self.who.clear()
        self._show()

    def _typed(self) -> list[Telling]:
        how = self.how.currentText().strip() or self.tr("mail")
        names = [name.strip() for name in self.who.text().split(",")]
        return [Telling(name, how, self.when.instant()) for name in names if name]

    def _take(self) -> None:
        self._told += self._typed()
        self.who.clear()
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips.clear()
        while self._row.count():
            self._row.takeAt(0)
        known = {one.who for one in self._told}
        for one in self._told[-_IN_A_ROW:]:
            at = moment(int(one.at.timestamp() * 1000)) if one.at else self.tr("now")
            words = f"{_short(one.who)} \u00b7 {one.how}"
            chip = self._chip(words, "check", "ok")
            chip.setToolTip(self.tr("{0}, {1}, {2}. Press to take it off.").format(*one[:2], at))
            chip.setProperty("told", self._told.index(one))
            chip.clicked.connect(self._on_told)
        for name in self._proposed:
            if name not in known:
                chip = self._chip(_short(name), "mail", "text2")
                chip.setProperty("suggested", True)
                chip.setProperty("person", name)
                chip.setToolTip(self.tr("Press when {0} was told.").format(name))
                chip.clicked.connect(self._on_proposed)
        self._row.addWidget(self.add)
        self._row.addStretch(1)

    def _chip(self, words: str, icon: str, tone: str) -> QPushButton:
        chip = QPushButton(words.replace("&", "&&"), self)
        chip.setProperty("kind", "tag")
        chip.setAutoDefault(False)
        chip.setAccessibleName(words)
        icons.bind(chip, icon, tone, 14)
        self._chips.append(chip)
        self._row.addWidget(chip)
        return chip

    def _on_told(self) -> None:
        chip = self.sender()
        if chip is not None:
            del self._told[int(chip.property("told"))]
        self._show()
        self.changed.emit()

    def _on_proposed(self) -> None:
        chip = self.sender()
        if chip is not None:
            how = self.how.currentText().strip() or self.tr("mail")
            self._told.append(Telling(str(chip.property("person")), how, self.when.instant()))
        self._show()
        self.changed.emit()


def _short(name: str) -> str:
    return name if len(name) <= _CHIP_CHARACTERS else f"{name[: _CHIP_CHARACTERS - 1]}\u2026"
