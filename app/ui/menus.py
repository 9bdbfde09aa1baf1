"""The menu bar, built from the registry: every command stands in exactly one menu (ux.md 1).

On the Mac it is the system's bar. Elsewhere it is hidden until Alt, F10 or the menu button asks for
it, and can be pinned. GUI thread only.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QMenuBar

from app.ui.actions import MENUS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QWidget

    from app.ui.actions import Actions

TITLES = {
    "file": str(QT_TRANSLATE_NOOP("Menus", "&File")),
    "edit": str(QT_TRANSLATE_NOOP("Menus", "&Edit")),
    "view": str(QT_TRANSLATE_NOOP("Menus", "&View")),
    "go": str(QT_TRANSLATE_NOOP("Menus", "&Go")),
    "incident": str(QT_TRANSLATE_NOOP("Menus", "&Incident")),
    "tools": str(QT_TRANSLATE_NOOP("Menus", "&Tools")),
    "help": str(QT_TRANSLATE_NOOP("Menus", "&Help")),
}

ROLES = {
    "app.settings": QAction.MenuRole.PreferencesRole,
    "file.quit": QAction.MenuRole.QuitRole,
    "help.about": QAction.MenuRole.AboutRole,
}
"""What a Mac shows in the menu with the program's name; Qt guesses from no other text."""


class Menus(QObject):
    """Keeps the menu bar, shows and hides it, and pops up parts of it."""

    def __init__(self, window: QMainWindow, actions: Actions) -> None:
        super().__init__(window)
        self._window, self._actions = window, actions
        self._alt_alone = False
        self._pinned = sys.platform == "darwin"
        self.bar: QMenuBar = window.menuBar()
        self.by_name: dict[str, QMenu] = {}
        for name in MENUS:
            menu = self.bar.addMenu(QCoreApplication.translate("Menus", TITLES[name]))
            menu.aboutToShow.connect(actions.dress)
            self.by_name[name] = menu
        for command in actions:
            command.action.setMenuRole(ROLES.get(command.id, QAction.MenuRole.NoRole))
            self.by_name[command.menu].addAction(command.action)
        if sys.platform != "darwin":
            self.bar.hide()
            window.installEventFilter(self)

    def pop_up(self, button: QWidget) -> None:
        """Show all menus below a button."""
        menu = QMenu(button)
        for each in self.by_name.values():
            menu.addMenu(each)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def pop_up_incident(self, at: QPoint) -> None:
        """Show the commands for the selected incidents at a point of the screen."""
        self.by_name["incident"].popup(at)

    def set_pinned(self, pinned: bool) -> None:
        """Show the bar all the time, or only when it is asked for."""
        if sys.platform != "darwin":
            self._pinned = pinned
            self.bar.setVisible(pinned)

    def show_bar(self) -> None:
        """Show the bar with its first menu chosen, until it is left."""
        self.bar.show()
        self.bar.setFocus()
        self.bar.setActiveAction(self.bar.actions()[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show or hide the bar when Alt is pressed and let go alone."""
        kind = event.type()
        # A key that is a shortcut (Alt+Left) is seen as an override only.
        pressed = {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}
        if kind in pressed and isinstance(event, QKeyEvent):
            self._alt_alone = event.key() == Qt.Key.Key_Alt
        elif (
            kind == QEvent.Type.KeyRelease
            and isinstance(event, QKeyEvent)
            and self._alt_alone
            and event.key() == Qt.Key.Key_Alt
        ):
            self._alt_alone = False
            self._toggle()
        return super().eventFilter(watched, event)

    def _toggle(self) -> None:
        if self.bar.isVisible() and not self._pinned:
            self.bar.hide()
        else:
            self.show_bar()
