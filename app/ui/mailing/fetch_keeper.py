"""Says in the status bar how fetching mail goes, and how many mails wait for a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.services import collecting, mail_intake, mail_quarantine
from app.services.collecting import Collected, Collector
from app.ui.background_status import BackgroundStatus
from app.ui.held_count import HeldCount

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow

    from app.services.desk import Desk
    from app.ui.workbench import Workbench


class FetchKeeper(BackgroundStatus):
    """One for each window's profile; nothing is shown while fetching is switched off."""

    held_requested = Signal()
    wakes = frozenset({"setting", "mailbox"})

    def __init__(self, bench: Workbench, window: QMainWindow) -> None:
        super().__init__(bench, window)
        self._said: dict[str, str] = {}
        self._last: dict[str, Collected] = {}
        self.held = HeldCount(
            bench, window, mail_quarantine.count_waiting, self._held_words, "mail"
        )
        self.held.clicked.connect(self.held_requested)

    def start(self, open_desk: Callable[[], Desk]) -> None:
        """Fetch from now on, where that is switched on."""
        self.keep(Collector(open_desk, self._told.emit))
        self.held.start()

    def on_told(self, done: Collected) -> None:
        """Show how the last try of a mailbox went, beside what is known of the others."""
        if done.state == collecting.OFF:
            self._last.clear()
        else:
            self._last[done.mailbox] = done
        if done.state == collecting.FAILED and done.text != self._said.get(done.mailbox):
            self._bench.say(done.text, "danger")
        self._said[done.mailbox] = done.text if done.state == collecting.FAILED else ""
        self._say_held(done)
        self._show()
        self.changed.emit(done)

    def _show(self) -> None:
        """Show the worst that is known of any mailbox; the tip names each."""
        known = self._last.values()
        states = {one.state for one in known}
        others = [one.text for one in known if one.state == collecting.ELSEWHERE and one.text]
        text, icon, tone = "", "mail", "text2"
        if collecting.FAILED in states:
            text, icon, tone = self.tr("Mail cannot be fetched"), "circle-alert", "danger"
        elif collecting.FETCHED in states:
            text = self.tr("Mail is fetched here")
        elif others:
            text = self.tr("{0} fetches the mail").format(others[0])
        many = len(self._last) > 1
        tip = "\n".join(f"{one.mailbox}: {one.text}" if many else one.text for one in known)
        self.show_status(text, tip, icon, tone)

    def count_held(self) -> None:
        """Read how many mails wait for a decision, and show it."""
        self.held.look()

    def _held_words(self, count: int) -> str:
        return self.tr("%n mail(s) held", "", count)

    def _say_held(self, done: Collected) -> None:
        held = [one for one in done.taken if one.action == mail_intake.QUARANTINED]
        if held:
            self._bench.say(f"{held[-1].source}: {held[-1].reason}", "warn")
            self.count_held()
