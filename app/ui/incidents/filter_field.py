"""The filter field: the language coloured as it is read, keys and values completed, never refused.

What cannot be understood is underlined with its reason in the tooltip and treated as text, so the
list is never emptied silently (ux.md 6). Names and their counts come through the reader lane.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QInputMethodEvent,
    QKeyEvent,
    QStandardItem,
    QStandardItemModel,
    QTextCharFormat,
)
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QLabel,
    QLineEdit,
    QToolTip,
    QWidget,
)

from app.domain import filter_language
from app.services import browsing
from app.ui import icons, theme
from app.ui.widgets.offered_list import OfferedList, clear_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QResizeEvent

    from app.domain.filter_completion import Completions
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

CHOICE_ROLE = Qt.ItemDataRole.UserRole
"""What a choice puts into the line; what it shows has the count beside it."""
_BESIDE = " \u00b7 "
_NO_VALUES = frozenset({"sort", "group"})
"""Keys that choose no incidents, so that their values have no counts."""
_KINDS = {"assignee": "person", "requester": "person", "author": "person"}
_MOST = 12


COUNT_AFTER_MS = 200
"""Values are counted when the typing rests."""


class FilterField(QLineEdit):
    """A line edit over the filter language."""

    left = Signal()
    """Esc on an empty field, Enter or Down: the list should have the focus."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._at: Completions | None = None
        self.setAccessibleName(self.tr("Filter"))
        self.setPlaceholderText(self.tr("Filter: priority:p1,p2 assignee:me printer"))
        self.setClearButtonEnabled(True)
        self._icon = self.addAction(
            icons.icon("list-filter"), QLineEdit.ActionPosition.LeadingPosition
        )
        icons.bind(self._icon, "list-filter")
        self.hint = QLabel("/", self)
        self.hint.setProperty("kind", "key")
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(COUNT_AFTER_MS)
        self._pause.timeout.connect(self._on_pause)
        self.textChanged.connect(self._on_text_changed)
        self.textEdited.connect(self._on_text_edited)
        theme.current().changed.connect(self._colour)

    @cached_property
    def completer_(self) -> QCompleter:
        """Return what offers words, made with the first offer."""
        self.choices = QStandardItemModel(self)
        completer = QCompleter(self.choices, self)
        completer.setCompletionRole(CHOICE_ROLE)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setWidget(self)
        completer.activated.connect(self._on_activated)
        return completer

    @cached_property
    def popup(self) -> OfferedList:
        """Return the list of what is offered."""
        popup = OfferedList(self.completer_, self.tr("Words on offer"))
        popup.installEventFilter(self)
        return popup

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Complete with Tab, clear with Esc, go on to the list with Down or Enter."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Escape}:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Tab in the list of choices as Enter; give Enter without a choice to the field."""
        popup = self.popup
        if (
            watched is popup
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            if event.key() == Qt.Key.Key_Tab:
                index = popup.currentIndex()
                if not index.isValid():
                    index = self.completer_.completionModel().index(0, 0)
                self._on_activated(str(index.data(CHOICE_ROLE) or ""))
                popup.hide()
                return True
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if enter and not popup.currentIndex().isValid():
                popup.hide()
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Give the reason for an underlined word as the tooltip at its place."""
        if event.type() == QEvent.Type.ToolTip:
            reasons = [p.text for p in filter_language.parse(self.text()).problems]
            if reasons:
                QToolTip.showText(
                    self.mapToGlobal(QPoint(0, self.height())), "\n".join(reasons), self
                )
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the key's hint at the trailing edge."""
        super().resizeEvent(event)
        self.hint.adjustSize()
        margin = theme.current().px(8)
        left = self.width() - self.hint.width() - margin
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = margin
        self.hint.move(left, (self.height() - self.hint.height()) // 2)

    # --- colouring -------------------------------------------------------------------------------

    def _on_text_changed(self, text: str) -> None:
        self.hint.setVisible(not text)
        self._colour()

    def _colour(self) -> None:
        now = theme.current()
        text = self.text()
        read = filter_language.parse(text)
        spans: list[tuple[int, int, QTextCharFormat]] = []
        for term in read.terms:
            if term.key and term.key_end > term.start:
                key = QTextCharFormat()
                key.setForeground(now.colour("link"))
                key.setFontWeight(600)
                spans.append((term.start, term.end - term.start, key))
        for problem in read.problems:
            wrong = QTextCharFormat()
            wrong.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            wrong.setUnderlineColor(now.colour("danger"))
            wrong.setForeground(now.colour("text"))
            spans.append((problem.start, problem.end - problem.start, wrong))
        attributes = [
            QInputMethodEvent.Attribute(
                QInputMethodEvent.AttributeType.TextFormat,
                start - self.cursorPosition(),
                length,
                form,
            )
            for start, length, form in spans
            if length > 0
        ]
        # The one way in which a line edit takes colours: as an input method without text would.
        QApplication.sendEvent(self, QInputMethodEvent("", attributes))
        said = "; ".join(problem.text for problem in read.problems)
        self.setAccessibleDescription(said)

    # --- completion ------------------------------------------------------------------------------

    def _on_text_edited(self, text: str) -> None:
        from app.domain import filter_completion  # not before something is typed

        at = filter_completion.completions(text, self.cursorPosition())
        self._at = at
        offered = [one.text for one in at.suggestions][:_MOST]
        if not at.wants and not at.prefix and not at.key:
            offered = []  # an empty place offers nothing until something is typed
        self._offer(dict.fromkeys(offered))
        if at.wants:
            self._bench.read(lambda desk: _named(desk, at), self._on_told, key="filter-names")
        self._pause.stop()
        if at.wants or (at.key and at.key not in _NO_VALUES):
            self._pause.start()  # the list follows each key; counting waits for it

    def _on_pause(self) -> None:
        at, text = self._at, self.text()
        if at is not None and self.hasFocus():
            self._bench.read(lambda desk: _counted(desk, text, at), self._on_told, key="filter")

    def _on_told(self, answer: tuple[Completions, dict[str, int | None]]) -> None:
        at, counts = answer
        if at is self._at and self.hasFocus():
            self._offer(counts)

    def _offer(self, offered: Mapping[str, int | None]) -> None:
        """Offer values, each with how many incidents the list would hold where that is known."""
        at = self._at
        if at is not None and list(offered) == [at.prefix]:
            offered = {}
        popup = self.popup  # makes the choices, too
        kept = str(popup.currentIndex().data(CHOICE_ROLE) or "") if popup.isVisible() else ""
        self.choices.clear()
        for text, count in offered.items():
            item = QStandardItem(text if count is None else f"{text}{_BESIDE}{count:,}")
            item.setData(text, CHOICE_ROLE)
            self.choices.appendRow(item)
        if not offered or not self.hasFocus():
            popup.hide()
            return
        self.completer_.complete(clear_of(self))
        row = list(offered).index(kept) if kept in offered else -1
        popup.setCurrentIndex(self.completer_.completionModel().index(row, 0))

    def _on_activated(self, choice: str) -> None:
        if self._at is None or not choice:
            return
        from app.domain import filter_completion

        text, cursor = filter_completion.complete(self.text(), self._at, choice)
        self.setText(text)
        self.setCursorPosition(cursor)
        self._on_text_edited(text)


def _named(desk: Desk, at: Completions) -> tuple[Completions, dict[str, int | None]]:
    """Return the values on offer, the names of the team's among them."""
    offered = [one.text for one in at.suggestions]
    if at.wants:
        named = browsing.names(desk, _KINDS.get(at.wants, at.wants), at.prefix, _MOST)
        offered += [
            filter_language.quote(item.name) if " " in item.name else item.name for item in named
        ]
    return at, dict.fromkeys(list(dict.fromkeys(offered))[:_MOST])


def _counted(desk: Desk, text: str, at: Completions) -> tuple[Completions, dict[str, int | None]]:
    """Return the values on offer, and how many incidents the whole line would then find."""
    from app.domain import filter_completion  # as everything of a completion

    offered = list(_named(desk, at)[1])
    lines = [filter_completion.complete(text, at, choice)[0] for choice in offered]
    return at, dict(zip(offered, browsing.counts(desk, lines), strict=True))
