"""Shows what is to be known of sharing: what happened, when, and what to do; tests the place.

Talking to the place may hang, so the test and publishing again run in the long lane. GUI thread.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.services import diagnosis, health
from app.ui import icons
from app.ui.detail.timeline_words import clock
from app.ui.sharing.checks_view import ChecksView
from app.ui.sharing.health_words import PUBLISH_AGAIN, advice

if TYPE_CHECKING:
    from app.domain.errors import KnownError
    from app.services.health import HealthNote
    from app.ui.workbench import Workbench

_SIZE = (620, 520)


class HealthDialog(QDialog):
    """The list of health notes, and the hub doctor beneath it."""

    def __init__(
        self, workbench: Workbench, parent: QWidget | None = None, error: KnownError | None = None
    ) -> None:
        super().__init__(parent)
        self._bench, self._error = workbench, error
        tr, now = self.tr, workbench.theme
        self.setWindowTitle(tr("What is to be known about sharing"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(now.px(_SIZE[0]), now.px(_SIZE[1]))
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self._parts: list[QWidget] = []
        page = QWidget(self)
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        self.nothing = QLabel(tr("Nothing is wrong, and nothing has happened."), page)
        self.nothing.setProperty("tone", "quiet")
        inner.addWidget(self.nothing)
        inner.addLayout(self._list)
        inner.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setAccessibleName(self.windowTitle())
        scroll.setWidget(page)
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
        self.test = self._button(tr("&Test the shared place"))
        self.test.clicked.connect(self._on_test)
        self.publish = self._button(tr("&Publish everything again"))
        self.publish.clicked.connect(self._on_publish)
        self.publish.hide()
        self.close_ = self._button(tr("&Close"))
        self.close_.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.test)
        foot.addWidget(self.publish)
        foot.addStretch(1)
        foot.addWidget(self.close_)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.checks, 1)
        layout.addWidget(self.said)
        layout.addWidget(self.bar)
        layout.addLayout(foot)
        self.look()

    def look(self) -> None:
        """Read the notes, from this computer alone."""
        error = self._error
        self._bench.read(
            lambda desk: health.notes(desk, error), self._on_notes, key=("health", id(self))
        )

    def shown(self) -> list[str]:
        """Return the sentences that are shown, in their order."""
        return [part.accessibleName() for part in self._parts]

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        return button

    # --- the notes -------------------------------------------------------------------------------

    def _on_notes(self, notes: list[HealthNote]) -> None:
        while self._parts:
            part = self._parts.pop()
            part.hide()
            part.deleteLater()
        self.nothing.setVisible(not notes)
        self.publish.setVisible(any(note.kind in PUBLISH_AGAIN for note in notes))
        for note in notes:
            self._show(note)

    def _show(self, note: HealthNote) -> None:
        card = QFrame(self)
        card.setProperty("kind", "card")
        card.setAccessibleName(note.text)
        inner = QGridLayout(card)
        inner.setContentsMargins(10, 8, 10, 8)
        inner.setColumnStretch(1, 1)
        past = note.kind in health.PAST
        mark = QLabel(card)
        mark.setPixmap(
            icons.icon("info" if past else "triangle-alert", "info" if past else "warn").pixmap(
                16, 16
            )
        )
        inner.addWidget(mark, 0, 0, Qt.AlignmentFlag.AlignTop)
        when = QLabel(clock(note.at), card)
        when.setProperty("tone", "quiet")
        inner.addWidget(when, 0, 2, Qt.AlignmentFlag.AlignTop)
        for row, (words, tone) in enumerate(((note.text, ""), (advice(note.kind), "quiet"))):
            said = QLabel(words, card)
            said.setWordWrap(True)
            said.setTextFormat(Qt.TextFormat.PlainText)
            said.setProperty("tone", tone)
            inner.addWidget(said, row, 1)
        if past:
            done = QPushButton(self.tr("Dismiss"), card)
            done.setProperty("kind", "plain")
            done.setAutoDefault(False)
            done.setAccessibleName(self.tr("Dismiss: {0}").format(note.text))
            done.clicked.connect(partial(self._on_dismissed, note))
            inner.addWidget(done, 1, 2, Qt.AlignmentFlag.AlignBottom)
        self._list.addWidget(card)
        self._parts.append(card)

    def _on_dismissed(self, note: HealthNote, _checked: bool = False) -> None:
        self._bench.write(lambda desk: health.dismiss(desk, note), self._on_forgotten, quiet=True)

    def _on_forgotten(self, _done: bool) -> None:
        self.look()

    # --- talking to the place --------------------------------------------------------------------

    def _busy(self, busy: bool) -> None:
        self.bar.setVisible(busy)
        for button in (self.test, self.publish):
            button.setEnabled(not busy)

    def _say(self, words: str, tone: str) -> None:
        self.said.setProperty("tone", tone)
        self.said.style().polish(self.said)
        self.said.setText(words)
        self.said.show()

    def _on_test(self) -> None:
        self._busy(True)
        unique = f"health-{os.getpid()}"
        self._bench.run_long(
            lambda desk: diagnosis.examine(desk, unique=unique), self._on_tested, self._on_failed
        )

    def _on_tested(self, told: dict[str, Any]) -> None:
        self._busy(False)
        self.checks.show_checks(told["checks"])
        self.checks.show()

    def _on_publish(self) -> None:
        self._busy(True)
        self._bench.run_long(health.publish_again, self._on_published, self._on_failed)

    def _on_published(self, told: dict[str, Any]) -> None:
        self._busy(False)
        self._error = None
        self._say(self.tr("{0} changes published.").format(told["pushed"]), "quiet")
        self.look()

    def _on_failed(self, error: Exception) -> None:
        self._busy(False)
        self._say(str(getattr(error, "message", error)), "danger")
