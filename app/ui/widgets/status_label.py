"""Show a status by icon and word, in its tone.

`status_look` is shared with the list; `StatusLabel` is the pill beside a number.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import icons, theme
from app.ui.tokens import CHIP_HEIGHT


class StatusLook(NamedTuple):
    """The icon, the tone and the word of a status (English source text)."""

    icon: str
    tone: str
    word: str


_LOOKS = {
    "new": StatusLook("circle-dot", "info", str(QT_TRANSLATE_NOOP("Status", "New"))),
    "assigned": StatusLook("user-check", "info", str(QT_TRANSLATE_NOOP("Status", "Assigned"))),
    "in_progress": StatusLook("search", "violet", str(QT_TRANSLATE_NOOP("Status", "In progress"))),
    "pending": StatusLook("pause", "warn", str(QT_TRANSLATE_NOOP("Status", "Pending"))),
    "resolved": StatusLook("check", "ok", str(QT_TRANSLATE_NOOP("Status", "Resolved"))),
    "closed": StatusLook("circle-check", "p4", str(QT_TRANSLATE_NOOP("Status", "Closed"))),
    "cancelled": StatusLook("circle-slash", "p4", str(QT_TRANSLATE_NOOP("Status", "Cancelled"))),
}
_OTHER = StatusLook("circle-dot", "p4", "")


def status_look(status: str) -> StatusLook:
    """Return icon, tone and word of a status code; an unknown code is shown as it is."""
    found = _LOOKS.get(status)
    return found if found is not None else _OTHER._replace(word=status)


def status_word(status: str) -> str:
    """Return the word of a status in the language of the window."""
    return QCoreApplication.translate("Status", status_look(status).word)


class StatusLabel(QLabel):
    """The pill of a status; a label to a screen reader."""

    def __init__(self, status: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_status(status)

    def set_status(self, status: str) -> None:
        """Show a status by its code; "" shows nothing."""
        self._status = status
        word = status_word(status) if status else ""
        self.setText(word)
        self.setAccessibleName(self.tr("Status: {0}").format(word) if word else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of icon and word."""
        if not self._status:
            return QSize(0, 0)
        now = theme.current()
        metrics = QFontMetricsF(now.font("small", 600))
        width = metrics.horizontalAdvance(self.text()) + now.px(34)
        return QSize(round(width), max(now.px(CHIP_HEIGHT), round(metrics.height()) + 4))

    def minimumSizeHint(self) -> QSize:
        """Return the same: a status is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill."""
        del event
        if not self._status:
            return
        now = theme.current()
        look = status_look(self._status)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(now.colour(look.tone)) if now.high_contrast else Qt.PenStyle.NoPen)
        painter.setBrush(now.colour(f"{look.tone}.tint"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        side = now.px(13)
        top = round((self.height() - side) / 2)
        right_to_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.width() - now.px(9) - side if right_to_left else now.px(9)
        ratio = self.devicePixelRatioF()
        picture = icons.pixmap(look.icon, now.tokens.tone(look.tone).ink, side, ratio)
        painter.drawPixmap(left, top, picture)
        gap = now.px(9) + side + now.px(3)
        text = box.adjusted(0, 0, -gap, 0) if right_to_left else box.adjusted(gap, 0, 0, 0)
        painter.setPen(now.colour(look.tone))
        painter.setFont(now.font("small", 600))
        leading = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(text, leading, self.text())
