"""The head of the dialog: its name, and how long the caller has been on the phone."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.ui import icons, theme

_SECOND_MS = 1000


class CallHeader(QWidget):
    """Counts from the moment it is made; the time of a draft is counted on."""

    ticked = Signal(int)
    """Another second of the call; how many there were."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self._before_s = 0
        self._by_phone = True
        self._since = QElapsedTimer()
        self._since.start()
        self._mark, self._phone = QLabel(self), QLabel(self)
        heading = QLabel(title, self)
        heading.setProperty("kind", "dialog_title")
        self.call = QLabel(self)
        self.call.setProperty("kind", "key")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(24), px(12), px(20), px(12))
        row.setSpacing(px(10))
        row.addWidget(self._mark)
        row.addWidget(heading)
        row.addStretch(1)
        row.addWidget(self._phone)
        row.addWidget(self.call)
        self._tick = QTimer(self)
        self._tick.setInterval(_SECOND_MS)
        self._tick.timeout.connect(self._on_tick)
        self._tick.start()
        theme.current().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._show()

    def seconds(self) -> int:
        """Return how long the call lasts, in whole seconds."""
        return self._before_s + int(self._since.elapsed() // _SECOND_MS)

    def restart(self, before_s: int = 0) -> None:
        """Count anew, on top of what was counted before."""
        self._before_s = before_s
        self._since.restart()
        self._show()

    def stop(self) -> None:
        """Count no more: the dialog closes."""
        self._tick.stop()

    def set_by_phone(self, *, by_phone: bool) -> None:
        """Show the time of a call only where there is one."""
        self._by_phone = by_phone
        self._show()

    def _on_tick(self) -> None:
        self._show()
        self.ticked.emit(self.seconds())

    def _show(self) -> None:
        minutes, seconds = divmod(self.seconds(), 60)
        self.call.setText(self.tr("On call {0}").format(f"{minutes}:{seconds:02}"))
        self.call.setVisible(self._by_phone)
        self._phone.setVisible(self._by_phone)

    def _on_theme_changed(self) -> None:
        now = theme.current()
        self._mark.setPixmap(icons.pixmap("circle-plus", now.tokens.accent, now.px(18)))
        self._phone.setPixmap(icons.pixmap("phone-call", now.tokens.ok.ink, now.px(15)))
