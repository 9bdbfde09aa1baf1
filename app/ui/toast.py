"""One sentence at the foot of the window, with the way back: undo, or open what was logged.

Real labels and buttons in a frame, so that a screen reader meets what the eye sees; it takes no
focus by itself and stays while the pointer or the focus is on it. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
)

from app.ui import icons, theme
from app.ui.announcer import Announcer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.workbench import Message

STAYS_MS = 10_000
_TONES = {"info": "info", "ok": "circle-check", "warn": "triangle-alert", "danger": "circle-alert"}
MARGIN = 12
FADE_MS = 120
"""The longest that anything moves (ux.md 8)."""


class Toast(QFrame):
    """Shows one message at a time above the status bar."""

    undo_requested = Signal()
    draft_requested = Signal(str)
    """Open the draft of this key again."""
    open_requested = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "toast")
        self._message: Message | None = None
        self.stays_ms = STAYS_MS
        """How long a message stays; 0 keeps it until it is dismissed."""
        self.fades = True
        self.announcer = Announcer(self)
        self._mark = QLabel(self)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.undo = QPushButton(self.tr("Undo"), self)
        self.undo.setProperty("kind", "link")
        self.open = QPushButton(self.tr("Open"), self)
        self.open.setProperty("kind", "link")
        self.dismiss = QToolButton(self)
        self.dismiss.setAccessibleName(self.tr("Dismiss"))
        self.dismiss.setToolTip(self.tr("Dismiss"))
        icons.bind(self.dismiss, "x")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.setSpacing(10)
        layout.addWidget(self._mark)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.undo)
        layout.addWidget(self.open)
        layout.addWidget(self.dismiss)
        self._fade = QVariantAnimation(self)
        self._fade.setDuration(FADE_MS)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.valueChanged.connect(self._on_faded)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time_out)
        self.undo.clicked.connect(self._on_undo)
        self.open.clicked.connect(self._on_open)
        self.dismiss.clicked.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def show_message(self, message: Message) -> None:
        """Show a sentence in place of the one before, and tell it to a screen reader."""
        self._message = message
        now = theme.current()
        tone = message.tone if message.tone in _TONES else "info"
        icon = "circle-check" if message.undo and tone == "info" else _TONES[tone]
        colour = now.tokens.tone("ok" if icon == "circle-check" else tone).ink
        self._mark.setPixmap(icons.pixmap(icon, colour, now.px(16)))
        self.text.setText(message.text)
        self.setAccessibleName(message.text)
        self.undo.setVisible(message.undo)
        self.open.setVisible(message.incident is not None)
        self._place()
        self.show()
        self.raise_()
        self._appear()
        if self.stays_ms:
            self._timer.start(max(self.stays_ms, int(message.least_s * 1_000)))
        else:
            self._timer.stop()
        self.announcer.say(message.text, assertive=tone == "danger")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if watched is self.parent() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _appear(self) -> None:
        """Fade in, unless the person wants no motion."""
        self._fade.stop()
        if self.fades:
            self.setGraphicsEffect(QGraphicsOpacityEffect(self))
            self._fade.start()
        else:
            self._end_fade()

    def _on_faded(self, share: float) -> None:
        effect = self.graphicsEffect()
        if share >= 1:
            self._end_fade()
        elif isinstance(effect, QGraphicsOpacityEffect):
            effect.setOpacity(share)

    def _end_fade(self) -> None:
        # Without an effect the text is drawn sharp again.
        self.setGraphicsEffect(None)  # type: ignore[arg-type]

    def _place(self) -> None:
        host = self.parentWidget()
        if host is None:
            return
        now = theme.current()
        most = max(240, min(now.px(640), host.width() - 2 * now.px(MARGIN)))
        metrics = self.text.fontMetrics()
        widest = max(metrics.horizontalAdvance(line) for line in self.text.text().split("\n"))
        beside = sum(
            part.sizeHint().width() + 10
            for part in (self._mark, self.undo, self.open, self.dismiss)
            if not part.isHidden()
        )
        width = min(most, widest + beside + now.px(40))
        layout = self.layout()
        height = layout.heightForWidth(width) if layout is not None else -1
        self.resize(width, max(height, self.minimumSizeHint().height(), now.px(44)))
        self.move(
            QPoint(
                (host.width() - self.width()) // 2,
                host.height() - self.height() - now.px(MARGIN) * 3,
            )
        )

    def _on_time_out(self) -> None:
        focused = QApplication.focusWidget()
        if self.underMouse() or (focused is not None and self.isAncestorOf(focused)):
            self._timer.start(self.stays_ms or STAYS_MS)
        else:
            self.hide()

    def _on_undo(self) -> None:
        self.hide()
        if self._message is not None and self._message.draft:
            self.draft_requested.emit(self._message.draft)
        else:
            self.undo_requested.emit()

    def _on_open(self) -> None:
        self.hide()
        if self._message is not None and self._message.incident is not None:
            self.open_requested.emit(self._message.incident)
