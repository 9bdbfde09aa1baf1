"""Find words that have less room on the screen than they need."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QLabel,
    QPushButton,
    QTabBar,
    QToolButton,
    QWidget,
)


def cut(window: QWidget) -> list[str]:
    """Return the words of buttons and one-line labels that have less width than they need."""
    found = []
    for kind in (QAbstractButton, QLabel):
        for part in window.findChildren(kind):
            if not part.isVisible() or not part.text() or part.objectName().startswith("qt_"):
                continue
            if isinstance(part, QLabel) and part.wordWrap():
                continue
            if isinstance(part, QToolButton) and not part.icon().isNull():
                continue
            text = part.text().replace("&", "")
            room = part.width()
            if isinstance(part, QPushButton) and not part.icon().isNull():
                side = part.iconSize().width()
                room -= side + 4 if side else 0
            if room < part.fontMetrics().horizontalAdvance(text):
                found.append(f"{type(part.parent()).__name__}: {text} ({part.width()} px)")
    return found


def outside(window: QWidget) -> list[str]:
    """Return the buttons that stand beyond the edge of their window and cannot be scrolled to."""
    found = []
    for part in window.findChildren(QAbstractButton):
        if not part.isVisible() or part.objectName().startswith("qt_") or _scrolls(part):
            continue
        place = QRect(part.mapTo(window, QPoint(0, 0)), part.size())
        if not window.rect().contains(place):
            found.append(f"{type(part.parent()).__name__}: {part.text() or part.accessibleName()}")
    return found


def _scrolls(part: QWidget) -> bool:
    parent = part.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, QAbstractScrollArea | QTabBar):
            return True
        parent = parent.parentWidget()
    return False
