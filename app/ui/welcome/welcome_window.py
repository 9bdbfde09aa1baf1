"""The one window of the first minute: two pages, two Enters, then the queue (ux.md 7).

Nothing is made on this computer before the last page is answered. What tests a place or joins a
team runs in a lane of its own. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services import beginning
from app.ui import icons, theme
from app.ui.welcome.name_page import NamePage
from app.ui.welcome.store_page import StorePage

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from app.services.desk import Desk
    from app.ui.jobs import Jobs

_SIZE = (760, 520)


class Answers(NamedTuple):
    """What was answered: who, and where to share ("" for this computer)."""

    name: str
    place: str


class WelcomeWindow(QDialog):
    """Asks where and who; `answers` stands when it was accepted."""

    page_shown = Signal(str)

    def __init__(
        self,
        jobs: Jobs,
        jobs_of: Callable[[Callable[[], Desk]], Jobs],
        open_as: Callable[[str], Callable[[], Desk]],
        *,
        account: str,
        now_ms: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        """Make the window.

        Args:
            jobs: The lane of tests, without a desk.
            jobs_of: Makes lanes with a desk, for the one who was named.
            open_as: Opens the profile for a person of this name, making it.
            account: What the system calls the person.
            now_ms: The clock of this run.
            parent: None in the program.
        """
        super().__init__(parent)
        self._jobs_of, self._open_as = jobs_of, open_as
        self._own_jobs: Any = None
        self.answers: Answers | None = None
        tr, now = self.tr, theme.current()
        self.setWindowTitle("Incident Desk")
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        room = self.screen().availableGeometry().size()
        self.resize(min(now.px(_SIZE[0]), room.width()), min(now.px(_SIZE[1]), room.height()))
        mark, name = QLabel(self), QLabel("Incident Desk", self)
        mark.setPixmap(icons.pixmap("life-buoy", now.tokens.accent, now.px(20)))
        name.setFont(now.font("body", 650))
        self.step = QLabel(self)
        self.step.setProperty("tone", "quiet")
        self.store = StorePage(jobs, now_ms, self)
        self.person = NamePage(account, self)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.store)
        self.pages.addWidget(self.person)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Talking to the shared place"))
        self.bar.hide()
        self.back = self._button(tr("&Back"), self._go_back)
        self.alone = self._button(tr("Start &without the team"), self._start_alone)
        self.next = self._button(tr("&Continue"), self._go_on)
        self.next.setProperty("kind", "primary")
        self.next.setDefault(True)
        self.alone.hide()
        self.keys = QLabel(tr("Arrow keys choose, Enter continues."), self)
        self.keys.setProperty("tone", "quiet")
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(mark)
        head.addWidget(name, 1)
        head.addWidget(self.step)
        foot.addWidget(self.back)
        foot.addWidget(self.keys)
        foot.addStretch(1)
        foot.addWidget(self.alone)
        foot.addWidget(self.next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(16)
        layout.addLayout(head)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.bar)
        layout.addLayout(foot)
        self.store.chosen.connect(self._show_person)
        self.store.busy.connect(self._show_busy)
        self._show_store()

    def let_go(self) -> None:
        """End the lanes that joined a team."""
        if self._own_jobs is not None:
            self._own_jobs.shutdown()
            self._own_jobs = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go one step back by Esc; the first page stays."""
        if event.key() == Qt.Key.Key_Escape:
            self._go_back()
        else:
            super().keyPressEvent(event)

    # --- the two steps ---------------------------------------------------------------------------

    def _show_store(self) -> None:
        self.pages.setCurrentWidget(self.store)
        self.step.setText(self.tr("Step 1 of 2"))
        self.back.hide()
        self.keys.show()
        self.alone.hide()
        self.next.setText(self.tr("&Continue"))
        self.store.cards[self.store.way()].setFocus(Qt.FocusReason.OtherFocusReason)
        self.page_shown.emit("store")

    def _show_person(self) -> None:
        self.pages.setCurrentWidget(self.person)
        self.step.setText(self.tr("Step 2 of 2"))
        self.back.show()
        self.keys.hide()
        self.next.setText(self.tr("&Start"))
        self.person.say("")
        self.person.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.person.line.selectAll()
        self.page_shown.emit("name")

    def _go_back(self) -> None:
        if self.pages.currentWidget() is self.person and self.next.isEnabled():
            self._show_store()

    def _go_on(self) -> None:
        if self.pages.currentWidget() is self.store:
            self.store.go_on()
            return
        if not self.person.name():
            self.person.say(self.tr("Type your name."))
            self.person.line.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        place = self.store.place()
        if not place:
            self._finish("")
            return
        self._show_busy(True)
        self.person.say(self.tr("Meeting your team. The first time may take a while."), "quiet")
        self.let_go()
        self._own_jobs = self._jobs_of(self._open_as(self.person.name()))
        self._own_jobs.on_long(
            lambda desk: beginning.begin(desk, place), self._on_begun, self._on_failed
        )

    def _start_alone(self) -> None:
        self._finish("")

    def _finish(self, place: str) -> None:
        self.answers = Answers(self.person.name(), place)
        self.accept()

    def _on_begun(self, _told: object) -> None:
        self._finish(self.store.place())

    def _on_failed(self, error: Exception) -> None:
        self._show_busy(False)
        said = str(getattr(error, "message", error))
        later = self.tr("You can start without the team and join it later.")
        self.person.say(f"{said} {later}")
        self.alone.show()
        self.next.setText(self.tr("&Try again"))

    def _show_busy(self, busy: bool) -> None:
        self.bar.setVisible(busy)
        if self.pages.currentWidget() is self.person:
            for part in (self.next, self.back, self.alone, self.person.line):
                part.setEnabled(not busy)

    def _button(self, text: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(run)
        return button


def ask(
    open_as: Callable[[str], Callable[[], Desk]],
    *,
    account: str,
    now_ms: Callable[[], int],
    shown: Callable[[str], object],
) -> Answers | None:
    """Show the window and return what was answered, None when it was closed.

    `shown` is told of each page.
    """
    from app.ui.jobs import JobRunner

    tests = JobRunner(_Nothing)
    window = WelcomeWindow(tests, JobRunner, open_as, account=account, now_ms=now_ms)
    window.page_shown.connect(shown)
    QTimer.singleShot(0, lambda: shown("store"))
    window.exec()
    window.let_go()
    tests.shutdown(timeout_s=1.0)
    answers = window.answers
    window.deleteLater()
    return answers


class _Nothing:
    """What a lane without a desk works with."""

    def close(self) -> None:
        """Close nothing."""
