"""The timeline: a list view with one item per entry, painted by a delegate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QStaticText,
    QTextOption,
)
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.domain.incident import EntryKind
from app.ui import icons, theme
from app.ui.detail.timeline_words import EntryWords, entry_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.incident_record import TimelineEntry
    from app.services.outgoing import Letter

ENTRY_ROLE = Qt.ItemDataRole.UserRole
THING_ROLE = Qt.ItemDataRole.UserRole + 1
_NO_PARENT = QModelIndex()


class TimelineModel(QAbstractListModel):
    """The chosen entries of one incident; their words are made when they are looked at."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[TimelineEntry] = []
        self._words: dict[int, EntryWords] = {}
        self._description = ""
        self._all: Sequence[TimelineEntry] = ()
        self._letters: Mapping[bytes, Letter] = {}
        self._kinds = frozenset(EntryKind)
        self._newest_first = True

    def show_entries(
        self,
        entries: Sequence[TimelineEntry],
        description: str,
        letters: Mapping[bytes, Letter],
    ) -> None:
        """Show other entries, given oldest first; the opening one tells the description."""
        self._description, self._all, self._letters = description, entries, letters
        self._fill()

    def show_choice(self, kinds: frozenset[EntryKind], *, newest_first: bool) -> None:
        """Show the entries of some kinds, in one order or the other."""
        self._kinds, self._newest_first = kinds, newest_first
        self._fill()

    def _fill(self) -> None:
        self.beginResetModel()
        chosen = [entry for entry in self._all if entry.kind in self._kinds]
        self._entries = chosen[::-1] if self._newest_first else chosen
        self._words.clear()
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        """Return how many entries there are."""
        return 0 if parent.isValid() else len(self._entries)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the words of an entry, for the eye or for a screen reader."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        if role == THING_ROLE:
            return self._entries[index.row()]
        words = self._words.get(index.row())
        if words is None:
            entry = self._entries[index.row()]
            words = self._words[index.row()] = entry_words(
                entry, self._description, self._letters.get(entry.id)
            )
        if role == ENTRY_ROLE:
            return words
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return ", ".join(
                part for part in (words.time, words.head, words.body, words.author) if part
            )
        return None


class TimelineDelegate(QStyledItemDelegate):
    """Paints an entry: icon on a line, headline and time, text, author."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._heights: dict[tuple[int, int], int] = {}

    def forget(self) -> None:
        """Measure again: other entries, another width or another font."""
        self._heights.clear()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of the wrapped text at the width of the list."""
        width = self._view.viewport().width()
        key = (index.row(), width)
        height = self._heights.get(key)
        if height is None:
            height = self._heights[key] = self._height(index.data(ENTRY_ROLE), width)
        return QSize(width, height)

    def _height(self, words: EntryWords, width: int) -> int:
        now = theme.current()
        room = max(60, width - self._indent() - now.px(8))
        height = QFontMetrics(now.font("body", 600)).height() + now.px(2)
        if words.body:
            height += round(_wrapped(words.body, now.font(), room).size().height()) + now.px(2)
        if words.author:
            height += QFontMetrics(now.font("small")).height()
        return height + now.px(16)

    def _indent(self) -> int:
        return theme.current().px(40)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one entry."""
        words = index.data(ENTRY_ROLE)
        if not isinstance(words, EntryWords):
            return
        now = theme.current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(now.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -5), 6, 6)
        self._paint_mark(painter, rect, words, last=index.row() + 1 == self._rows())
        self._paint_words(painter, rect, words)
        painter.restore()

    def _rows(self) -> int:
        return self._view.model().rowCount()

    def _seen(self, rect: QRect, left: int, top: int, width: int, height: int) -> QRect:
        box = QRect(rect.left() + left, rect.top() + top, width, height)
        return QStyle.visualRect(self._view.layoutDirection(), rect, box)

    def _paint_mark(self, painter: QPainter, rect: QRect, words: EntryWords, *, last: bool) -> None:
        now = theme.current()
        side, icon = now.px(24), now.px(14)
        circle = self._seen(rect, now.px(4), now.px(4), side, side)
        if not last:
            painter.setPen(QPen(now.colour("line"), 2))
            painter.drawLine(
                circle.center().x(), circle.bottom() + 3, circle.center().x(), rect.bottom()
            )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.colour(f"{words.tone}.tint"))
        painter.drawEllipse(circle)
        picture = icons.pixmap(
            words.icon, now.colour(words.tone).name(), icon, self._view.devicePixelRatioF()
        )
        painter.drawPixmap(
            circle.left() + (side - icon) // 2, circle.top() + (side - icon) // 2, picture
        )

    def _paint_words(self, painter: QPainter, rect: QRect, words: EntryWords) -> None:
        now = theme.current()
        indent = self._indent()
        room = max(60, rect.width() - indent - now.px(8))
        leading = QStyle.visualAlignment(self._view.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        trailing = QStyle.visualAlignment(self._view.layoutDirection(), Qt.AlignmentFlag.AlignRight)
        small = now.font("small", tabular=True)
        bold = now.font("body", 600)
        high, top = QFontMetrics(bold).height(), now.px(4)
        taken = QFontMetrics(small).horizontalAdvance(words.time) + now.px(10)
        painter.setFont(small)
        painter.setPen(now.colour("text2"))
        line = self._seen(rect, indent, top, room, high)
        painter.drawText(line, int(trailing.value), words.time)
        painter.setFont(bold)
        painter.setPen(now.colour("text"))
        head = QFontMetrics(bold).elidedText(words.head, Qt.TextElideMode.ElideRight, room - taken)
        painter.drawText(line, int(leading.value), head)
        top += high + now.px(1)
        if words.body:
            painter.setFont(now.font())
            text = _wrapped(words.body, now.font(), room, self._view.layoutDirection())
            box = self._seen(rect, indent, top, room, round(text.size().height()))
            painter.drawStaticText(box.topLeft(), text)
            top += box.height() + now.px(1)
        if words.author:
            painter.setFont(now.font("small"))
            painter.setPen(now.colour("text2"))
            box = self._seen(rect, indent, top, room, QFontMetrics(now.font("small")).height())
            painter.drawText(box, int(leading.value), words.author)


def _wrapped(
    text: str,
    font: QFont,
    width: int,
    direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight,
) -> QStaticText:
    """Lay text out at a width: between words, within one only where it is longer than a line."""
    option = QTextOption(QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft))
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # what people wrote has its own
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    made = QStaticText(text.replace("\n", "\u2028"))  # it knows this end of a line only
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextOption(option)
    made.setTextWidth(width)
    made.prepare(font=font)
    return made


class TimelineView(QListView):
    """The story of an incident."""

    redact_requested = Signal(object)
    """An entry of which words shall be removed for good."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.redact = QAction(self.tr("Redact..."), self)
        icons.bind(self.redact, "ban")
        self.redact.triggered.connect(self._on_redact)
        self.addAction(self.redact)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.entries = TimelineModel(self)
        self._delegate = TimelineDelegate(self)
        self.setModel(self.entries)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Timeline"))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        theme.current().changed.connect(self._measure_again)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all entries in one stretch, with the interpreter's lock held (see QueueTree)."""
        super().paintEvent(event)

    def show_entries(
        self,
        entries: Sequence[TimelineEntry],
        description: str = "",
        letters: Mapping[bytes, Letter] | None = None,
    ) -> None:
        """Show another story, or a newer state of this one at the same place."""
        bar = self.verticalScrollBar()
        at = bar.value()
        self._delegate.forget()
        self.entries.show_entries(entries, description, letters or {})
        bar.setValue(at)

    def show_choice(self, kinds: frozenset[EntryKind], *, newest_first: bool) -> None:
        """Show the entries of some kinds from the top, in one order or the other."""
        self._delegate.forget()
        self.entries.show_choice(kinds, newest_first=newest_first)
        self.scrollToTop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew for another width."""
        self._measure_again()
        super().resizeEvent(event)

    def _on_redact(self) -> None:
        entry = self.currentIndex().data(THING_ROLE)
        if entry is not None:
            self.redact_requested.emit(entry)

    def _measure_again(self) -> None:
        self._delegate.forget()
        self.scheduleDelayedItemsLayout()
