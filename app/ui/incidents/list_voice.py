"""Tells a screen reader what the list has become: how many it holds, and which group has grown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from app.ui.announcer import Announcer
    from app.ui.incidents.queue_panel import QueuePanel

BREACHED = "breached"


class ListVoice(QObject):
    """Compares every list with the one before it."""

    def __init__(self, queue: QueuePanel, announcer: Announcer) -> None:
        super().__init__(queue)
        self._queue, self._announcer = queue, announcer
        self._said: tuple[str, str, dict[str, int]] | None = None
        queue.model.changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        queue = self._queue
        if queue.model.loading:
            return
        groups = {group.key: group.count for group in queue.model.groups}
        now = (queue.head.title.text(), queue.filter_text(), groups)
        before, self._said = self._said, now
        if before is None or before == now:
            return
        if before[:2] != now[:2]:
            self._announcer.say(self._total())
            return
        grown = [
            self.tr("{0}: {1}").format(group.label, group.count)
            for group in queue.model.groups
            if group.count > before[2].get(group.key, 0)
        ]
        breached = groups.get(BREACHED, 0) > before[2].get(BREACHED, 0)
        self._announcer.say(", ".join(grown) or self._total(), assertive=breached)

    def _total(self) -> str:
        count = self._queue.total()
        said = self.tr("%n incident(s)", "", count)
        # Without a catalogue for English the source text is returned with its plural mark.
        return said.replace("(s)", "" if count == 1 else "s")
