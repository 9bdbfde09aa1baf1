"""The line at the foot: where the data are safe, and how much of the list is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QPushButton

from app.ui import icons

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from app.ui.theme import Theme


class StatusLine(QObject):
    """Fills the status bar of a window."""

    keys_requested = Signal()

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._icon, self._tone = "", "ok"
        bar = window.statusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(12, 0, 12, 0)
        self.mark = QLabel(window)
        self.saved = QLabel(window)
        self.selection = QLabel(window)
        bar.addWidget(self.mark)
        bar.addWidget(self.saved)
        self.keys = QPushButton(self.tr("All shortcuts"), window)
        self.keys.setProperty("kind", "plain")
        self.keys.clicked.connect(self.keys_requested)
        self.key = QLabel(window)
        self.key.setProperty("kind", "key")
        for part in (self.selection, self.keys, self.key):
            bar.addPermanentWidget(part)
        self.show_key("")
        theme.changed.connect(self._on_theme_changed)
        self.show_saved()

    def show_selection(self, chosen: int, total: int) -> None:
        """Say how many of the list are chosen; nothing of an empty list."""
        text = self.tr("{0} of {1} selected").format(chosen, f"{total:,}")
        self.selection.setText(text if total else "")

    def show_key(self, key: str) -> None:
        """Show the key that lists all keys, as the system writes it."""
        self.key.setText(key)
        self.key.setVisible(bool(key))

    def show_saved(self) -> None:
        """Say that everything is safe here."""
        self._show("cloud-check", "ok", self.tr("Saved on this computer"))

    def show_locked(self, error: Exception) -> None:
        """Say why the data cannot be reached; what is in the way stands in the tooltip too."""
        sentence = str(getattr(error, "message", error))
        self._show("lock", "danger", sentence.partition(". ")[0])
        self.saved.setToolTip(sentence)

    def _show(self, icon: str, tone: str, words: str) -> None:
        self._icon, self._tone = icon, tone
        self.saved.setText(words)
        self.saved.setToolTip("")
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        colour = self._theme.colour(self._tone).name()
        self.mark.setPixmap(icons.pixmap(self._icon, colour, self._theme.px(15)))
