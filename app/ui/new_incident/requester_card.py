"""Who is calling: how to reach them, where they are, and what they last reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets.status_label import status_word
from app.ui.widgets.time_words import short_age

if TYPE_CHECKING:
    from app.ui.new_incident.questions import About


class RequesterCard(QFrame):
    """A card at the side; hidden while nobody known is named."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self.setProperty("kind", "card")
        self.name = self._label("label")
        self.reach = self._label("", "quiet")
        self.heading = self._label("", "quiet")
        self.heading.setText(self.tr("Last reported"))
        self.lines = [self._label() for _ in range(3)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(11), px(8), px(11), px(8))
        layout.setSpacing(px(3))
        for each in (self.name, self.reach, self.heading, *self.lines):
            layout.addWidget(each)
        self.hide()

    def show_person(self, about: About) -> None:
        """Show a person, or nothing for a name that nobody has."""
        self.setVisible(bool(about.name))
        if not about.name:
            return
        self.name.setText(about.name)
        self.reach.setText(reach_words(about))
        self.reach.setVisible(bool(self.reach.text()))
        self.heading.setVisible(bool(about.recent))
        for place, line in enumerate(self.lines):
            line.setVisible(place < len(about.recent))
            if place < len(about.recent):
                row = about.recent[place]
                age = short_age(about.now_ms - row.registered_ms)
                line.setText(f"{row.number} {row.title}\n{status_word(row.status)} \u00b7 {age}")
        said = "\n".join(each.text() for each in self.lines if not each.isHidden())
        self.setAccessibleName(f"{about.name}. {self.reach.text()}\n{said}")

    def _label(self, kind: str = "", tone: str = "") -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setProperty("kind", kind)
        label.setProperty("tone", tone)
        return label


def reach_words(about: About) -> str:
    """Return phone and place of a person on one line."""
    return " \u00b7 ".join(filter(None, (about.phone, about.place)))
