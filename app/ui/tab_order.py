"""In which order Tab goes through the window (ux.md 8): what is made late still gets its place."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable


def stops(pane: QWidget) -> list[QWidget]:
    """Return what takes the focus by Tab in a pane, in the order in which it was made."""
    tab = Qt.FocusPolicy.TabFocus
    parts = [pane, *pane.findChildren(QWidget)]
    return [each for each in parts if each.focusPolicy() & tab and each.focusProxy() is None]


def chain(widgets: Iterable[QWidget]) -> None:
    """Let Tab go from each widget to the one that follows it here."""
    for one, other in pairwise(widgets):
        QWidget.setTabOrder(one, other)
