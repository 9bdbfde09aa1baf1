"""What the palette may do with the window it lies over."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.incident_commands import Chosen
    from app.ui.main_window import MainWindow
    from app.ui.views import View


class WindowHost:
    """The window, as far as the palette knows it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def chosen(self) -> list[Chosen]:
        """Return the incidents that a command would work on."""
        return self._window.chosen()

    def views(self) -> list[View]:
        """Return the views of the sidebar."""
        return list(self._window.sidebar.model.views())

    def go_to(self, view_key: str) -> None:
        """Show a view of the sidebar."""
        self._window.sidebar.choose(view_key)

    def show_filter(self, text: str) -> None:
        """Show what a filter finds in the list."""
        self._window.queue.filter.setText(text)
        self._window.queue.tree.setFocus()

    def show_setting(self, key: str) -> None:
        """Open the settings at one of them."""
        self._window.window_commands.open_settings(key)

    def resolve_as(self, outcome: str) -> None:
        """Open the dialog that resolves what is chosen, with this outcome."""
        self._window.incident_commands.resolve_as(outcome)
