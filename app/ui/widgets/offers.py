"""The list under a field in which words are offered: framed, and clear of the field's own frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QCompleter, QWidget

GAP = 3
"""Between the field and the list, in px at 100 %: the ring of a field with the focus is seen."""


def dress(completer: QCompleter) -> None:
    """Give the list of a completer the look of all lists of offers; before it is shown."""
    popup = completer.popup()
    if popup is not None:
        popup.setProperty("kind", "offers")


def open_below(completer: QCompleter, field: QWidget) -> None:
    """Show what is offered under the field, as wide as the field."""
    completer.complete(field.rect().adjusted(0, 0, 0, theme.current().px(GAP)))
