"""In which order Tab goes through the window (ux.md 8): what is made late still gets its place."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable


def stops(pane: QWidget) -> list[QWidget]:
    """Return what takes the focus by Tab in a pane, in the order in which it was made.

    Lists that drop down and menus are windows of their own and no stops of this one.
    """
    tab, window = Qt.FocusPolicy.TabFocus, pane.window()
    return [
        part
        for part in (pane, *pane.findChildren(QWidget))
        if part.focusPolicy() & tab and part.focusProxy() is None and part.window() is window
    ]


def chain(widgets: Iterable[QWidget]) -> None:
    """Let Tab go from each widget to the one that follows it here."""
    for one, other in pairwise(widgets):
        QWidget.setTabOrder(one, other)
