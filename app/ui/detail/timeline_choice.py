"""Which entries of a timeline are shown, and in which order (ux.md 2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from app.domain.incident import EntryKind
from app.ui import icons, theme

if TYPE_CHECKING:
    from collections.abc import Iterable

GROUPS: dict[str, frozenset[EntryKind]] = {
    "all": frozenset(EntryKind),
    "notes": frozenset({EntryKind.NOTE, EntryKind.TIME}),
    "replies": frozenset({EntryKind.REPLY, EntryKind.TOLD, EntryKind.UPDATE}),
    "changes": frozenset(EntryKind)
    - {EntryKind.NOTE, EntryKind.TIME, EntryKind.REPLY, EntryKind.TOLD, EntryKind.UPDATE}
    - {EntryKind.FILE, EntryKind.REPORT},
    "files": frozenset({EntryKind.FILE, EntryKind.REPORT}),
}
"""What each choice shows; every kind of entry is in exactly one besides "all"."""


class TimelineChoice(QObject):
    """The choices as actions, shown as a menu beside tabs or as a row of buttons."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._group = QActionGroup(self)
        words = {
            "all": self.tr("All"),
            "notes": self.tr("Notes"),
            "replies": self.tr("Replies"),
            "changes": self.tr("Changes"),
            "files": self.tr("Files"),
        }
        self.kind_actions: dict[str, QAction] = {}
        for name, text in words.items():
            action = QAction(text, self._group)
            action.setCheckable(True)
            action.setData(name)
            action.setToolTip(self.tr("Show in the timeline: {0}").format(text))
            self.kind_actions[name] = action
        self.kind_actions["all"].setChecked(True)
        self.oldest_first = QAction(self.tr("Oldest first"), self)
        self.oldest_first.setCheckable(True)
        self.oldest_first.setToolTip(self.tr("Show the oldest entry first"))
        icons.bind(self.oldest_first, "arrow-up-down")
        self._buttons: list[QToolButton] = []
        self._group.triggered.connect(self._on_changed)
        self.oldest_first.toggled.connect(self._on_changed)

    def kinds(self) -> frozenset[EntryKind]:
        """Return the kinds of entry that are shown."""
        return GROUPS[str(self._group.checkedAction().data())]

    def newest_first(self) -> bool:
        """Tell whether the newest entry stands first."""
        return not self.oldest_first.isChecked()

    def button(self, parent: QWidget) -> QToolButton:
        """Return one button with all choices in its menu."""
        button = QToolButton(parent)
        button.setAccessibleName(self.tr("Order and kinds of the timeline"))
        button.setToolTip(self.tr("Order and kinds of the timeline"))
        button.setCheckable(True)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        self._fill(menu, self.kind_actions.values())
        menu.addSeparator()
        menu.addAction(self.oldest_first)
        button.setMenu(menu)
        icons.bind(button, "list-filter")
        self._buttons.append(button)
        return button

    def row(self, parent: QWidget) -> QWidget:
        """Return a row with a button for each choice."""
        row = QWidget(parent)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.current().px(2))
        for action in (*self.kind_actions.values(), self.oldest_first):
            button = QToolButton(row)
            button.setDefaultAction(action)
            button.setProperty("kind", "choice")
            button.setAccessibleName(action.text())
            if action is self.oldest_first:
                layout.addStretch(1)
                side = theme.current().px(14)
                button.setIconSize(QSize(side, side))
            layout.addWidget(button)
        return row

    def _fill(self, menu: QMenu, actions: Iterable[QAction]) -> None:
        for action in actions:
            menu.addAction(action)

    def _on_changed(self, _chosen: object) -> None:
        less = self.kinds() != GROUPS["all"]
        for button in self._buttons:
            button.setChecked(less)
        self.changed.emit()
