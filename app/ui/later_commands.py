"""Commands of parts that this version has not: listed and dimmed, each with its reason.

Whoever looks for one in the menus or the palette learns where it stands, and its key is kept free
for it. The part that brings a command registers it itself and takes it off this list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

if TYPE_CHECKING:
    from app.ui.actions import Actions


def _noop(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("Later", text))


class Later(NamedTuple):
    """A command to come: where it stands, what it is called, and why it cannot run."""

    menu: str
    title: str
    icon: str
    reason: str
    keys: tuple[str, ...] = ()


_NO_PAGE = _noop("This version has no such page yet.")
LATER = {
    "go.problems": Later("go", _noop("Go to Problems"), "repeat", _NO_PAGE),
    "go.knowledge": Later("go", _noop("Go to Knowledge"), "book-open", _NO_PAGE),
    "file.export_pdf": Later(
        "file",
        _noop("Export this view as PDF"),
        "file-text",
        _noop("This version prints one incident at a time: choose it, then Ctrl+P."),
    ),
    "incident.article": Later(
        "incident",
        _noop("Use workaround from KB-..."),
        "book-open",
        _noop("There are no knowledge articles yet."),
    ),
}
GO_LATER = {"p": "go.problems", "k": "go.knowledge", "h": "go.dashboard"}
"""What the second key after G will go to (ux.md 3)."""


def register(actions: Actions) -> None:
    """List the commands that nobody has registered, each with its reason."""
    for command_id, later in LATER.items():
        if command_id not in actions:
            title = _tr(later.title)
            actions.add(
                command_id, title, _do_nothing, later.keys, menu=later.menu, icon=later.icon
            )
            actions.set_reason(command_id, reason_of(command_id))


def reason_of(command_id: str) -> str:
    """Return why a command cannot run in this version, "" for all others."""
    later = LATER.get(command_id)
    return _tr(later.reason) if later is not None else ""


def _do_nothing() -> None:
    """Stand where the part's own function will."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Later", text)
