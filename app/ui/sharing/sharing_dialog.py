"""Begin, join, look at and leave the sharing with a team; nothing typed or kept is ever lost by it.

Talking to a folder or a server may take long or hang, so all of it runs in the long lane and the
window stays usable. GUI thread only.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services import diagnosis, moving, sharing
from app.ui.sharing.checks_view import ChecksView
from app.ui.sharing.place_form import HERE, PlaceForm
from app.ui.sharing.team_view import TeamView

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.standing import TeamMove
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

_SIZE = (640, 520)


class SharingDialog(QDialog):
    """One page while nobody shares, another when somebody does; the doctor's below either."""

    move_requested = Signal()
    """To another folder or server, or after the team that has moved."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        tr, now = self.tr, workbench.theme
        self.setWindowTitle(tr("Sharing with the team"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(now.px(_SIZE[0]), now.px(_SIZE[1]))
        self.form = PlaceForm(self, here=False)
        self.team = TeamView(self)
        self.checks = ChecksView(self)
        self.checks.hide()
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.hide()
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Talking to the shared place"))
        self.bar.hide()
        self.begin = self._button(tr("&Begin a team here"), self._on_create)
        self.join = self._button(tr("&Join the team"), self._on_join, "primary")
        self.check = self._button(tr("&Test"), self._on_check)
        self.sync = self._button(tr("&Synchronise now"), self._on_sync, "primary")
        self.leave = self._button(tr("Stop s&haring"), self._on_leave)
        self.move_ = self._button(tr("&Move the team..."), self._on_move)
        self.close_ = self._button(tr("&Close"), self.reject)
        self.body = QStackedWidget(self)
        for page in (self.form, self.team):
            scroll = QScrollArea(self)
            scroll.setWidgetResizable(True)
            scroll.setFrameShape(QScrollArea.Shape.NoFrame)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            scroll.setWidget(page)
            self.body.addWidget(scroll)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.leave)
        foot.addWidget(self.move_)
        foot.addWidget(self.check)
        foot.addStretch(1)
        for button in (self.close_, self.begin, self.join, self.sync):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self.body, 1)
        layout.addWidget(self.checks, 1)
        layout.addWidget(self.said)
        layout.addWidget(self.bar)
        layout.addLayout(foot)
        self.team.admit_requested.connect(self._on_admit)
        self.form.changed.connect(self._on_changed)
        workbench.met.connect(self.look)
        self._show_state(shared=False)
        self.look()

    def look(self) -> None:
        """Read how it stands, from this computer alone."""
        self._bench.read(_status, self._on_status, key=("sharing", id(self)))

    # --- building and showing --------------------------------------------------------------------

    def _button(self, text: str, run: Callable[[], object], kind: str = "") -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", kind)
        button.setAutoDefault(False)
        button.clicked.connect(run)
        return button

    def _show_state(self, *, shared: bool) -> None:
        self.body.setCurrentIndex(int(shared))
        for button in (self.begin, self.join):
            button.setVisible(not shared)
        for button in (self.sync, self.leave, self.move_):
            button.setVisible(shared)

    def _on_status(self, read: tuple[dict[str, Any], str, TeamMove | None]) -> None:
        told, place, waiting = read
        shared = told["state"] != "not_shared"
        self._show_state(shared=shared)
        if shared:
            in_step = told["state"] == "in_sync" and not told["waiting"]
            words = self.tr("In step with the team") if in_step else sharing.sentence(told)
            if waiting is not None:
                who = waiting.by or self.tr("Somebody")
                words = self.tr("{0} moved the team to {1}").format(who, waiting.place)
            follow = self.tr("&Follow the team...")
            self.move_.setText(self.tr("&Move the team...") if waiting is None else follow)
            self.team.show_status(told, words, place, self._bench.present)

    def _on_changed(self) -> None:
        self.checks.hide()
        self.said.hide()

    def _say(self, words: str, tone: str) -> None:
        self.said.setProperty("tone", tone)
        self.said.style().polish(self.said)
        self.said.setText(words)
        self.said.show()

    # --- doing -----------------------------------------------------------------------------------

    def _run(self, act: Callable[[Desk], Any], done: Callable[[Any], object]) -> None:
        self.said.hide()
        self.bar.show()
        for button in self._busy_buttons():
            button.setEnabled(False)
        self._bench.run_long(act, done, self._on_failed)

    def _busy_buttons(self) -> tuple[QPushButton, ...]:
        return (self.begin, self.join, self.check, self.sync, self.leave, self.move_)

    def _rest(self) -> None:
        self.bar.hide()
        for button in self._busy_buttons():
            button.setEnabled(True)

    def _on_failed(self, error: Exception) -> None:
        self._rest()
        self._say(str(getattr(error, "message", error)), "danger")

    def _on_create(self) -> None:
        place, approve = self._place(), self.form.approve.isChecked()
        if place:
            self._run(lambda desk: sharing.create(desk, place, approve=approve), self._on_begun)

    def _on_join(self) -> None:
        place = self._place()
        if place:
            self._run(lambda desk: sharing.join(desk, place), self._on_begun)

    def _place(self) -> str:
        """Return where to share; the field that is missing gets the focus and a sentence."""
        place = self.form.place()
        if not place and self.form.way() != HERE:
            self._say(self.tr("Name the folder or the database that your team shares."), "danger")
            self.form.focus_field()
        return place

    def _on_begun(self, told: dict[str, Any]) -> None:
        self._rest()
        code = self.tr("Your workstation's code is {0}.").format(told["code"])
        self._say(f"{sharing.sentence(told)}. {code}", "quiet")
        self.look()

    def _on_sync(self) -> None:
        self._run(lambda desk: sharing.sync(desk)[0], self._on_synced)

    def _on_synced(self, told: dict[str, Any]) -> None:
        self._rest()
        self._say(sharing.sentence(told), "quiet")
        self.look()

    def _on_leave(self) -> None:
        self._run(sharing.leave, self._on_left)

    def _on_left(self, _told: dict[str, Any]) -> None:
        self._rest()
        self._say(self.tr("You share with nobody now. Everything is still here."), "quiet")
        self.look()

    def _on_move(self) -> None:
        self.accept()
        self.move_requested.emit()

    def _on_admit(self, code: str) -> None:
        self._run(lambda desk: sharing.approve(desk, code)[1], self._on_admitted)

    def _on_admitted(self, _changes: object) -> None:
        self._rest()
        self._on_sync()

    def _on_check(self) -> None:
        place = self.form.place() if self.body.currentIndex() == 0 else ""
        unique = f"window-{os.getpid()}"
        self._run(lambda desk: diagnosis.examine(desk, place, unique=unique), self._on_checked)

    def _on_checked(self, told: dict[str, Any]) -> None:
        self._rest()
        self.checks.show_checks(told["checks"])
        self.checks.show()
        good = self.tr("Everything that sharing needs works here.")
        bad = self.tr("Something does not work as sharing needs it; see above.")
        self._say(good if told["ok"] else bad, "quiet" if told["ok"] else "danger")


def _status(desk: Desk) -> tuple[dict[str, Any], str, TeamMove | None]:
    return sharing.status(desk), sharing.place(desk), moving.pending(desk)
