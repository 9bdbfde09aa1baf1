"""Says what changed to a screen reader: politely, one sentence at a time, at most every 2 s.

What is said while another sentence rests waits for its turn; of a burst only the last is said, for
a reader who is told four counts in a second hears none. A sentence that asks for attention goes out
at once (ux.md 8). GUI thread only.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

EVERY_MS = 2_000


class Announcer(QObject):
    """The voice of one window."""

    def __init__(self, window: QObject) -> None:
        super().__init__(window)
        self._window = window
        self._waits = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(EVERY_MS)
        self._rest.timeout.connect(self._on_rested)

    def say(self, sentence: str, *, assertive: bool = False) -> None:
        """Say a sentence now, or when the one before has been heard."""
        if not sentence:
            return
        if assertive or not self._rest.isActive():
            self._waits = ""
            self.send(sentence, assertive=assertive)
            self._rest.start()
        else:
            self._waits = sentence

    def send(self, sentence: str, *, assertive: bool) -> None:
        """Hand a sentence to the system's screen reader."""
        said = QAccessibleAnnouncementEvent(self._window, sentence)
        if assertive:
            said.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(said)

    def _on_rested(self) -> None:
        if self._waits:
            self.say(self._waits)
