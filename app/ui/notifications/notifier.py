"""Looks for what is to be told every half minute and after each change, and shows it in time.

What to tell is decided in `services.notifying`, in the store lane; here it is paced, handed to the
system and put behind the bell. Also keeps the program beside the clock when that was chosen. GUI
thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.domain.incident import EntityId
from app.domain.notification import NotificationKind, Pacing, SyncWatch
from app.services import notifying
from app.ui.notifications.notice_panel import NoticePanel
from app.ui.notifications.tray import Tray
from app.ui.notifications.words import together, when

if TYPE_CHECKING:
    from app.domain.notification import Notice
    from app.services.notifying import Looked
    from app.ui.main_window import MainWindow

EVERY_MS = 30_000
AFTER_CHANGE_MS = 1_000
PAUSE_S = 3_600
_URGENT = {NotificationKind.SLA_BREACH, NotificationKind.MAJOR}


class Notifier(QObject):
    """One for each window."""

    told = Signal(object)
    """The notices that were just shown, as one."""

    def __init__(self, window: MainWindow, tray: Tray | None = None) -> None:
        super().__init__(window)
        self._window, self._bench = window, window.bench
        self._pacing, self._watch = Pacing(), SyncWatch()
        self._clicked: tuple[Notice, ...] = ()
        self._last: Looked | None = None
        self._started = self._looking = self._again = self.quitting = False
        self.bell = window.sidebar.bell
        self.panel = NoticePanel(window, self.bell)
        self.tray = tray or Tray(window)
        self._every, self._soon = QTimer(self), QTimer(self)
        self._every.setInterval(EVERY_MS)
        self._soon.setSingleShot(True)
        self._soon.setInterval(AFTER_CHANGE_MS)
        self._every.timeout.connect(self.look)
        self._soon.timeout.connect(self.look)
        self.panel.opened.connect(self._on_opened)
        self.panel.pause_requested.connect(self._on_pause_requested)
        self.panel.settings_requested.connect(self._on_settings_requested)
        self.tray.open_requested.connect(self.bring_back)
        self.tray.message_clicked.connect(self._on_message_clicked)
        self.tray.pause_requested.connect(self.pause)
        self.tray.quit_requested.connect(window.quit)
        window.settings.changed.connect(self._on_setting_changed)

    def start(self) -> None:
        """Begin to look; what happened before the first look ever is history."""
        self._started = True
        self._bench.bus.published.connect(self._on_published)
        self._every.start()
        self._show_icon()
        self.look()

    def stop(self) -> None:
        """Look no more: the window closes."""
        self._every.stop()
        self._soon.stop()
        self.tray.show_icon(False)

    def look(self) -> None:
        """Ask what is to be told, unless an answer is on its way: then once more after it."""
        if self._looking:
            self._again = True
            return
        self._looking, self._again, watch = True, False, self._watch
        self._bench.write(
            lambda desk: notifying.look(desk, watch), self._on_looked, self._on_failed, quiet=True
        )

    def pause(self) -> None:
        """Show nothing for an hour; what comes meanwhile is shown after it."""
        self._bench.write(lambda desk: notifying.pause(desk, PAUSE_S), self._on_paused, quiet=True)

    def open_list(self) -> None:
        """Open the list, or close it again."""
        if self.panel.isVisible():
            self.panel.close_quietly()
            return
        self._pacing.drop()
        self.panel.open_near_bell()
        if self._last is not None and self._last.unseen:
            self._bench.write(notifying.mark_seen, self._on_seen, quiet=True)

    # --- beside the clock ------------------------------------------------------------------------

    def stays(self) -> bool:
        """Tell whether closing the window leaves the program running beside the clock."""
        chosen = bool(self._window.settings["window.keep_in_tray"])
        ending = self.quitting or QApplication.instance().isSavingSession()  # type: ignore[union-attr]
        return self._started and chosen and not ending and self.tray.is_available()

    def hide_window(self) -> None:
        """Leave the program running without a window."""
        QApplication.setQuitOnLastWindowClosed(False)
        self.tray.show_icon(True)
        self._window.hide()

    def bring_back(self) -> None:
        """Show the window again, before all others."""
        QApplication.setQuitOnLastWindowClosed(True)
        if self._window.isMinimized():
            self._window.showNormal()
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    # --- inside ----------------------------------------------------------------------------------

    def _on_published(self, _changes: object) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _on_setting_changed(self, key: str) -> None:
        if key.startswith("notifications.") or key == "window.keep_in_tray":
            self._show_icon()
            if self._started:
                self._soon.start()

    def _show_icon(self) -> None:
        settings = self._window.settings
        wanted = settings["notifications.enabled"] or settings["window.keep_in_tray"]
        self.tray.show_icon(bool(self._started and wanted))

    def _on_failed(self, _error: Exception) -> None:
        self._looking = False  # the list that cannot be read says why

    def _on_looked(self, found: Looked) -> None:
        self._looking, self._watch = False, found.watch
        self._take(found)
        if found.fresh:
            self._pacing.add(found.fresh)
        if not self._window.settings["notifications.enabled"]:
            self._pacing.drop()
        shown = self._pacing.take(found.now_ms, silent=found.silent)
        if shown:
            self._show(shown)
        if self._again:
            self.look()

    def _take(self, found: Looked) -> None:
        self._last = found
        self.bell.show_new(found.unseen)
        self.tray.show_new(self.bell.toolTip() if found.unseen else "Incident Desk")
        self.panel.show_notices(found.shelf, found.paused_until_ms)

    def _show(self, notices: tuple[Notice, ...]) -> None:
        words, urgent = together(notices), bool(_URGENT & {one.kind for one in notices})
        self._clicked = notices
        self.tray.say(words.headline, words.text, urgent=urgent)
        self._window.toast.announcer.say(words.headline, assertive=urgent)
        self.told.emit(notices)

    def _on_seen(self, found: Looked) -> None:
        self._last = found
        self.bell.show_new(0)
        self.tray.show_new("Incident Desk")

    def _on_paused(self, found: Looked) -> None:
        self._take(found)
        if found.paused_until_ms:
            until = when(found.paused_until_ms)
            self._bench.say(self.tr("Notifications are paused until {0}.").format(until))
        else:
            self._bench.say(self.tr("Notifications are shown again."))
            self.look()

    def _on_pause_requested(self, pause: bool) -> None:
        if pause:
            self.pause()
        else:
            self._bench.write(lambda desk: notifying.pause(desk, 0), self._on_paused, quiet=True)

    def _on_settings_requested(self) -> None:
        self._window.window_commands.open_settings("notifications.enabled")

    def _on_message_clicked(self) -> None:
        self.bring_back()
        if len(self._clicked) == 1:
            self._on_opened(self._clicked[0])
        elif not self.panel.isVisible():
            self.open_list()

    def _on_opened(self, notice: Notice) -> None:
        if notice.kind is NotificationKind.NEW_VERSION:
            from app.ui.notifications.version_window import VersionWindow  # hardly ever needed

            VersionWindow(notice, self._window).open()
        elif notice.incident:
            self._bench.open_incident(EntityId(bytes.fromhex(notice.incident)), reveal=True)
        else:
            self._bench.command_requested.emit("tools.sharing")
