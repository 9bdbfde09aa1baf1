"""The line at the foot: where the data are safe, and how much of the list is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.errors import KnownError
from app.domain.standing import Present, Standing
from app.ui import icons
from app.ui.sharing import presence_words

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from app.ui.theme import Theme


_WELL = ("in_sync", "not_synced")


class StatusLine(QObject):
    """Fills the status bar of a window."""

    keys_requested = Signal()
    health_requested = Signal()
    """Somebody wants to know what is wrong, or what happened."""
    team_requested = Signal()
    """Somebody wants to see the team, and how sharing with it stands."""

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._icon, self._tone = "", "ok"
        self._read_only = ""
        self._standing: tuple[str, str, str, str] | None = None
        bar = window.statusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(12, 0, 12, 0)
        self.mark = QLabel(window)
        self.saved = QLabel(window)
        self.notes = QPushButton(window)
        self.notes.setProperty("kind", "plain")
        self.notes.setToolTip(self.tr("What happened to sharing, when, and what to do"))
        self.notes.clicked.connect(self.health_requested)
        icons.bind(self.notes, "triangle-alert", "warn", size=14)
        self.notes.hide()
        self.here = QPushButton(window)
        self.here.setProperty("kind", "plain")
        self.here.clicked.connect(self.team_requested)
        self.here.hide()
        self.selection = QLabel(window)
        bar.addWidget(self.mark)
        bar.addWidget(self.saved)
        bar.addWidget(self.notes)
        bar.addWidget(self.here)
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
        text = self.tr("{0} of {1} selected").format(f"{chosen:,}", f"{total:,}")
        self.selection.setText(text if total else "")

    def show_key(self, key: str) -> None:
        """Show the key that lists all keys, as the system writes it."""
        self.key.setText(key)
        self.key.setVisible(bool(key))

    def show_saved(self) -> None:
        """Say that everything is safe here, and how it stands with the team."""
        if self._read_only:
            self._show("lock", "warn", self.tr("Read-only"))
            self.saved.setToolTip(self._read_only)
            return
        icon, tone, words, more = self._standing or (
            "cloud-check", "ok", self.tr("Saved on this computer"), ""
        )  # fmt: skip
        self._show(icon, tone, words)
        self.saved.setToolTip(more)

    def show_read_only(self, reason: str) -> None:
        """Say why nothing can be written here; "" for that it can."""
        self._read_only = reason
        self.show_saved()

    def show_sharing(self, told: object) -> None:
        """Say how sharing stands: a `Standing`, or the error that needs a person."""
        self._standing = self._said(told)
        self._show_notes(told)
        self.show_saved()

    def _show_notes(self, told: object) -> None:
        """Offer the health notes when there are any, or something is wrong now."""
        count = told.notes if isinstance(told, Standing) else 0
        wrong = isinstance(told, KnownError) or (
            isinstance(told, Standing) and told.shared and told.state not in _WELL
        )
        words = self.tr("1 note") if count == 1 else self.tr("{0} notes").format(f"{count:,}")
        self.notes.setText(words if count else self.tr("What to do"))
        self.notes.setVisible(bool(count) or wrong)

    def show_present(self, present: tuple[Present, ...]) -> None:
        """Say who else of the team is here."""
        words = presence_words.count(present)
        self.here.setText(words)
        self.here.setToolTip("\n".join(presence_words.names(present)))
        self.here.setVisible(bool(words))

    def _said(self, told: object) -> tuple[str, str, str, str] | None:
        if isinstance(told, KnownError):
            return "cloud-off", "danger", told.message.partition(". ")[0], told.message
        if not isinstance(told, Standing) or not told.shared:
            return None
        if told.state == "offline":
            return "cloud-off", "warn", self._offline(told.waiting), ""
        if told.state != "in_sync":
            return "cloud-off", "warn", told.sentence, ""
        if told.waiting:
            return "refresh-cw", "ok", self.tr("Saved, on its way to the team"), ""
        return "cloud-check", "ok", self.tr("Saved and shared with the team"), ""

    def _offline(self, waiting: int) -> str:
        if not waiting:
            return self.tr("Working offline")
        if waiting == 1:
            return self.tr("Working offline, 1 change will sync")
        return self.tr("Working offline, {0} changes will sync").format(f"{waiting:,}")

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
