"""Moves the team to another folder or server, or follows it there; nothing is lost by it.

It talks to two places and may take long, so it runs in the long lane. GUI thread only.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.services import diagnosis, exchanging, moving, sharing
from app.ui.sharing.checks_view import ChecksView
from app.ui.sharing.place_form import FOLDER, SERVER, PlaceForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.standing import TeamMove
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

_SIZE = (600, 480)


class MoveDialog(QDialog):
    """Asks where the team shall meet from now on."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        tr, px = self.tr, workbench.theme.px
        self.setWindowTitle(tr("Move the team"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(px(_SIZE[0]), px(_SIZE[1]))
        self.title = QLabel(tr("Where should the team meet?"), self)
        self.title.setProperty("kind", "dialog_title")
        self.title.setWordWrap(True)
        self.now = QLabel(self)
        self.now.setProperty("tone", "quiet")
        self.now.setWordWrap(True)
        self.now.setTextFormat(Qt.TextFormat.PlainText)
        self.form = PlaceForm(self, here=False)
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
        self.check = self._button(tr("&Test"), self._on_check)
        self.close_ = self._button(tr("&Close"), self.reject)
        self.move_ = self._button(tr("&Move the team there"), self._on_move)
        self.move_.setProperty("kind", "primary")
        self.move_.setDefault(True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.check)
        foot.addStretch(1)
        foot.addWidget(self.close_)
        foot.addWidget(self.move_)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self.title)
        layout.addWidget(self.now)
        layout.addWidget(self.form, 1)
        layout.addWidget(self.checks, 1)
        layout.addWidget(self.said)
        layout.addStretch(0)
        layout.addWidget(self.bar)
        layout.addLayout(foot)
        self.form.changed.connect(self._on_changed)
        self._on_changed()
        self._bench.read(_standing, self._on_standing, key=("moving", id(self)))

    # --- showing ---------------------------------------------------------------------------------

    def _button(self, text: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(run)
        return button

    def _on_standing(self, read: tuple[str, TeamMove | None]) -> None:
        place, waiting = read
        if not place:
            self._say(self.tr("You share with nobody. Begin with Sharing with the team."), "danger")
            self.move_.setEnabled(False)
            return
        self.now.setText(
            self.tr(
                "The team meets at {0} now. Everything goes along, and the old place stays as it "
                "is until the others have followed."
            ).format(place)
        )
        if waiting is None:
            return
        who = waiting.by or self.tr("Somebody")
        self.title.setText(self.tr("{0} moved the team to {1}").format(who, waiting.place))
        self.now.setText(
            self.tr(
                "Follow there; what you wrote meanwhile comes along. Change the path where this "
                "computer reaches that folder by another one."
            )
        )
        self.move_.setText(self.tr("&Follow the team"))
        server = exchanging.is_server(waiting.place)
        self.form.ways[SERVER if server else FOLDER].setChecked(True)
        (self.form.address if server else self.form.folder).setText(waiting.place)

    def _on_changed(self) -> None:
        self.form.approve.hide()  # that was decided when the team began
        self.checks.hide()
        self.said.hide()

    def _say(self, words: str, tone: str) -> None:
        self.said.setProperty("tone", tone)
        self.said.style().polish(self.said)
        self.said.setText(words)
        self.said.show()

    # --- doing -----------------------------------------------------------------------------------

    def _place(self) -> str:
        place = self.form.place()
        if not place:
            self._say(self.tr("Name the folder or the database to move to."), "danger")
            self.form.focus_field()
        return place

    def _run(self, act: Callable[[Desk], Any], done: Callable[[Any], object]) -> None:
        self.said.hide()
        self._set_busy(True)
        self._bench.run_long(act, done, self._on_failed)

    def _set_busy(self, busy: bool) -> None:
        self.bar.setVisible(busy)
        for part in (self.check, self.move_, self.form):
            part.setEnabled(not busy)

    def _on_failed(self, error: Exception) -> None:
        self._set_busy(False)
        self._say(str(getattr(error, "message", error)), "danger")

    def _on_check(self) -> None:
        place, unique = self._place(), f"move-{os.getpid()}"
        if place:
            self._run(lambda desk: diagnosis.examine(desk, place, unique=unique), self._on_checked)

    def _on_checked(self, told: dict[str, Any]) -> None:
        self._set_busy(False)
        self.checks.show_checks(told["checks"])
        self.checks.show()

    def _on_move(self) -> None:
        place = self._place()
        if place:
            self._run(lambda desk: (moving.move(desk, place), sharing.place(desk)), self._on_moved)

    def _on_moved(self, done: tuple[dict[str, Any], str]) -> None:
        self._set_busy(False)
        told, place = done
        self.title.setText(self.tr("The team meets at {0} now").format(place))
        words = self.tr("{0} entries are there.").format(f"{told['entries']:,}")
        more = self.tr("The others are told when they sync next, and follow with this command.")
        if not told["old_place_told"]:
            more = self.tr("The old place was not reached: tell the others to follow you.")
        self._say(f"{words} {more}", "quiet")
        for part in (self.now, self.form, self.checks, self.check, self.move_):
            part.hide()
        self.close_.setFocus(Qt.FocusReason.OtherFocusReason)


def _standing(desk: Desk) -> tuple[str, TeamMove | None]:
    return sharing.place(desk), moving.pending(desk)
