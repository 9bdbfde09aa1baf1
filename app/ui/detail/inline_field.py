"""A field that is edited where it stands: Enter or leaving it saves, Esc brings the old text back.

It is a real line edit that looks like text until it has the focus; names are completed through the
reader lane, words of a fixed list at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPainter, QPalette
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyle, QStyleOptionFrame, QWidget

from app.domain.category import path_label
from app.services import browsing
from app.ui.widgets.offered_list import OfferedList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from app.services.naming import Named
    from app.ui.workbench import Workbench

_OFFERED = 12
_MARGIN = 2
"""What Qt leaves free at both ends of the text of a line edit, in px."""


class InlineField(QLineEdit):
    """One value of the record."""

    is_fixed = False
    """Whether the value is never edited here."""
    saved = Signal(str, str)
    """The field's name and what was typed, when it differs from what was shown."""

    def __init__(
        self,
        workbench: Workbench,
        name: str,
        label: str,
        parent: QWidget | None = None,
        *,
        kind: str = "",
        words: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self._bench, self._kind, self._shown = workbench, kind, ""
        self._abandons = False
        self.name = name
        self.setProperty("kind", "inline")
        self.setAccessibleName(label)
        self.setPlaceholderText("\u2013")
        self.setAcceptDrops(False)  # a file is dropped on the incident, not into a field
        self._meant: dict[str, str] = {}
        self.offered = QStringListModel(list(words), self)
        if kind or words:
            self._completer = QCompleter(self.offered, self)
            self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            self._completer.setCompletionMode(
                QCompleter.CompletionMode.UnfilteredPopupCompletion
                if kind
                else QCompleter.CompletionMode.PopupCompletion
            )
            OfferedList(self._completer, label)
            self.setCompleter(self._completer)
        if kind:
            self.textEdited.connect(self._on_text_edited)
        self.returnPressed.connect(self._on_return)

    def show_value(self, text: str) -> None:
        """Show what is stored, unless somebody is typing here."""
        self.setReadOnly(self.is_fixed or bool(self._bench.read_only))
        if self.hasFocus() and self.text() != self._shown:
            self._shown = text
            return
        self._shown = text
        self.setText(text)
        self.setCursorPosition(0)
        self.setToolTip(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Bring the stored text back with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self._abandons = self.text() != self._shown
            self.setText(self._shown)
            if not self._abandons:
                event.ignore()
            self._abandons = False
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the text, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save when the focus goes to another field."""
        super().focusOutEvent(event)
        if event.reason() not in {
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        }:
            self._save()
            self.deselect()
            self.setCursorPosition(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a value that is longer than its room with an ellipsis, until it is edited."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        style = self.style()
        room = style.subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        room.adjust(_MARGIN, 0, -_MARGIN, 0)
        words = self.fontMetrics()
        if self.hasFocus() or words.horizontalAdvance(self.text()) <= room.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        leading = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(
            room,
            int(QStyle.visualAlignment(self.layoutDirection(), leading).value),
            words.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width()),
        )
        painter.end()

    def _on_return(self) -> None:
        self._save()
        self.selectAll()

    def _save(self) -> None:
        text = self.text().strip()
        if text != self._shown:
            self._shown = text
            self.saved.emit(self.name, self._meant.get(text, text))

    def _on_text_edited(self, text: str) -> None:
        kind = self._kind
        self._bench.read(
            lambda desk: browsing.names(desk, kind, text, _OFFERED),
            self._on_names,
            key=f"inline-{self.name}",
        )

    def _on_names(self, items: list[Named]) -> None:
        if self._kind == "category":
            self._meant = {path_label(item.name): item.name for item in items}
        self.offered.setStringList(list(self._meant) or [item.name for item in items])
        if self.hasFocus() and items:
            self._completer.complete()


class LinkField(InlineField):
    """A telephone number that is called with a click or Enter; it is not edited here."""

    is_fixed = True

    def __init__(
        self,
        workbench: Workbench,
        name: str,
        label: str,
        parent: QWidget | None = None,
        *,
        kind: str = "",
        words: Sequence[str] = (),
    ) -> None:
        super().__init__(workbench, name, label, parent, kind=kind, words=words)
        self.setReadOnly(True)
        self.setProperty("link", True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleDescription(self.tr("Enter calls this number"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Call with Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self._call()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Call with a click; marking a part of the number calls nobody."""
        super().mouseReleaseEvent(event)
        if not self.hasSelectedText() or self.selectedText() == self.text():
            self._call()

    def _call(self) -> None:
        number = "".join(sign for sign in self.text() if sign.isdigit() or sign in "+*#")
        if number:
            QDesktopServices.openUrl(QUrl(f"tel:{number}"))
