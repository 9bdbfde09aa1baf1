"""The commands about alerts: those that were held, and how others are read; keeps the listener."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.services import alert_quarantine

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.alerts.listener_keeper import ListenerKeeper
    from app.ui.held_count import HeldCount
    from app.ui.main_window import MainWindow
    from app.ui.workbench import Workbench


class AlertCommands(QObject):
    """Registers and runs them for one window."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self.listener: ListenerKeeper | None = None
        self.held: HeldCount | None = None

    def register(self, actions: Actions) -> None:
        """Add the commands to the menu of tools."""
        actions.add(
            "tools.held_alerts",
            self.tr("Held alerts..."),
            self.open_quarantine,
            menu="tools",
            icon="bell",
            aliases=("quarantine", "monitoring", "payload", "webhook"),
        )
        actions.add(
            "tools.teach_alerts",
            self.tr("Teach an alert format..."),
            self.teach,
            menu="tools",
            icon="bell",
            aliases=("mapping", "monitoring", "payload", "json"),
        )

    def start(self) -> None:
        """Count what is held; listen for alerts where that is switched on."""
        from app.ui.alerts.listener_keeper import ListenerKeeper
        from app.ui.held_count import HeldCount

        self.held = HeldCount(
            self._bench, self._window, alert_quarantine.count, self._held_words, "bell"
        )
        self.held.clicked.connect(self.open_quarantine)
        self.held.start()
        self.listener = ListenerKeeper(self._bench, self._window)
        self.listener.came.connect(self.held.look)
        self.listener.came.connect(self._window.watch.look)
        self.listener.settings_requested.connect(self._open_settings)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.listener.stop)
        self.listener.start()

    def _held_words(self, count: int) -> str:
        return self.tr("%n alert(s) held", "", count)

    def _open_settings(self) -> None:
        self._window.window_commands.open_settings("listener.on")

    def open_quarantine(self) -> None:
        """Open the alerts that were kept and not taken."""
        from app.ui.alerts.alert_quarantine_dialog import AlertQuarantineDialog

        dialog = AlertQuarantineDialog(self._bench, self._window)
        dialog.taken.connect(self._window.watch.look)
        if self.held is not None:
            dialog.decided.connect(self.held.look)
        dialog.open()

    def teach(self) -> None:
        """Open the dialog in which a format is taught by a received payload."""
        from app.ui.alerts.teach_dialog import TeachDialog

        TeachDialog(self._bench, self._window).open()
