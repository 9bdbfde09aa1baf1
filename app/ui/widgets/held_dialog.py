"""What was kept and not taken in: a table, the reason, a look as plain text, and what can be done.

The look loads nothing, follows nothing and runs nothing. What a person discards comes back with
Undo for as long as the dialog is open.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.widgets.text_table import TextTable, text_view

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QModelIndex

    from app.services.desk import Desk
    from app.ui.workbench import Workbench

_SIZE = (820, 560)


class HeldDialog(QDialog):
    """The frame of such a dialog; a subclass reads its items, and knows what becomes of them."""

    decided = Signal()
    """Somebody has decided about an item, or taken a decision back."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self.items: Sequence[Any] = ()
        self._discarded: Any = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        px = theme.current().px
        self.resize(px(_SIZE[0]), px(_SIZE[1]))
        self.table = TextTable(self)
        self.view = text_view("", self.table, self)
        self.reason = QLabel(self)
        self.reason.setWordWrap(True)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self.preview = QPlainTextEdit(self)
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.discard = self.button(self.tr("&Discard"))
        self.back = self.button(self.tr("&Undo"))
        self.back.setEnabled(False)
        self.discard.clicked.connect(self._on_discard)
        self.back.clicked.connect(self._on_back)
        self.view.selectionModel().currentRowChanged.connect(self._on_row)

    # --- for a subclass --------------------------------------------------------------------------

    def read(self) -> None:
        """Read the items anew; they come in by `show_items`."""
        raise NotImplementedError

    def show_current(self, item: Any) -> None:
        """Set the buttons for the current item, None where nothing is held."""
        raise NotImplementedError

    def look_at(self, desk: Desk, item: Any) -> str:
        """Return an item as plain text; runs in the reader lane."""
        raise NotImplementedError

    def discard_in(self, desk: Desk, item: Any) -> Any:
        """Discard an item; return what brings it back. Runs in the store lane."""
        raise NotImplementedError

    def put_back_in(self, desk: Desk, discarded: Any) -> None:
        """Bring back what was discarded. Runs in the store lane."""
        raise NotImplementedError

    # --- what they share -------------------------------------------------------------------------

    def current(self) -> Any:
        """Return the item that the buttons act on, None where there is none."""
        row = self.view.currentIndex().row()
        return self.items[row] if 0 <= row < len(self.items) else None

    def button(self, text: str) -> QPushButton:
        """Return a button that Enter elsewhere does not press."""
        button = QPushButton(text, self)
        button.setProperty("kind", "secondary")
        button.setAutoDefault(False)
        return button

    def lay_out(self, *widgets: QWidget) -> None:
        """Set these widgets before Discard and Undo; then read the items."""
        px = theme.current().px
        leave = self.button(self.tr("Close"))
        leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        for widget in (*widgets, self.discard, self.back):
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(leave)
        order = [self.view, self.preview, *widgets, self.discard, self.back, leave]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(14))
        layout.setSpacing(px(10))
        layout.addWidget(self.view, 2)
        layout.addWidget(self.reason)
        layout.addWidget(self.preview, 3)
        layout.addLayout(foot)
        self.read()
        self.view.setFocus()

    def show_items(
        self, items: Sequence[Any], header: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> None:
        """Show the items as rows; the place in the table is kept."""
        row = max(0, min(self.view.currentIndex().row(), len(items) - 1))
        self.items = items
        self.table.show_rows(header, rows)
        self.view.resizeColumnsToContents()
        self.view.selectRow(row)
        self._show()

    def act(self, act: Callable[[Desk], Any], then: Callable[[Any], None]) -> None:
        """Write something; a refusal stands where the reason stood."""
        self._bench.write(act, then, self._on_failed, quiet=True)

    def after(self) -> None:
        """Read anew what is held, and tell that something was decided."""
        self.read()
        self.decided.emit()

    def _on_row(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show()

    def _show(self) -> None:
        item = self.current()
        self.discard.setEnabled(item is not None)
        self.show_current(item)
        self.preview.clear()
        if item is None:
            return
        self.reason.setText(item.reason)
        self._bench.read(
            lambda desk: (item, self.look_at(desk, item)),
            self._on_look,
            self._on_failed,
            key=("held", type(self).__name__),
        )

    def _on_look(self, found: tuple[Any, str]) -> None:
        if found[0] == self.current():
            self.preview.setPlainText(found[1])

    def _on_discard(self) -> None:
        item = self.current()
        if item is not None:
            self.act(lambda desk: self.discard_in(desk, item), self._on_discarded)

    def _on_discarded(self, discarded: Any) -> None:
        self._discarded = discarded
        self.back.setEnabled(True)
        self.after()

    def _on_back(self) -> None:
        discarded = self._discarded
        if discarded is not None:
            self.act(lambda desk: self.put_back_in(desk, discarded), self._on_put_back)

    def _on_put_back(self, _nothing: object) -> None:
        self._discarded = None
        self.back.setEnabled(False)
        self.view.setFocus()
        self.after()

    def _on_failed(self, error: Exception) -> None:
        self.reason.setText(str(getattr(error, "message", error)))
