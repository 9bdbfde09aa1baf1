"""Paint the rows of the queue as the pictures show them; nothing is read here but the row's tuple.

Fonts, metrics and pixmaps are kept until the theme changes, because a screen of rows is painted at
every key (ux.md 12). A screen reader reads the model, not this. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import icons, theme
from app.ui.incidents import cells
from app.ui.incidents.columns import COLUMNS, GROUP_HEIGHT, ROW_HEIGHTS, Density
from app.ui.incidents.queue_model import ROW_ROLE, system_now_ms
from app.ui.widgets.avatar import avatar_pixmap
from app.ui.widgets.priority_chip import chip_pixmap, chip_size
from app.ui.widgets.sla_bar import paint_bar
from app.ui.widgets.status_label import status_look, status_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.listing import Group, ListRow
    from app.ui.incidents.queue_model import QueueModel

Index = QModelIndex | QPersistentModelIndex

_GROUP_TONES = {"breached": "danger", "due_1h": "warn"}
_PAD = 10
_BAR = 52
_ELIDED_KEPT = 4_000


class QueueDelegate(QStyledItemDelegate):
    """Paints groups and incidents."""

    def __init__(
        self,
        model: QueueModel,
        now_ms: Callable[[], int] = system_now_ms,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model, self._now_ms = model, now_ms
        self.density = Density.NORMAL
        self.roomy = True
        self._elided: dict[tuple[str, int, bool], str] = {}
        self._fonts: dict[tuple[str, int, bool], tuple[QFont, QFontMetrics]] = {}
        theme.current().changed.connect(self.forget)

    def forget(self) -> None:
        """Drop what was kept for the former look."""
        self._elided.clear()
        self._fonts.clear()

    def row_height(self) -> int:
        """Return the height of an incident's row in px, more for larger text."""
        now = theme.current()
        metrics = self._font("body", 400)[1]
        return max(now.px(ROW_HEIGHTS[self.density]), metrics.height() + 8)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return one height for groups and one for incidents."""
        del option
        if self._model.group(index) is None:
            return QSize(10, self.row_height())
        metrics = self._font("small", 650)[1]
        return QSize(10, max(theme.current().px(GROUP_HEIGHT), metrics.height() + 8))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell of an incident; a group is one row and is painted by `paint_group`."""
        if self._model.group(index) is None:
            painter.save()
            self._paint_cell(painter, option, index)
            painter.restore()

    # --- groups ----------------------------------------------------------------------------------

    def paint_group(
        self, painter: QPainter, option: QStyleOptionViewItem, group: Group, *, expanded: bool
    ) -> None:
        """Paint the row of a group over the width of all columns."""
        now = theme.current()
        rect: QRect = option.rect
        painter.fillRect(rect, now.colour("sunken"))
        _line_below(painter, rect, now.colour("line"))
        ratio = option.widget.devicePixelRatioF()
        tone = _GROUP_TONES.get(group.key, "text")
        side = now.px(14)
        icon = icons.pixmap(
            "chevron-down" if expanded else "chevron-right", now.tokens.text2, side, ratio
        )
        place = QRect(rect.left() + now.px(14), rect.center().y() - side // 2, side, side)
        painter.drawPixmap(QStyle.visualRect(option.direction, rect, place).topLeft(), icon)
        font, metrics = self._font("small", 650)
        painter.setFont(font)
        painter.setPen(now.colour(tone))
        label = QRect(rect).adjusted(now.px(34), 0, 0, 0)
        self._write(painter, option, label, group.label)
        painter.setFont(self._font("small", 400, tabular=True)[0])
        painter.setPen(now.colour("text2"))
        width = metrics.horizontalAdvance(group.label) + now.px(8)
        self._write(painter, option, label.adjusted(width, 0, 0, 0), f"{group.count:,}")
        if option.state & QStyle.StateFlag.State_HasFocus:
            _focus_ring(painter, rect, now.colour("focus"))

    # --- incidents -------------------------------------------------------------------------------

    def _paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now = theme.current()
        rect: QRect = option.rect
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            active = bool(state & QStyle.StateFlag.State_Active)
            painter.fillRect(rect, now.colour("select" if active else "select_inactive"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, now.colour("hover"))
        _line_below(painter, rect, now.colour("line"))
        row: ListRow | None = index.data(ROW_ROLE)
        key = self._model.keys[index.column()]
        if chosen and index.column() == 0:
            bar = QRect(rect.left(), rect.top(), now.px(3), rect.height())
            painter.fillRect(QStyle.visualRect(option.direction, rect, bar), now.colour("accent"))
        if row is None:
            if key == "title":
                self._paint_waiting(painter, option, rect)
            return
        paint = _PAINTERS.get(key)
        if paint is None:
            self._paint_text(painter, option, rect, key, row)
        else:
            paint(self, painter, option, rect, row)

    def _paint_waiting(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect) -> None:
        now = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.colour("track"))
        bar = QRect(rect.left() + now.px(_PAD), rect.center().y() - 3, rect.width() // 2, 7)
        painter.drawRoundedRect(QStyle.visualRect(option.direction, rect, bar), 3, 3)

    def _paint_priority(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: ListRow
    ) -> None:
        now = theme.current()
        ratio = option.widget.devicePixelRatioF()
        left = rect.left() + now.px(14)
        if self._model.ticked:
            side = now.px(16)
            box = QRect(rect.left() + now.px(6), rect.center().y() - side // 2, side, side)
            _paint_tick(
                painter,
                QStyle.visualRect(option.direction, rect, box),
                ticked=self._model.is_ticked(row.id),
                ratio=ratio,
            )
            left = box.right() + now.px(5)
        size = chip_size()
        place = QRect(left, rect.center().y() - size.height() // 2, size.width(), size.height())
        place = QStyle.visualRect(option.direction, rect, place)
        painter.drawPixmap(place.topLeft(), chip_pixmap(row.priority, ratio))

    def _paint_number(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: ListRow
    ) -> None:
        painter.setFont(self._font("body", 400, tabular=True)[0])
        painter.setPen(theme.current().colour("text2"))
        self._write(painter, option, self._room(rect), cells.short_number(row.number))

    def _paint_title(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: ListRow
    ) -> None:
        now = theme.current()
        room = self._room(rect)
        ratio = option.widget.devicePixelRatioF()
        if row.unread:
            side = now.px(7)
            dot = QRect(room.left(), rect.center().y() - side // 2, side, side)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.colour("accent"))
            painter.drawEllipse(QRectF(QStyle.visualRect(option.direction, rect, dot)))
            room.setLeft(room.left() + now.px(12))
        for shown, icon, tone in (
            (row.major, "circle-alert", "danger"),
            (row.conflict, "triangle-alert", "warn"),
        ):
            if shown:
                side = now.px(14)
                place = QRect(room.left(), rect.center().y() - side // 2, side, side)
                place = QStyle.visualRect(option.direction, rect, place)
                ink = now.tokens.tone(tone).tint if tone == "p1" else now.tokens.colour(tone)
                painter.drawPixmap(place.topLeft(), icons.pixmap(icon, ink, side, ratio))
                room.setLeft(room.left() + side + now.px(5))
        font, metrics = self._font("body", 650 if row.unread else 400)
        painter.setFont(font)
        painter.setPen(now.colour("text"))
        self._write(
            painter, option, room, self._elide(row.title, room.width(), metrics, bold=row.unread)
        )

    def _paint_status(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: ListRow
    ) -> None:
        now = theme.current()
        look = status_look(row.status)
        side = now.px(14)
        room = self._room(rect)
        place = QRect(room.left(), rect.center().y() - side // 2, side, side)
        picture = icons.pixmap(
            look.icon, now.tokens.tone(look.tone).ink, side, option.widget.devicePixelRatioF()
        )
        painter.drawPixmap(QStyle.visualRect(option.direction, rect, place).topLeft(), picture)
        room.setLeft(room.left() + side + now.px(6))
        font, metrics = self._font("body", 400)
        painter.setFont(font)
        painter.setPen(now.colour("text"))
        self._write(
            painter, option, room, self._elide(status_word(row.status), room.width(), metrics)
        )

    def _paint_sla(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: ListRow
    ) -> None:
        now = theme.current()
        look = cells.row_look(row, self._now_ms())
        room = self._room(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if look.text and not row.stopped and (row.due_ms or row.paused):
            width = now.px(_BAR)
            bar = QRect(room.left(), rect.center().y() - now.px(2), width, now.px(5))
            bar = QStyle.visualRect(option.direction, rect, bar)
            paint_bar(painter, QRectF(bar), look.share, look.tone, hatched=look.hatched)
            room.setLeft(room.left() + width + now.px(8))
        painter.setFont(self._font("body", 650 if look.bold else 400, tabular=True)[0])
        plain = "text2" if look.tone in {"ok", "text3"} else look.tone
        painter.setPen(now.colour(plain))
        self._write(painter, option, room, look.text)

    def _paint_assignee(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: ListRow
    ) -> None:
        now = theme.current()
        side = now.px(20)
        room = self._room(rect)
        place = QRect(room.left(), rect.center().y() - side // 2, side, side)
        place = QStyle.visualRect(option.direction, rect, place)
        ratio = option.widget.devicePixelRatioF()
        painter.drawPixmap(place.topLeft(), avatar_pixmap(row.assignee, side, ratio))
        if not self.roomy:
            return
        room.setLeft(room.left() + side + now.px(6))
        name = row.assignee.partition(" ")[0] or self.tr("Assign")
        font, metrics = self._font("body", 400)
        painter.setFont(font)
        painter.setPen(now.colour("text" if row.assignee else "text2"))
        self._write(painter, option, room, self._elide(name, room.width(), metrics))

    def _paint_text(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, key: str, row: ListRow
    ) -> None:
        now = theme.current()
        trailing = COLUMNS[key].trailing
        font, metrics = self._font("body", 400, tabular=trailing)
        painter.setFont(font)
        painter.setPen(now.colour("text2"))
        room = self._room(rect)
        text = self._elide(cells.cell_text(key, row, self._now_ms()), room.width(), metrics)
        self._write(painter, option, room, text, trailing=trailing)

    # --- small parts -----------------------------------------------------------------------------

    def _room(self, rect: QRect) -> QRect:
        pad = theme.current().px(_PAD) // 2
        return rect.adjusted(pad, 0, -pad, 0)

    def _font(self, size: str, weight: int, *, tabular: bool = False) -> tuple[QFont, QFontMetrics]:
        key = (size, weight, tabular)
        found = self._fonts.get(key)
        if found is None:
            font = theme.current().font(size, weight, tabular=tabular)
            found = self._fonts[key] = (font, QFontMetrics(font))
        return found

    def _elide(self, text: str, width: int, metrics: QFontMetrics, *, bold: bool = False) -> str:
        key = (text, width, bold)
        found = self._elided.get(key)
        if found is None:
            if len(self._elided) > _ELIDED_KEPT:
                self._elided.clear()
            # One line, and no more of a megabyte than a screen can show.
            line = text[:500].replace("\n", " ")
            found = metrics.elidedText(line, Qt.TextElideMode.ElideRight, max(width, 0))
            self._elided[key] = found
        return found

    def _write(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        room: QRect,
        text: str,
        *,
        trailing: bool = False,
    ) -> None:
        edge = Qt.AlignmentFlag.AlignRight if trailing else Qt.AlignmentFlag.AlignLeft
        align = QStyle.visualAlignment(option.direction, edge) | Qt.AlignmentFlag.AlignVCenter
        rect = QStyle.visualRect(option.direction, option.rect, room)
        if option.direction == Qt.LayoutDirection.RightToLeft:
            # Text of its own direction, so that its end and its mark of more stay together.
            text = f"\u2068{text}\u2069"
        painter.drawText(rect, align | Qt.TextFlag.TextSingleLine, text)


_PAINTERS: dict[str, Any] = {
    "priority": QueueDelegate._paint_priority,  # noqa: SLF001 - the class's own table
    "number": QueueDelegate._paint_number,  # noqa: SLF001
    "title": QueueDelegate._paint_title,  # noqa: SLF001
    "status": QueueDelegate._paint_status,  # noqa: SLF001
    "sla": QueueDelegate._paint_sla,  # noqa: SLF001
    "assignee": QueueDelegate._paint_assignee,  # noqa: SLF001
}


def _line_below(painter: QPainter, rect: QRect, colour: QColor) -> None:
    painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colour)


def _focus_ring(painter: QPainter, rect: QRect, colour: QColor) -> None:
    painter.setPen(QPen(colour, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(1, 1, -2, -2))


def _paint_tick(painter: QPainter, box: QRect, *, ticked: bool, ratio: float) -> None:
    now = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(now.colour("accent" if ticked else "control"), 1.5))
    painter.setBrush(now.colour("accent" if ticked else "surface"))
    painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 3, 3)
    if ticked:
        side = box.width() - 4
        mark = icons.pixmap("check", now.tokens.on_accent, side, ratio)
        painter.drawPixmap(box.left() + 2, box.top() + 2, mark)
