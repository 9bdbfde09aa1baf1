"""Keeps the thread that fetches mail for a window, and says in the status bar how that goes.

The thread never touches a widget: what it tells arrives here by a signal of an object that lives on
the GUI thread. What it wrote is noticed by the journal watch, as any other foreign change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from app.services import collecting, mail_intake, mail_quarantine
from app.services.collecting import Collected, Collector
from app.ui import icons
from app.ui.held_count import HeldCount

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow

    from app.domain.changes import ChangeSet
    from app.services.desk import Desk
    from app.ui.workbench import Workbench


class FetchKeeper(QObject):
    """One for each window's profile; nothing is shown while fetching is switched off."""

    changed = Signal(object)
    """How the last try went (`Collected`)."""
    settings_requested = Signal()
    held_requested = Signal()
    _told = Signal(object)

    def __init__(self, bench: Workbench, window: QMainWindow) -> None:
        super().__init__(window)
        self._bench = bench
        self._collector: Collector | None = None
        self._said: dict[str, str] = {}
        self._last: dict[str, Collected] = {}
        self.status = QPushButton(window)
        self.status.setProperty("kind", "plain")
        self.status.hide()
        self.status.clicked.connect(self.settings_requested)
        window.statusBar().addWidget(self.status)
        self.held = HeldCount(
            bench, window, mail_quarantine.count_waiting, self._held_words, "mail"
        )
        self.held.clicked.connect(self.held_requested)
        self._told.connect(self.on_told)
        bench.bus.published.connect(self._on_published)

    def start(self, open_desk: Callable[[], Desk]) -> None:
        """Fetch from now on, where that is switched on."""
        self._collector = Collector(open_desk, self._told.emit)
        self._collector.start()
        self.held.start()

    def stop(self) -> None:
        """End the thread and give the lease up; a mail that is being read comes again."""
        if self._collector is not None:
            self._collector.stop()

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
        self.status.setVisible(bool(text))
        self.status.setText(text)
        self.status.setAccessibleName(text)
        self.status.setToolTip(
            "\n".join(f"{one.mailbox}: {one.text}" if many else one.text for one in known)
        )
        icons.bind(self.status, icon, tone, 14)

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

    def _on_published(self, changes: ChangeSet) -> None:
        if self._collector is not None and changes.kinds & {"setting", "mailbox"}:
            self._collector.wake()
