"""Who works here: one field, filled with what the system calls the person."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget


class NamePage(QWidget):
    """Asks for a name; Enter takes the one that stands there."""

    def __init__(self, account: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(self.tr("Who are you?"), self)
        self.title.setProperty("kind", "title")
        self.line = QLineEdit(account, self)
        self.line.setProperty("kind", "big")
        self.line.setAccessibleName(self.tr("Your name"))
        self.line.setPlaceholderText(self.tr("Your name"))
        self.line.setMaxLength(500)
        self.line.selectAll()
        self.help = QLabel(
            self.tr("Your name stands beside what you do. You can change it in the settings."), self
        )
        self.help.setProperty("tone", "quiet")
        self.help.setWordWrap(True)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        for part in (self.title, self.line, self.help):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(self.said)
        self.setFocusProxy(self.line)

    def name(self) -> str:
        """Return the name that was typed."""
        return " ".join(self.line.text().split())

    def say(self, words: str, tone: str = "danger") -> None:
        """Say what is wrong, or what goes on."""
        self.said.setProperty("tone", tone)
        self.said.style().polish(self.said)
        self.said.setText(words)
