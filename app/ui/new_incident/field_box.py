"""A label over a field, a word beside the label, and under the field the sentence of its error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent


class FieldBox(QWidget):
    """One field of a form with everything that is said about it."""

    def __init__(self, label: str, field: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self.field = field
        self.label = QLabel(label, self)
        self.label.setProperty("kind", "label")
        self.label.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(label.replace("&", ""))
        self._beside = ""
        self.aside = QLabel(self)
        self.aside.setProperty("tone", "quiet")
        self.aside.setTextFormat(Qt.TextFormat.PlainText)
        self.problem = QLabel(self)
        self.problem.setProperty("tone", "danger")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        top = QHBoxLayout()
        self.aside.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.aside.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.label)
        top.addWidget(self.aside, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(4))
        layout.addLayout(top)
        layout.addWidget(field)
        layout.addWidget(self.problem)

    def say_beside(self, words: str) -> None:
        """Say a few words beside the label, cut at their end where the room ends."""
        self._beside = words
        self.aside.setToolTip(words)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut what stands beside the label anew."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics = self.aside.fontMetrics()
        room = self.width() - self.label.sizeHint().width() - theme.current().px(8)
        mode = Qt.TextElideMode.ElideRight
        self.aside.setText(metrics.elidedText(self._beside, mode, max(room, 0)))

    def show_problem(self, sentence: str) -> None:
        """Say under the field what is wrong with it; "" takes the sentence away."""
        if sentence == self.problem.text():
            return
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.field.setAccessibleDescription(sentence)
        self.field.setProperty("invalid", bool(sentence))
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)
