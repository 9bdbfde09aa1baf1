"""How the three panes share the width of the window (ux.md section 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from app.ui import theme
from app.ui.detail.nothing_chosen import nothing_chosen
from app.ui.tab_order import chain, stops

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.ui.detail.detail_panel import DetailPanel
    from app.ui.incidents.queue_panel import QueuePanel
    from app.ui.sidebar import SidebarPanel

WIDE, NORMAL, NARROW = 1400, 1100, 900
"""Window widths in px, at 100 % text size, at which the layout changes."""
DETAIL_WIDE, DETAIL_NORMAL, LIST_LEAST = 440, 380, 200


class Panes(QSplitter):
    """Shows three panes, narrows them, or shows the list or the detail alone."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._hid_detail = False
        self._chosen = 0
        self._page: QWidget | None = None
        self._beside = True
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._on_moved)

    def hold(self, sidebar: SidebarPanel, queue: QueuePanel) -> None:
        """Take the panes that are painted at once, and keep the place of the third."""
        self._sidebar, self._queue = sidebar, queue
        self._detail: QWidget = nothing_chosen(self)
        for pane in (sidebar, queue, self._detail):
            self.addWidget(pane)
        self.setStretchFactor(1, 1)

    def take_detail(self, detail: DetailPanel) -> None:
        """Put the detail pane into its place, as wide and as hidden as that is."""
        sizes, hidden, empty = self.sizes(), self._detail.isHidden(), self._detail
        self.replaceWidget(self.indexOf(empty), detail)
        empty.deleteLater()
        self._detail = detail
        detail.setVisible(not hidden)
        self.setSizes(sizes)

    def toggle_detail(self) -> None:
        """Show or hide the detail pane."""
        self._detail.setVisible(self._detail.isHidden())

    def hides_detail(self) -> bool:
        """Tell whether the detail pane is hidden."""
        return self._detail.isHidden()

    def order_tabs(self, quick_log: QWidget) -> None:
        """Let Tab go in reading order: sidebar, header, quick log, list (ux.md 8).

        The detail follows as it was made: moving the stops of its tabs would close a ring in it.
        """
        head = self._queue.head
        first = [head.reset, self._queue.filter, head.columns_button, head.new]
        order = [
            *stops(self._sidebar),
            *first,
            *[each for each in stops(head) if each not in first],
            *stops(quick_log),
            *stops(self._queue.body),
        ]
        chain(order)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the panes out for the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def one_pane(self) -> bool:
        """Tell whether there is room for the list or the detail, but not for both."""
        return self.width() < theme.current().px(NARROW)

    def fit(self) -> None:
        """Lay the panes out for the width there is; a width that a person chose is kept."""
        now, width = theme.current(), self.width()
        narrow = width < now.px(NORMAL)
        if narrow != self._sidebar.delegate.narrow:
            self._sidebar.set_narrow(narrow)
        wide = width >= now.px(WIDE)
        self._queue.set_roomy(wide)
        if self._page is not None:
            return
        if self.one_pane():
            if not self._detail.isHidden() and not self._queue.isHidden():
                self._detail.hide()
                self._hid_detail = True
            side = 0 if self._sidebar.isHidden() else self._sidebar.maximumWidth()
            self.setSizes([side, width - side, width - side])
            return
        self._queue.show()
        if self._hid_detail:
            self._detail.show()
            self._hid_detail = False
        side = 0 if self._sidebar.isHidden() else self._sidebar.width()
        detail = self._chosen or now.px(DETAIL_WIDE if wide else DETAIL_NORMAL)
        self.setSizes([side, max(now.px(LIST_LEAST), width - side - detail), detail])

    def open_page(self, page: QWidget) -> None:
        """Show a page in place of the list and the detail; the sidebar stays."""
        side = 0 if self._sidebar.isHidden() else self._sidebar.width()
        if self.indexOf(page) < 0:
            page.resize(self.width() - side, self.height())
            self.addWidget(page)
            self.setStretchFactor(self.indexOf(page), 1)
        self._beside = not self._detail.isHidden()
        self._page = page
        self._queue.hide()
        self._detail.hide()
        page.show()
        room = self.width() - side
        others = [room if self.widget(n) is page else 0 for n in range(1, self.count())]
        self.setSizes([side, *others])

    def close_page(self) -> None:
        """Show the list again, and the detail where it was shown."""
        if self._page is not None:
            self._page.hide()
            self._page = None
            self._queue.show()
            self._detail.setVisible(self._beside)
            self.fit()

    def show_detail(self) -> None:
        """Show the detail, in place of the list where there is room for one only."""
        if self.one_pane():
            self._queue.hide()
        self._detail.show()

    def shows_detail_alone(self) -> bool:
        """Tell whether Esc should go back to the list."""
        return self._page is None and self.one_pane() and self._queue.isHidden()

    def show_list(self) -> None:
        """Go back from the detail to the list."""
        self._detail.hide()
        self._hid_detail = True
        self._queue.show()
        self._queue.tree.setFocus()

    def _on_moved(self, _position: int, _handle: int) -> None:
        if self._page is None:
            self._chosen = self.sizes()[2]


def step_focus(window: QWidget, panes: list[QWidget], step: int) -> None:
    """Move the focus of a window to the next (+1) or previous (-1) of its visible panes."""
    shown = [pane for pane in panes if pane.isVisible()]
    focused: QWidget | None = window.focusWidget()
    at = next(
        (
            n
            for n, stop in enumerate(shown)
            if focused is not None and (stop is focused or stop.isAncestorOf(focused))
        ),
        -1 if step > 0 else 0,
    )
    shown[(at + step) % len(shown)].setFocus(Qt.FocusReason.ShortcutFocusReason)
