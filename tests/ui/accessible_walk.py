"""Walk what a screen reader is told of a window: its focusable objects and their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_NAME = "no name"
FILLER = "a painted filler"


def focusable(root: QWidget) -> Iterator[QWidget]:
    """Yield the visible widgets that a person can reach by Tab."""
    for widget in [root, *root.findChildren(QWidget)]:
        tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if tab and widget.isVisible() and widget.isEnabled() and widget.window() is root:
            yield widget


def faults(root: QWidget) -> list[str]:
    """Return what is wrong with the focusable widgets of a window, one line for each."""
    found = []
    for widget in focusable(root):
        if widget.focusProxy() is not None or widget is root:
            continue
        face = QAccessible.queryAccessibleInterface(widget)
        where = f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        own = type(widget).__module__.startswith("app.")
        bare = face is None or face.role() in {QAccessible.Role.Client, QAccessible.Role.NoRole}
        if face is None or (bare and own):
            found.append(f"{FILLER}: {where}")
        elif not face.text(QAccessible.Text.Name).strip():
            found.append(f"{NO_NAME}: {where}")
    return found


def chain(root: QWidget) -> list[QWidget]:
    """Return the stops of Tab in their order, once around."""
    stops, widget = [], root.nextInFocusChain()
    reachable = set(focusable(root))
    while widget is not root:
        if widget in reachable and widget.focusProxy() is None:
            stops.append(widget)
        widget = widget.nextInFocusChain()
    return stops
