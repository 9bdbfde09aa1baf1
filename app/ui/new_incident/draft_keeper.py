"""Keeps what a dialog holds as a draft: at each pause, under a key of its own."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.services import drafts

if TYPE_CHECKING:
    from app.services.drafts import Draft
    from app.ui.workbench import Workbench

PAUSE_MS = 500
"""A draft is kept at each pause of this length (ux.md 2.2)."""


class DraftKeeper(QObject):
    """One draft of a kind; `paused` asks its owner to call `keep` with what there is now."""

    paused = Signal()
    saved = Signal()
    refused = Signal(str)
    """It could not be saved; why."""
    found = Signal(object)
    """The fields of the draft that was asked for."""

    def __init__(self, workbench: Workbench, kind: str, key: str, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._kind = workbench, kind
        self.key = key or self._new_key()
        self.is_kept = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.paused)

    def touch(self) -> None:
        """Begin a new pause: something was typed."""
        self._pause.start()

    @property
    def is_waiting(self) -> bool:
        """Tell whether something was typed that is not on its way to the store."""
        return self._pause.isActive()

    def keep(self, data: dict[str, Any] | None) -> None:
        """Save now what was typed; None, an empty form, throws away what was kept before."""
        self._pause.stop()
        key, kind = self.key, self._kind
        if data is not None:
            self.is_kept = True
            self._bench.write(
                lambda desk: drafts.save(desk, key, kind, data), self._on_saved, self._on_refused
            )
        elif self.is_kept:
            self.is_kept = False
            self._bench.write(lambda desk: drafts.discard(desk, key))

    def look_up(self) -> None:
        """Ask for the draft of the key; `found` brings it."""
        key = self.key
        self._bench.read(lambda desk: drafts.find(desk, key), self._on_found, key=("draft", key))

    def begin_another(self) -> None:
        """Leave the draft as it is and go on under a new key."""
        self._pause.stop()
        self.key, self.is_kept = self._new_key(), False

    def _new_key(self) -> str:
        return f"{self._kind}:{uuid.uuid4().hex}"

    def _on_saved(self, _nothing: object) -> None:
        if not self._pause.isActive():
            self.saved.emit()

    def _on_refused(self, error: Exception) -> None:
        self.refused.emit(str(error))

    def _on_found(self, draft: Draft | None) -> None:
        if draft is not None:
            self.is_kept = True
            self.found.emit(draft.data)
