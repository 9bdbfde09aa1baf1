"""Say how a clock stands: a bar of the time used, its tone, and the words beside it.

`sla_look` is plain arithmetic for lists (asked for every visible row of every frame); the bar is a
real progress bar to a screen reader.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from app.ui import theme
from app.ui.widgets.time_words import HOUR_MS, short_left, spoken

STEPS = 1000


class SlaLook(NamedTuple):
    """How a clock looks: share used (0 to 1), token of the tone, words, bold, hatched."""

    share: float
    tone: str
    text: str
    bold: bool
    hatched: bool
    said: str
    """For a screen reader; {0} stands for the time left or past."""
    left_ms: int = 0

    @property
    def spoken(self) -> str:
        """Return the words for a screen reader, which a row that is only painted does without."""
        return self.said.format(spoken(self.left_ms))


def sla_look(
    due_ms: int,
    registered_ms: int,
    now_ms: int,
    *,
    paused: bool = False,
    stopped: bool = False,
    breached: bool = False,
) -> SlaLook:
    """Return the look of a resolution clock (ux.md 2.1): amber below 1 h, red past due, hatched.

    The share is of wall-clock time from registration to due: enough for a bar of 52 px.
    """
    if stopped:
        if breached:
            return SlaLook(1.0, "danger", _tr("Missed"), False, False, _tr("SLA missed"))
        return SlaLook(1.0, "ok", _tr("Met"), False, False, _tr("SLA met"))
    if paused:
        if breached:
            return SlaLook(1.0, "danger", _tr("Paused"), False, True, _tr("SLA breached, paused"))
        return SlaLook(0.45, "text3", _tr("Paused"), False, True, _tr("SLA paused"))
    if not due_ms:
        return SlaLook(0.0, "text3", _tr("No target"), False, False, _tr("no SLA target"))
    left = due_ms - now_ms
    if left < 0:
        said = _tr("SLA past due by {0}")
        return SlaLook(1.0, "danger", short_left(left), True, False, said, left)
    whole = due_ms - registered_ms
    share = min(max(1.0 - left / whole, 0.0), 1.0) if whole > 0 else 1.0
    said = _tr("SLA left {0}")
    if left < HOUR_MS:
        return SlaLook(share, "warn", short_left(left), True, False, said, left)
    return SlaLook(share, "ok", short_left(left), False, False, said, left)


def paint_bar(
    painter: QPainter, rect: QRectF, share: float, tone: str, *, hatched: bool = False
) -> None:
    """Paint a rounded bar on its track; hatched when the clock is paused."""
    now = theme.current()
    radius = rect.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    if now.high_contrast:
        painter.setPen(QPen(now.colour("text"), 1.0))
    painter.setBrush(now.colour("track"))
    painter.drawRoundedRect(rect, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    if share <= 0:
        return
    width = max(rect.height(), rect.width() * share)
    filled = QRectF(rect.left(), rect.top(), width, rect.height())
    if painter.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        filled.moveRight(rect.right())
    if not hatched:
        painter.setBrush(now.colour(tone))
        painter.drawRoundedRect(filled, radius, radius)
        return
    painter.save()
    path = QPainterPath()
    path.addRoundedRect(filled, radius, radius)
    painter.setClipPath(path)
    painter.setPen(QPen(QBrush(now.colour(tone)), 1.2))
    step = max(3.0, rect.height() * 0.75)
    x = filled.left() - rect.height()
    while x < filled.right():
        painter.drawLine(
            int(x), int(rect.bottom()) + 1, int(x + rect.height() + 2), int(rect.top())
        )
        x += step
    painter.restore()


def _tr(text: str) -> str:
    return QCoreApplication.translate("SlaLook", text)


class SlaBar(QProgressBar):
    """The bar of one clock, for the band in the detail pane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone, self._hatched = "ok", False
        self.setRange(0, STEPS)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Share of the SLA time used"))

    def set_look(self, look: SlaLook) -> None:
        """Show a clock."""
        self._tone, self._hatched = look.tone, look.hatched
        self.setValue(round(look.share * STEPS))
        self.setAccessibleDescription(look.spoken)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a thin bar; it holds no text."""
        return QSize(theme.current().px(120), theme.current().px(6))

    def minimumSizeHint(self) -> QSize:
        """Return the least width at which a share can be read."""
        return QSize(theme.current().px(40), theme.current().px(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar from the value."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        share = self.value() / STEPS
        paint_bar(painter, QRectF(self.rect()), share, self._tone, hatched=self._hatched)
