"""Make every setting of a person act in the window: at its start, and at once when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from app.domain.settings import SETTINGS
from app.system import autostart
from app.system.faults import MachineError
from app.ui import reader_time
from app.ui.incidents.columns import Density

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.ui.main_window import MainWindow
    from app.ui.settings.live_settings import LiveSettings
    from app.ui.theme import Theme

_MOVING = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
)


def dress(values: Mapping[str, object], theme: Theme) -> None:
    """Give the theme the colours and the text size of the settings, before the window opens."""
    scheme = str(values.get("appearance.theme", "system"))
    theme.set_scheme("light" if scheme == "light" else "dark" if scheme == "dark" else "system")
    size = values.get("appearance.text_size", 100)
    theme.set_text_size(size if isinstance(size, int) else 100)


class Effects(QObject):
    """Does in the window what each setting says."""

    def __init__(self, window: MainWindow, settings: LiveSettings) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self._usual = [QApplication.isEffectEnabled(effect) for effect in _MOVING]
        self._acts: dict[str, Callable[[], None]] = {
            "appearance.theme": self._dress,
            "appearance.text_size": self._dress,
            "appearance.density": self._set_density,
            "appearance.motion": self._set_motion,
            "appearance.menu_bar": self._pin_menu_bar,
            "keys.single_letters": self._set_letters,
            "keys.bindings": self._bind_keys,
            "notifications.toast_s": self._set_toast,
            "me.zone": self._set_zone,
            "window.autostart": self._set_autostart,
        }
        settings.changed.connect(self._on_changed)
        window.queue.columns.density_chosen.connect(self._on_density_chosen)
        for key in self._acts:
            if settings[key] != SETTINGS[key].default and key not in {
                "appearance.theme",
                "appearance.text_size",
            }:
                self._acts[key]()

    def _on_changed(self, key: str) -> None:
        act = self._acts.get(key)
        if act is not None:
            act()

    def _dress(self) -> None:
        theme, now = self._window.bench.theme, self._settings
        if now["appearance.theme"] != theme.scheme:
            theme.set_scheme(now["appearance.theme"])
        if now["appearance.text_size"] != theme.text_size:
            theme.set_text_size(now["appearance.text_size"])

    def _set_density(self) -> None:
        self._window.queue.columns.set_usual_density(Density(self._settings["appearance.density"]))

    def _on_density_chosen(self, density: str) -> None:
        self._settings.choose("appearance.density", density)

    def _set_motion(self) -> None:
        moving = bool(self._settings["appearance.motion"])
        for effect, usual in zip(_MOVING, self._usual, strict=True):
            QApplication.setEffectEnabled(effect, moving and usual)
        self._window.toast.fades = moving

    def _pin_menu_bar(self) -> None:
        self._window.menus.set_pinned(self._settings["appearance.menu_bar"])

    def _set_letters(self) -> None:
        self._window.actions_.set_single_keys(self._settings["keys.single_letters"])

    def _bind_keys(self) -> None:
        self._window.actions_.bind(self._settings["keys.bindings"])

    def _set_toast(self) -> None:
        self._window.toast.stays_ms = self._settings["notifications.toast_s"] * 1000

    def _set_autostart(self) -> None:
        # Also at each start while it is on: an upgrade or a move may have changed the path.
        try:
            autostart.set_autostart(
                self._settings["window.autostart"], command=autostart.own_command()
            )
        except MachineError as refusal:
            self._window.bench.say(refusal.message, "warn")

    def _set_zone(self) -> None:
        reader_time.set_zone(self._settings["me.zone"])
        self._window.queue.delegate.forget()
        self._window.queue.tree.viewport().update()
