"""Incidents like the one being typed; each can be linked with Alt and its place in the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, theme
from app.ui.new_incident.answers_list import AnswersList
from app.ui.new_incident.questions import SHOWN
from app.ui.widgets.status_label import StatusLabel
from app.ui.widgets.time_words import short_age

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.ui.new_incident.questions import Found, Similar


class SimilarCard(QFrame):
    """One incident: number, status, title, how much alike, and the button that links it."""

    def __init__(self, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self._place = place
        self.setProperty("kind", "card")
        self.number = QLabel(self)
        self.number.setProperty("tone", "quiet")
        self.status = StatusLabel("", self)
        self.title = QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.facts = QLabel(self)
        self.facts.setProperty("tone", "quiet")
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.reason = QLabel(self)
        self.reason.setProperty("tone", "quiet")
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self.reason.setWordWrap(True)
        self.button = QPushButton(self)
        self.button.setProperty("kind", "tag")
        self.button.setCheckable(True)
        self.button.setAutoDefault(False)
        top = QHBoxLayout()
        top.addWidget(self.number)
        top.addStretch(1)
        top.addWidget(self.status)
        low = QHBoxLayout()
        low.addWidget(self.facts, 1)
        low.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(11), px(8), px(8), px(8))
        layout.setSpacing(px(3))
        layout.addLayout(top)
        layout.addWidget(self.title)
        layout.addWidget(self.reason)
        layout.addLayout(low)
        self.hide()

    def show_similar(self, similar: Similar, now_ms: int, *, linked: bool) -> None:
        """Show an incident and whether it is linked."""
        row = similar.row
        self.number.setText(row.number)
        self.status.set_status(row.status)
        self.title.setText(row.title)
        parts = (short_age(now_ms - row.registered_ms), row.assignee.split(" ")[0])
        self.facts.setText(" \u00b7 ".join(filter(None, parts)))
        self.facts.setToolTip(self.facts.text())
        self.reason.setText(similar.reason)
        self.set_linked(linked=linked)
        self.show()

    def set_linked(self, *, linked: bool) -> None:
        """Say on the button whether the incident is linked."""
        self.button.setChecked(linked)
        key = f"Alt+{self._place}"
        words = self.tr("Linked") if linked else key
        self.button.setText(words)
        icons.bind(self.button, "check" if linked else "link", size=12)
        self.button.setToolTip(self.tr("Link {0}, {1}").format(self.number.text(), key))
        number = self.number.text()
        name = self.tr("Linked with {0}, {1} takes it back") if linked else self.tr("Link {0}, {1}")
        self.button.setAccessibleName(name.format(number, key))


class SimilarList(QWidget):
    """Up to three incidents; links stay when the list moves on."""

    changed = Signal()
    """A link was made or taken away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self._shown: tuple[Similar, ...] = ()
        self._linked: list[str] = []
        self.heading = QLabel(self.tr("May be the same issue"), self)
        self.heading.setProperty("kind", "label")
        self.hint = QLabel(self.tr("Checked as you type"), self)
        self.hint.setProperty("tone", "quiet")
        self.hint.setWordWrap(True)
        self.cards = [SimilarCard(place + 1, self) for place in range(SHOWN)]
        self.answers = AnswersList(self)
        self.others = QLabel(self)
        self.others.setWordWrap(True)
        self.others.setProperty("tone", "quiet")
        self.others.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(7))
        layout.addWidget(self.heading)
        layout.addWidget(self.hint)
        for card in self.cards:
            card.button.clicked.connect(self._on_clicked)
            layout.addWidget(card)
        layout.addWidget(self.others)
        layout.addWidget(self.answers)

    def show_found(self, found: Iterable[Similar], now_ms: int, *, asked: bool) -> None:
        """Show what was found; `asked` tells nothing found from nothing typed."""
        self._shown = tuple(found)[:SHOWN]
        for place, card in enumerate(self.cards):
            if place < len(self._shown):
                one = self._shown[place]
                card.show_similar(one, now_ms, linked=one.row.number in self._linked)
            else:
                card.hide()
        if self._shown or not asked:
            self.hint.setText(self.tr("Checked as you type"))
        else:
            self.hint.setText(self.tr("Nothing like it so far"))
        self._show_others()

    def show_look(self, found: Found) -> None:
        """Show the incidents, articles and known errors of one look."""
        self.show_found(found.similar, found.now_ms, asked=bool(found.asked))
        self.answers.show_answers(found.answers)

    def numbers(self) -> tuple[str, ...]:
        """Return the numbers that are shown, in their order."""
        return tuple(one.row.number for one in self._shown)

    def linked(self) -> tuple[str, ...]:
        """Return the numbers to link."""
        return tuple(self._linked)

    def set_linked(self, numbers: Iterable[str]) -> None:
        """Link these numbers, shown or not."""
        self._linked = list(dict.fromkeys(numbers))
        for one, card in zip(self._shown, self.cards, strict=False):
            card.set_linked(linked=one.row.number in self._linked)
        self._show_others()

    def toggle(self, place: int) -> str:
        """Link the incident at a place (from 0) or take the link away; return its number."""
        if not 0 <= place < len(self._shown):
            return ""
        number = self._shown[place].row.number
        if number in self._linked:
            self._linked.remove(number)
        else:
            self._linked.append(number)
        self.cards[place].set_linked(linked=number in self._linked)
        self._show_others()
        self.changed.emit()
        return number

    def _on_clicked(self) -> None:
        for place, card in enumerate(self.cards):
            if card.button is self.sender():
                self.toggle(place)

    def _show_others(self) -> None:
        gone = [number for number in self._linked if number not in self.numbers()]
        self.others.setText(self.tr("Linked too: {0}").format(", ".join(gone)))
        self.others.setVisible(bool(gone))
