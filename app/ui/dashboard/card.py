"""A card of the dashboard: its name, what stands beside it, its marks, and its n and formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.dashboard import words
from app.ui.dashboard.drawings import Bars, Hours, busy_hours
from app.ui.dashboard.mark_view import MarkView

if TYPE_CHECKING:
    from app.domain.dashboard_values import Card, Mark
    from app.ui.dashboard.mark_view import Drawing


class CardPanel(QFrame):
    """One card; `opened` carries the mark whose incidents are wanted."""

    opened = Signal(object)

    def __init__(self, key: str, drawing: Drawing, parent: QWidget) -> None:
        super().__init__(parent)
        self.key, self._drawing = key, drawing
        self.setProperty("kind", "card")
        self.title = QLabel(words.tr(words.TITLES[key]), self)
        self.title.setFont(theme.current().font("body", 600))
        self.aside = QLabel(words.tr(words.BESIDE[key]), self)
        self.aside.setProperty("tone", "quiet")
        self.aside.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.aside.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.view = MarkView(drawing, parent=self)
        self.view.setAccessibleName(words.tr(words.TITLES[key]))
        self.foot = QLabel(self)
        self.foot.setProperty("kind", "help")
        self.foot.setWordWrap(True)
        self.foot.setTextFormat(Qt.TextFormat.PlainText)
        self.foot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.aside, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.view)
        layout.addStretch(1)
        layout.addWidget(self.foot)
        self.view.opened.connect(self.opened)

    def show_card(self, card: Card, days: int) -> None:
        """Show the marks of a card, as many as there is room for; the table has all of them."""
        marks = _shown(card, self._drawing)
        self.view.show_marks(marks, days)
        parts = [words.tr("n = {0}").format(words.amount(card.n, "count"))]
        missed = [words.label(mark) for mark in marks if words.below_target(mark)]
        if missed:
            parts.append(words.tr("Below target: {0}").format(", ".join(missed)))
        if isinstance(self._drawing, Hours):
            aside = card.n - sum(mark.n for mark in marks)
            if aside:
                parts.append(words.tr("{0} at other hours in the table").format(aside))
        elif len(marks) < len(card.marks):
            more = len(card.marks) - len(marks)
            parts.append(words.tr("{0} more in the table").format(more))
        formula = card.definition or " ".join(mark.definition for mark in card.marks)
        self.foot.setText(" · ".join([*parts, formula]))
        self.view.setAccessibleDescription(formula)


def _shown(card: Card, drawing: Drawing) -> list[Mark]:
    if isinstance(drawing, Hours):
        return busy_hours(card.marks)
    if isinstance(drawing, Bars):
        return list(card.marks[: drawing.most])
    return list(card.marks)
