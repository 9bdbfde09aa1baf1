"""Keeps the thread of the outbox for a window, and says what becomes of each letter.

The thread never touches a widget: what it tells arrives here by a signal of an object that lives on
the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton

from app.domain.changes import ChangeSet
from app.domain.incident import EntityId
from app.domain.letter import LetterState
from app.services import outgoing, posting
from app.services.posting import Posted, Postman
from app.ui import icons
from app.ui.incidents.cells import moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QMainWindow

    from app.services.desk import Desk
    from app.services.outgoing import Letter
    from app.ui.workbench import Workbench

_SOON_MS = 200


class MailKeeper(QObject):
    """One for each window's profile; without a thread (`start`) nothing leaves."""

    changed = Signal(object)
    """How the outbox stands (`Posted`)."""
    outbox_requested = Signal()
    _told = Signal(object)

    def __init__(self, bench: Workbench, window: QMainWindow) -> None:
        super().__init__(window)
        self._bench = bench
        self._postman: Postman | None = None
        self._announced: set[str] = set()
        self.last = Posted((), ())
        self.status = QPushButton(window)
        self.status.setProperty("kind", "plain")
        self.status.hide()
        self.status.clicked.connect(self.outbox_requested)
        window.statusBar().addWidget(self.status)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.look)
        self._told.connect(self._on_told)
        bench.bus.published.connect(self._on_published)

    def start(self, open_desk: Callable[[], Desk]) -> None:
        """Let letters leave from now on, those of the last run too."""
        self._postman = Postman(open_desk, self._told.emit)
        self._postman.start()

    def stop(self) -> None:
        """End the thread; what it has not finished is taken up next time."""
        if self._postman is not None:
            self._postman.stop()

    def look(self) -> None:
        """Read how the outbox stands, and have the thread look too."""
        if self._postman is not None:
            self._postman.wake()
        self._bench.read(posting.standing, self._on_told, self._on_unread, key="outbox")

    def _on_published(self, _changes: ChangeSet) -> None:
        self._soon.start()

    def _on_told(self, posted: Posted) -> None:
        self.last = posted
        self._show_status(posted)
        for letter in posted.waiting:
            self._announce(letter, posted.at_ms)
        for letter in posted.drafts:
            self._open_draft(letter)
        if posted.tried is not None:
            self._say_tried(posted.tried)
        self.changed.emit(posted)

    def _on_unread(self, _error: Exception) -> None:
        """Leave it: the list that cannot be read says why."""

    def _announce(self, letter: Letter, at_ms: int) -> None:
        """Say once that a letter leaves soon, as long as it can be taken back."""
        left_s = (letter.due_at - at_ms) / 1_000
        if letter.message_id in self._announced or letter.tries or left_s <= 0:
            return
        self._announced.add(letter.message_id)
        text = self.tr("The report of {0} goes to {1} by mail in {2} s")
        if letter.kind == outgoing.REPLY:
            text = self.tr("The reply on {0} goes to {1} by mail in {2} s")
        text = text.format(letter.number, _people(letter), round(left_s))
        uid = EntityId(letter.incident)
        self._bench.say(text, "ok", undo=True, incident=uid, least_s=left_s)

    def _say_tried(self, letter: Letter) -> None:
        uid = EntityId(letter.incident)
        if letter.state is LetterState.SENT:
            text = self.tr("The report of {0} was mailed to {1}")
            if letter.kind == outgoing.REPLY:
                text = self.tr("The reply on {0} was mailed to {1}")
            words = text.format(letter.number, _people(letter))
            if letter.problem:
                self._bench.say(f"{words}. {letter.problem}.", "warn", incident=uid)
            else:
                self._bench.say(words, "ok", incident=uid)
            self._bench.bus.publish(ChangeSet(None, "Tell", {"incident": (uid,)}))
        elif letter.state is not LetterState.WAITING:
            self._bench.say(f"{letter.number}: {letter.problem}", "danger", incident=uid)
            self._bench.bus.publish(ChangeSet(None, "Letter", {"incident": (uid,)}))

    # --- drafts ----------------------------------------------------------------------------------

    def _open_draft(self, letter: Letter) -> None:
        if letter.message_id not in self._announced:
            self._announced.add(letter.message_id)
            self.open_in_mail_program(letter.message_id)

    def open_in_mail_program(self, message_id: str) -> None:
        """Hand a letter to the mail program as a draft."""
        self._bench.write(
            lambda desk: outgoing.hand_to_mail_program(desk, message_id),
            self._on_draft,
            quiet=True,
        )

    def _on_draft(self, path: Path) -> None:
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._bench.say(self.tr("The letter is open in your mail program"), "ok")
        else:
            text = self.tr("No mail program opened the letter. It is here: {0}")
            self._bench.say(text.format(path), "warn")
        self.look()

    # --- status ----------------------------------------------------------------------------------

    def _show_status(self, posted: Posted) -> None:
        late = [one for one in posted.waiting if one.problem]
        if posted.troubled:
            text = self.tr("%n letter(s) could not be sent", "", len(posted.troubled))
            more, icon, tone = posted.troubled[0].problem, "circle-alert", "danger"
        elif late:
            when = moment(min(one.due_at for one in late))
            text = self.tr("%n letter(s) waiting for the mail server", "", len(late))
            text = self.tr("{0}, next try {1}").format(text, when)
            more, icon, tone = late[0].problem, "mail", "warn"
        elif posted.waiting:
            text = self.tr("%n letter(s) leaving", "", len(posted.waiting))
            more, icon, tone = "", "mail", "text2"
        else:
            self.status.hide()
            return
        self.status.setText(text)
        self.status.setAccessibleName(text)
        self.status.setToolTip(more)
        icons.bind(self.status, icon, tone, 14)
        self.status.show()


def _people(letter: Letter) -> str:
    return ", ".join(one.shown for one in letter.recipients if not one.refusal)
