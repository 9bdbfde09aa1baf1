"""Tell every screen what changed, whoever changed it: this window, the import or the sync worker.

Screens listen to the kinds that they show and refetch only the ids named (house.md, one edit from
key press to the other workstation). Publish on the GUI thread: `JobRunner` delivers there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet

PEOPLE = frozenset({"person", "team"})
OWN_SIGNAL = PEOPLE | {"incident", "saved_view", "setting", "draft"}
"""Kinds with a signal of their own; all others are lists that an administrator edits."""


class ChangeBus(QObject):
    """The one place where changes are announced; each signal carries the whole `ChangeSet`."""

    published = Signal(object)
    """Every change, of whatever kind."""
    incidents_changed = Signal(object)
    people_changed = Signal(object)
    catalogue_changed = Signal(object)
    views_changed = Signal(object)
    settings_changed = Signal(object)
    drafts_changed = Signal(object)

    def publish(self, changes: ChangeSet) -> None:
        """Announce a change once to every screen that shows a kind that it touched."""
        kinds = changes.kinds
        self.published.emit(changes)
        if "incident" in kinds:
            self.incidents_changed.emit(changes)
        if kinds & PEOPLE:
            self.people_changed.emit(changes)
        if kinds - OWN_SIGNAL:
            self.catalogue_changed.emit(changes)
        if "saved_view" in kinds:
            self.views_changed.emit(changes)
        if "setting" in kinds:
            self.settings_changed.emit(changes)
        if "draft" in kinds:
            self.drafts_changed.emit(changes)
