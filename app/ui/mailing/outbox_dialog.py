"""The outbox: every letter of this workstation, what became of it, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.letter import STOPPABLE, TRY_AGAIN, LetterState
from app.services import outgoing
from app.ui import theme
from app.ui.incidents.cells import moment
from app.ui.widgets.text_table import TextTable, text_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex

    from app.services.desk import Desk
    from app.services.outgoing import Letter
    from app.ui.mailing.mail_keeper import MailKeeper
    from app.ui.workbench import Workbench

_SIZE = (760, 440)


class OutboxDialog(QDialog):
    """A table of letters; the buttons act on the one that is current."""

    def __init__(
        self, workbench: Workbench, keeper: MailKeeper, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bench, self._keeper = workbench, keeper
        self.letters: list[Letter] = []
        self.setWindowTitle(self.tr("Outbox"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        px = theme.current().px
        self.resize(px(_SIZE[0]), px(_SIZE[1]))
        self.table = TextTable(self)
        self.view = text_view(self.tr("Letters"), self.table, self)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.send = self._button(self.tr("&Send now"))
        self.stop = self._button(self.tr("S&top it"))
        self.draft = self._button(self.tr("&Open in mail program"))
        leave = self._button(self.tr("Close"))
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        for button in (self.send, self.stop, self.draft):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(14))
        layout.setSpacing(px(10))
        layout.addWidget(self.view, 1)
        layout.addWidget(self.words)
        layout.addLayout(foot)
        self.send.clicked.connect(self._on_send)
        self.stop.clicked.connect(self._on_stop)
        self.draft.clicked.connect(self._on_draft)
        leave.clicked.connect(self.reject)
        self.view.selectionModel().currentRowChanged.connect(self._on_row)
        keeper.changed.connect(self._read)
        self._read()
        self.view.setFocus()

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "secondary")
        button.setAutoDefault(False)
        return button

    def _read(self, _posted: object = None) -> None:
        self._bench.read(outgoing.letters, self._on_read, key="outbox-letters")

    def _on_read(self, letters: list[Letter]) -> None:
        current = self.current()
        self.letters = letters
        states = self._states()
        rows = [
            (
                one.number,
                ", ".join(person.shown for person in one.recipients),
                self._when(one, states[one.state]),
                one.problem,
            )
            for one in letters
        ]
        header = (self.tr("Report"), self.tr("To"), self.tr("State"), self.tr("What happened"))
        self.table.show_rows(header, rows)
        self.view.resizeColumnsToContents()
        known = [one.message_id for one in letters]
        chosen = known.index(current.message_id) if current and current.message_id in known else 0
        self.view.selectRow(chosen)
        self._show()

    def current(self) -> Letter | None:
        """Return the letter that the buttons act on."""
        row = self.view.currentIndex().row()
        return self.letters[row] if 0 <= row < len(self.letters) else None

    def _states(self) -> dict[LetterState, str]:
        return {
            LetterState.WAITING: self.tr("Waits until {0}"),
            LetterState.SENDING: self.tr("Leaving now"),
            LetterState.HANDING_OVER: self.tr("Leaving now"),
            LetterState.SENT: self.tr("Sent {1}"),
            LetterState.HELD: self.tr("Held back"),
            LetterState.REFUSED: self.tr("Refused"),
            LetterState.UNSURE: self.tr("Perhaps sent"),
            LetterState.STOPPED: self.tr("Stopped {1}"),
            LetterState.DRAFTED: self.tr("In the mail program {1}"),
        }

    def _when(self, letter: Letter, words: str) -> str:
        ended = moment(letter.ended_at) if letter.ended_at else ""
        return words.format(moment(letter.due_at), ended).strip()

    def _on_row(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show()

    def _show(self) -> None:
        letter = self.current()
        state = letter.state if letter else None
        self.send.setEnabled(state in TRY_AGAIN)
        self.stop.setEnabled(state in STOPPABLE)
        self.draft.setEnabled(state in STOPPABLE)
        if letter is None:
            self.words.setText(self.tr("Nothing was mailed from this computer yet."))
        else:
            self.words.setText(letter.problem or letter.subject)

    def _on_send(self) -> None:
        self._act(outgoing.send_now)

    def _on_stop(self) -> None:
        self._act(outgoing.stop)

    def _act(self, act: Callable[[Desk, str], Letter]) -> None:
        letter = self.current()
        if letter is not None:
            message_id = letter.message_id
            self._bench.write(
                lambda desk: act(desk, message_id), self._on_done, self._on_failed, quiet=True
            )

    def _on_draft(self) -> None:
        letter = self.current()
        if letter is not None:
            self._keeper.open_in_mail_program(letter.message_id)

    def _on_done(self, _letter: object) -> None:
        self._keeper.look()
        self._read()

    def _on_failed(self, error: Exception) -> None:
        self._read()
        self.words.setText(str(getattr(error, "message", error)))
