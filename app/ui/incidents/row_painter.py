"""Paint one incident of the queue as a whole row: every cell in one call, nothing asked of a model.

A row is painted once into a picture and drawn from it until something in it changes: its values,
its ground, the columns, or a clock that ticks. A screen reader reads the model. GUI thread only.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap, QStaticText

from app.ui import icons, theme
from app.ui.incidents import cells
from app.ui.incidents.columns import column
from app.ui.widgets.avatar import avatar_pixmap
from app.ui.widgets.priority_chip import chip_pixmap, chip_size
from app.ui.widgets.sla_bar import paint_bar
from app.ui.widgets.status_label import status_look, status_word
from app.ui.widgets.time_words import MINUTE_MS, SECONDS_BELOW_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFont

    from app.domain.listing import ListRow

PAD = 10
BAR = 52
_ELIDED_KEPT = 4_000
_PICTURES_LEAST = 48
_CHOSEN = frozenset({"select", "select_inactive"})


class Frame(NamedTuple):
    """What all rows of one frame share; pictures of another frame are of no use."""

    places: tuple[tuple[str, int, int], ...]
    """The key, the left edge and the width of each column on the screen, in px."""
    width: int
    height: int
    ratio: float
    mirrored: bool
    roomy: bool
    ticks: bool
    """Whether boxes to tick are shown."""


class Script(NamedTuple):
    """A font, its metrics, and how far its text begins below the top of a row."""

    font: QFont
    metrics: QFontMetrics
    top: int


class RowPainter:
    """Draws rows of a frame, each from its picture."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._frame = Frame((), 0, 0, 1.0, False, True, False)
        self._scripts: dict[tuple[str, int, bool], Script] = {}
        self._cut: dict[tuple[str, int, int, bool], tuple[QStaticText, int]] = {}
        self._pictures: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        self._kept = _PICTURES_LEAST
        self.forget()

    def forget(self) -> None:
        """Drop what was kept for the former look."""
        self._scripts.clear()
        self._cut.clear()
        self._pictures.clear()
        now = theme.current()
        self._pad = now.px(PAD) // 2
        self._chip = chip_size()

    def begin(self, frame: Frame, rows: int) -> None:
        """Take the columns of the frame that begins, which shows at most so many rows."""
        self._kept = max(_PICTURES_LEAST, rows * 2)
        if frame != self._frame:
            if frame.height != self._frame.height:
                self._scripts.clear()
                self._cut.clear()
            self._frame = frame
            self._pictures.clear()

    def draw(
        self, painter: QPainter, top: int, row: ListRow | None, ground: str, *, ticked: bool
    ) -> None:
        """Draw a row at a height of the viewport; None is one that is still on its way.

        `ground` is the token of its colour: surface, hover, select or select_inactive.
        """
        if row is None or self._frame.ratio % 1:
            # A picture would lie between two pixels where the ratio is no whole number.
            painter.save()
            painter.translate(0, top)
            self._paint(painter, row, ground, ticked=ticked)
            painter.restore()
            return
        key = (row, ground, ticked, *self._ticks(row))
        picture = self._pictures.get(key)
        if picture is None:
            picture = self._pictures[key] = self._picture(row, ground, ticked=ticked)
            if len(self._pictures) > self._kept:
                self._pictures.popitem(last=False)
        else:
            self._pictures.move_to_end(key)
        painter.drawPixmap(0, top, picture)

    def pictures_kept(self) -> int:
        """Return how many rows are kept as pictures."""
        return len(self._pictures)

    def _ticks(self, row: ListRow) -> tuple[int, int]:
        """Return what of the present instant is seen in a row: by the minute, or the second."""
        now_ms = self._now_ms()
        left = row.due_ms - now_ms
        step = 1_000 if -SECONDS_BELOW_MS < left < SECONDS_BELOW_MS else MINUTE_MS
        return left // step, (now_ms - row.registered_ms) // MINUTE_MS

    def _picture(self, row: ListRow, ground: str, *, ticked: bool) -> QPixmap:
        frame = self._frame
        ratio = int(frame.ratio)
        picture = QPixmap(frame.width * ratio, frame.height * ratio)
        picture.setDevicePixelRatio(frame.ratio)
        painter = QPainter(picture)
        if frame.mirrored:
            painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._paint(painter, row, ground, ticked=ticked)
        painter.end()
        return picture

    # --- the cells -------------------------------------------------------------------------------

    def _paint(self, painter: QPainter, row: ListRow | None, ground: str, *, ticked: bool) -> None:
        now, frame = theme.current(), self._frame
        painter.fillRect(0, 0, frame.width, frame.height, now.colour(ground))
        first, last = frame.places[0], frame.places[-1]
        ends = (first[1], first[1] + first[2], last[1], last[1] + last[2])
        left, right = min(ends), max(ends)
        painter.fillRect(left, frame.height - 1, right - left, 1, now.colour("line"))
        if ground in _CHOSEN:
            side = now.px(3)
            edge = self._left(first[1], first[2], 0, side)
            painter.fillRect(edge, 0, side, frame.height, now.colour("accent"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for key, left, width in frame.places:
            if row is None:
                if key == "title":
                    self._paint_waiting(painter, left, width)
            elif key == "priority":
                self._paint_priority(painter, left, width, row, ticked=ticked)
            else:
                paint = _PAINTERS.get(key)
                if paint is None:
                    self._paint_text(painter, left, width, key, row)
                else:
                    paint(self, painter, left, width, row)

    def _paint_waiting(self, painter: QPainter, left: int, width: int) -> None:
        now = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.colour("track"))
        left = self._left(left, width, now.px(PAD), width // 2)
        painter.drawRoundedRect(left, self._middle() - 3, width // 2, 7, 3, 3)

    def _paint_priority(
        self, painter: QPainter, left: int, width: int, row: ListRow, *, ticked: bool
    ) -> None:
        now, size, middle = theme.current(), self._chip, self._middle()
        inset = now.px(14)
        if self._frame.ticks:
            side = now.px(16)
            inset = now.px(6)
            box = self._left(left, width, inset, side)
            _paint_tick(painter, box, middle - side // 2, side, self._frame.ratio, ticked=ticked)
            inset += side - 1 + now.px(5)
        painter.drawPixmap(
            self._left(left, width, inset, size.width()),
            middle - size.height() // 2,
            chip_pixmap(row.priority, self._frame.ratio),
        )

    def _paint_number(self, painter: QPainter, left: int, width: int, row: ListRow) -> None:
        script = self._script("body", 400, tabular=True)
        painter.setPen(theme.current().colour("text2"))
        number = cells.short_number(row.number)
        self._write(painter, left, width, 0, number, script, whole=True)

    def _paint_title(self, painter: QPainter, left: int, width: int, row: ListRow) -> None:
        now, middle = theme.current(), self._middle()
        inset = 0
        if row.unread:
            side = now.px(7)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.colour("accent"))
            dot = self._left(left, width, self._pad, side)
            painter.drawEllipse(QRectF(dot, middle - side // 2, side, side))
            inset = now.px(12)
        for shown, icon, tone in (
            (row.major, "circle-alert", "danger"),
            (row.conflict, "triangle-alert", "warn"),
        ):
            if shown:
                side = now.px(14)
                place = self._left(left, width, self._pad + inset, side)
                picture = icons.pixmap(icon, now.tokens.colour(tone), side, self._frame.ratio)
                painter.drawPixmap(place, middle - side // 2, picture)
                inset += side + now.px(5)
        painter.setPen(now.colour("text"))
        script = self._script("body", 650 if row.unread else 400)
        self._write(painter, left, width, inset, row.title, script)

    def _paint_status(self, painter: QPainter, left: int, width: int, row: ListRow) -> None:
        now, look = theme.current(), status_look(row.status)
        side = now.px(14)
        picture = icons.pixmap(look.icon, now.tokens.tone(look.tone).ink, side, self._frame.ratio)
        place = self._left(left, width, self._pad, side)
        painter.drawPixmap(place, self._middle() - side // 2, picture)
        painter.setPen(now.colour("text"))
        script = self._script("body", 400)
        self._write(painter, left, width, side + now.px(6), status_word(row.status), script)

    def _paint_sla(self, painter: QPainter, left: int, width: int, row: ListRow) -> None:
        now, look = theme.current(), cells.row_look(row, self._now_ms())
        inset = 0
        if look.text and not row.stopped and (row.due_ms or row.paused):
            long = now.px(BAR)
            place = self._left(left, width, self._pad, long)
            bar = QRectF(place, self._middle() - now.px(2), long, now.px(5))
            paint_bar(painter, bar, look.share, look.tone, hatched=look.hatched)
            inset = long + now.px(8)
        painter.setPen(now.colour("text2" if look.tone in {"ok", "text3"} else look.tone))
        script = self._script("body", 650 if look.bold else 400, tabular=True)
        self._write(painter, left, width, inset, look.text, script, whole=True)

    def _paint_assignee(self, painter: QPainter, left: int, width: int, row: ListRow) -> None:
        now = theme.current()
        side = now.px(20)
        place = self._left(left, width, self._pad, side)
        picture = avatar_pixmap(row.assignee, side, self._frame.ratio)
        painter.drawPixmap(place, self._middle() - side // 2, picture)
        if self._frame.roomy:
            name = cells.first_name(row.assignee)
            painter.setPen(now.colour("text" if row.assignee else "text2"))
            script = self._script("body", 400)
            self._write(painter, left, width, side + now.px(6), name, script)

    def _paint_text(self, painter: QPainter, left: int, width: int, key: str, row: ListRow) -> None:
        trailing = column(key).trailing
        painter.setPen(theme.current().colour("text2"))
        text = cells.cell_text(key, row, self._now_ms())
        script = self._script("body", 400, tabular=trailing)
        self._write(painter, left, width, 0, text, script, trailing=trailing)

    # --- small parts -----------------------------------------------------------------------------

    def _middle(self) -> int:
        return (self._frame.height - 1) // 2

    def _left(self, left: int, width: int, inset: int, wide: int) -> int:
        """Return the left edge of a thing that stands `inset` after the leading edge of a cell."""
        return left + width - inset - wide if self._frame.mirrored else left + inset

    def _script(self, size: str, weight: int, *, tabular: bool = False) -> Script:
        key = (size, weight, tabular)
        found = self._scripts.get(key)
        if found is None:
            font = theme.current().font(size, weight, tabular=tabular)
            metrics = QFontMetrics(font)
            top = (self._frame.height - metrics.height() + 1) // 2
            found = self._scripts[key] = Script(font, metrics, top)
        return found

    def _write(
        self,
        painter: QPainter,
        left: int,
        width: int,
        inset: int,
        text: str,
        script: Script,
        *,
        trailing: bool = False,
        whole: bool = False,
    ) -> None:
        """Write in a cell after what stands before it; `whole` text is cut off, never shortened."""
        room = width - 2 * self._pad - inset
        line, wide = self._fitting(text, room, script, whole=whole)
        inset = width - self._pad - wide if trailing else self._pad + inset
        left = self._left(left, width, inset, wide)
        painter.setFont(script.font)
        if wide > room:
            edge = left + wide - room if self._frame.mirrored else left
            painter.setClipRect(edge, 0, max(room, 0), self._frame.height)
            painter.drawStaticText(left, script.top, line)
            painter.setClipping(False)
        else:
            painter.drawStaticText(left, script.top, line)

    def _fitting(
        self, text: str, room: int, script: Script, *, whole: bool
    ) -> tuple[QStaticText, int]:
        """Return a text as it fits, laid out once for all rows that say it, and how wide it is."""
        key = (text, room, id(script), whole)
        found = self._cut.get(key)
        if found is None:
            if len(self._cut) > _ELIDED_KEPT:
                self._cut.clear()
            # One line, and no more of a megabyte than a screen can show.
            line = text[:500].replace("\n", " ")
            if not whole:
                line = script.metrics.elidedText(line, Qt.TextElideMode.ElideRight, max(room, 0))
            if self._frame.mirrored:
                # Text of its own direction, so that its end and its mark of more stay together.
                line = f"\u2068{line}\u2069"
            laid = QStaticText(line)
            laid.setTextFormat(Qt.TextFormat.PlainText)
            laid.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            laid.prepare(font=script.font)
            found = self._cut[key] = (laid, script.metrics.horizontalAdvance(line))
        return found


_PAINTERS: dict[str, Any] = {
    "number": RowPainter._paint_number,  # noqa: SLF001 - the class's own table
    "title": RowPainter._paint_title,  # noqa: SLF001
    "status": RowPainter._paint_status,  # noqa: SLF001
    "sla": RowPainter._paint_sla,  # noqa: SLF001
    "assignee": RowPainter._paint_assignee,  # noqa: SLF001
}


def _paint_tick(
    painter: QPainter, left: int, top: int, side: int, ratio: float, *, ticked: bool
) -> None:
    now = theme.current()
    painter.setPen(QPen(now.colour("accent" if ticked else "control"), 1.5))
    painter.setBrush(now.colour("accent" if ticked else "surface"))
    painter.drawRoundedRect(QRectF(left + 1, top + 1, side - 2, side - 2), 3, 3)
    if ticked:
        mark = icons.pixmap("check", now.tokens.on_accent, side - 4, ratio)
        painter.drawPixmap(left + 2, top + 2, mark)
