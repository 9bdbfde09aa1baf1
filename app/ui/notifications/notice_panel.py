"""The list behind the bell: all that was told, newest first, over the window that stays as it is.

Up and Down choose, Enter opens the incident, Esc closes and gives the focus back. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, theme
from app.ui.notifications.notice_delegate import NOTICE_ROLE, NoticeDelegate
from app.ui.notifications.words import when, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.notification import Notice

_WIDTH, _MOST_LINES, _MARGIN, _SHADOW = 420, 8, 8, 18


class NoticePanel(QWidget):
    """A card near the bell, over a window."""

    opened = Signal(object)
    """A notice that was chosen."""
    pause_requested = Signal(bool)
    """Whether to pause, or to end a pause."""
    settings_requested = Signal()

    def __init__(self, over: QWidget, bell: QWidget) -> None:
        super().__init__(over)
        self._bell, self._before, self._paused = bell, over, False
        self.card = QFrame(self)
        self.card.setProperty("kind", "palette")
        self.title = QLabel(self.tr("Notifications"), self.card)
        self.title.setProperty("kind", "dialog_title")
        self.pause = QPushButton(self.card)
        self.pause.setProperty("kind", "link")
        self.settings = QToolButton(self.card)
        icons.bind(self.settings, "settings", size=16)
        self.settings.setAccessibleName(self.tr("What to be notified of"))
        self.settings.setToolTip(self.tr("What to be notified of"))
        self.list = QListWidget(self.card)
        self.list.setAccessibleName(self.tr("Notifications"))
        self.list.setItemDelegate(NoticeDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.installEventFilter(self)
        self.nothing = QLabel(
            self.tr(
                "Nothing yet. Work that others give you, clocks that run out and replies are "
                "listed here."
            ),
            self.card,
        )
        self.nothing.setWordWrap(True)
        self.nothing.setProperty("tone", "quiet")
        self._lay_out()
        self.setFocusProxy(self.list)
        self.list.itemClicked.connect(self._on_chosen)
        self.pause.clicked.connect(self._on_pause)
        self.settings.clicked.connect(self._on_settings)
        over.installEventFilter(self)
        self.show_notices((), 0)
        self.hide()

    def show_notices(self, notices: Sequence[Notice], paused_until_ms: int) -> None:
        """Show what was told, the newest first, and whether notifications are paused."""
        self._paused = bool(paused_until_ms)
        self.pause.setText(self.tr("Pause 1 h"))
        if paused_until_ms:
            self.pause.setText(self.tr("Paused until {0}, resume").format(when(paused_until_ms)))
        kept = self.list.currentRow()
        self.list.clear()
        for notice in reversed(notices):
            words = words_of(notice)
            item = QListWidgetItem(words.headline)
            item.setData(NOTICE_ROLE, notice)
            new = "" if notice.seen else self.tr("New.") + " "
            told = f"{new}{words.headline}. {words.text}. {when(notice.at_ms)}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, told.replace("\n", ". "))
            self.list.addItem(item)
        self.list.setCurrentRow(min(max(kept, 0), self.list.count() - 1))
        self.list.setVisible(bool(notices))
        self.nothing.setVisible(not notices)
        if self.isVisible():
            self._place()

    def open_near_bell(self) -> None:
        """Open, with the focus in the list."""
        focused: QWidget | None = self.window().focusWidget()
        self._before = focused if focused is not None else self.window()
        self.list.setCurrentRow(0)
        self._place()
        self.show()
        self.raise_()
        first: QWidget = self.list if self.list.count() else self.pause
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_quietly(self) -> None:
        """Close and give the focus back to where it came from."""
        self.hide()
        self._before.setFocus(Qt.FocusReason.PopupFocusReason)

    # --- Qt's own --------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window; open the chosen line by Enter."""
        if watched is self.parent():
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            item: QListWidgetItem | None = self.list.currentItem()
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
                self._on_chosen(item)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_quietly()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lay the one shadow there is under the card (ux.md 11)."""
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        shade = QColor(now.colour("shadow"))
        shade.setAlphaF(0.02)
        painter.setBrush(shade)
        around = QRectF(self.card.geometry())
        for reach in range(2, now.px(_SHADOW), 2):
            box = around.adjusted(-reach, -reach + 4, reach, reach + 4)
            painter.drawRoundedRect(box, 12 + reach, 12 + reach)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close on a click beside the card."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_quietly()

    # --- inside ----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._head = head = QHBoxLayout()
        head.setContentsMargins(8, 0, 0, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.pause)
        head.addWidget(self.settings)
        layout = QVBoxLayout(self.card)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.nothing)
        self.nothing.setContentsMargins(8, 4, 8, 8)

    def _place(self) -> None:
        over = self.parentWidget()
        if over is None:
            return
        self.setGeometry(over.rect())
        now = theme.current()
        width = min(now.px(_WIDTH), over.width() - 2 * _MARGIN)
        lines = min(self.list.count(), _MOST_LINES)
        inside = lines * max(self.list.sizeHintForRow(0), 0) if lines else 0
        layout = self.card.layout()
        self.card.resize(width, self.card.height())
        margins = 16 + 6 + self._head.sizeHint().height() + 4
        height = margins + (inside or self.nothing.heightForWidth(width - 16))
        height = min(height, over.height() - 2 * _MARGIN)
        corner = self._bell.mapTo(over, QPoint(0, 0)) if self._bell.isVisible() else None
        left, bottom = _MARGIN, over.height() - now.px(40)
        if corner is not None:
            left, bottom = corner.x(), corner.y() - _MARGIN
        left = min(max(left, _MARGIN), over.width() - width - _MARGIN)
        self.card.setGeometry(left, max(bottom - height, _MARGIN), width, height)
        if layout is not None:
            layout.activate()

    def _on_chosen(self, item: QListWidgetItem) -> None:
        self.close_quietly()
        self.opened.emit(item.data(NOTICE_ROLE))

    def _on_pause(self) -> None:
        self.pause_requested.emit(not self._paused)

    def _on_settings(self) -> None:
        self.close_quietly()
        self.settings_requested.emit()
