"""The command that opens the outbox, and the keeper behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.services import browsing
from app.ui.mailing.mail_drop import MailDrop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.services.desk import Desk
    from app.services.mail_intake import Taken
    from app.ui.actions import Actions
    from app.ui.mailing.fetch_keeper import FetchKeeper
    from app.ui.mailing.mail_keeper import MailKeeper
    from app.ui.main_window import MainWindow
    from app.ui.workbench import Workbench


class MailCommands(QObject):
    """Registers and runs it for one window."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self._drop = MailDrop(window)
        self._drop.dropped.connect(self._on_dropped)
        self._keeper: MailKeeper | None = None
        self.fetching: FetchKeeper | None = None

    @property
    def keeper(self) -> MailKeeper:
        """Return what keeps the outbox, made when it is first wanted."""
        if self._keeper is None:
            from app.ui.mailing.mail_keeper import MailKeeper

            self._keeper = MailKeeper(self._bench, self._window)
            self._keeper.outbox_requested.connect(self.open_outbox)
        return self._keeper

    def register(self, actions: Actions) -> None:
        """Add the command to the menu of tools, and watch the outbox from now on."""
        actions.add(
            "tools.outbox",
            self.tr("Outbox..."),
            self.open_outbox,
            menu="tools",
            icon="mail",
            aliases=("mail", "letters", "sent", "smtp"),
        )
        actions.add(
            "tools.held_mails",
            self.tr("Held mails..."),
            self.open_quarantine,
            menu="tools",
            icon="mail",
            aliases=("quarantine", "spam", "let in"),
        )
        self.keeper.look()

    def start(self, open_desk: Callable[[], Desk]) -> None:
        """Let letters leave, and fetch mail where that is switched on, while the window is open."""
        from app.ui.mailing.fetch_keeper import FetchKeeper

        self.keeper.start(open_desk)
        self.fetching = FetchKeeper(self._bench, self._window)
        self.fetching.settings_requested.connect(self._open_settings)
        self.fetching.held_requested.connect(self.open_quarantine)
        self.fetching.start(open_desk)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.keeper.stop)
            application.aboutToQuit.connect(self.fetching.stop)

    def open_quarantine(self) -> None:
        """Open the mails that were kept and not taken in."""
        from app.ui.mailing.quarantine_dialog import QuarantineDialog

        dialog = QuarantineDialog(self._bench, self._window)
        if self.fetching is not None:
            dialog.decided.connect(self.fetching.count_held)
        dialog.open()

    def _on_dropped(self, paths: list[Path]) -> None:
        from app.services import mail_reading

        self._bench.write(
            lambda desk: [one for path in paths for one in mail_reading.take_in_file(desk, path)],
            self._on_dropped_taken,
            quiet=True,
        )

    def _on_dropped_taken(self, taken: list[Taken]) -> None:
        held = [one for one in taken if one.action == "quarantined"]
        for one in taken:
            tone = "ok" if one.number else "warn"
            self._bench.say(f"{one.number} {one.reason}".strip(), tone, undo=one.action == "opened")
        if held and self.fetching is not None:
            self.fetching.count_held()
        last = next((one.number for one in reversed(taken) if one.number), "")
        if last:
            self._bench.read(lambda desk: browsing.find(desk, last), self._bench.open_incident)

    def _open_settings(self) -> None:
        self._window.window_commands.open_settings("incoming.server")

    def open_outbox(self) -> None:
        """Open the outbox."""
        from app.ui.mailing.outbox_dialog import OutboxDialog

        OutboxDialog(self._bench, self.keeper, self._window).open()
