"""Every setting as it is now, for the GUI thread; a choice acts at once and is written behind it.

The database is the only home of a setting: a choice is shown and announced first, then written in
the store lane, and what anyone else wrote (an import, an undo, the command line) is read again when
the bus tells of it. While own writes are on their way, older answers are passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.domain.settings import SETTINGS, setting_named
from app.services import configuration, settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.desk import Desk
    from app.ui.workbench import Workbench


class LiveSettings(QObject):
    """Values by their keys; `changed` names each key whose value became another."""

    changed = Signal(str)

    def __init__(
        self,
        workbench: Workbench,
        values: Mapping[str, Any] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._values = {key: setting.default for key, setting in SETTINGS.items()}
        self._values.update(values or {})
        self._on_their_way = 0
        workbench.bus.published.connect(self._on_published)

    def __getitem__(self, key: str) -> Any:
        """Return a setting's value; KeyError for a key that no setting has."""
        return self._values[key]

    def is_default(self, key: str) -> bool:
        """Tell whether a setting has the value that it had before anyone chose."""
        return bool(self._values[key] == SETTINGS[key].default)

    def choose(self, key: str, value: object) -> None:
        """Give a setting another value, at once.

        Raises:
            InvalidInputError: the value cannot be used; the sentence says what can.
        """
        setting = setting_named(key)
        checked = setting.parse(value) if isinstance(value, str) else setting.check(value)
        if checked == self._values[key]:
            return
        self._take(key, checked)
        self._on_their_way += 1
        self._bench.write(
            lambda desk: configuration.set_setting(desk, key, checked),
            self._on_written,
            self._on_refused,
            quiet=True,
        )

    def reset(self, key: str) -> None:
        """Give a setting its default again."""
        self.choose(key, SETTINGS[key].default)

    def refresh(self) -> None:
        """Read every setting again."""
        self._bench.read(read_settings, self._on_read, key="settings")

    def _take(self, key: str, value: Any) -> None:
        if self._values.get(key) != value:
            self._values[key] = value
            self.changed.emit(key)

    def _on_read(self, values: Mapping[str, Any]) -> None:
        if not self._on_their_way:
            for key, value in values.items():
                self._take(key, value)

    def _on_published(self, changes: Any) -> None:
        if "setting" in changes.kinds and not self._on_their_way:
            self.refresh()

    def _on_written(self, _changes: object) -> None:
        self._on_their_way -= 1
        if not self._on_their_way:
            self.refresh()

    def _on_refused(self, error: Exception) -> None:
        self._on_written(None)
        self._bench.say_error(error)


def read_settings(desk: Desk) -> dict[str, Any]:
    """Read every setting, and let this lane follow who works here and where."""
    return settings.all_settings(desk)
