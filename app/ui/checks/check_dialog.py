"""Chooses a check for an incident, says what it will do, runs it on Enter and keeps what it said.

A check that was not run on this computer yet is allowed first, with its own button: another station
may have shared it, and a script may do anything.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.diagnosis_check import CheckKind, DiagnosisCheck
from app.services import diagnosing

if TYPE_CHECKING:
    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.services.diagnosing import Plan
    from app.system.probes import Seen
    from app.ui.workbench import Workbench

_NAME = Qt.ItemDataRole.UserRole
_SIZE = (620, 520)
_TOLD = 20_000


class CheckDialog(QDialog):
    """Up and Down choose, Enter runs, Esc stops what runs and then closes."""

    def __init__(
        self, bench: Workbench, uid: EntityId, number: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bench, self._uid = bench, uid
        self._plan: Plan | None = None
        self._stop: threading.Event | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Run a check on {0}").format(number))
        bench.theme.fit(self, *_SIZE)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Checks"))
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.list.itemActivated.connect(self._on_run)
        self.told = QLabel(self)
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.warning = QLabel(self)
        self.warning.setProperty("tone", "danger")
        self.warning.setWordWrap(True)
        self.warning.hide()
        self.output = QPlainTextEdit(self)
        self.output.setReadOnly(True)
        self.output.setTabChangesFocus(True)
        self.output.setAccessibleName(self.tr("What the check said"))
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 0)
        self.progress.setAccessibleName(self.tr("The check runs"))
        self.progress.hide()
        self.allow = QPushButton(self.tr("&Allow on this computer"), self)
        self.allow.clicked.connect(self._on_allow)
        self.allow.hide()
        self.run = QPushButton(self.tr("&Run"), self)
        self.run.setProperty("kind", "primary")
        self.run.clicked.connect(self._on_run)
        self.stop = QPushButton(self.tr("S&top"), self)
        self.stop.clicked.connect(self._on_stop)
        self.stop.hide()
        close = QPushButton(self.tr("Close"), self)
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.progress, 1)
        row.addStretch(1)
        for button in (self.allow, self.run, self.stop, close):
            button.setAutoDefault(False)
            row.addWidget(button)
        layout = QVBoxLayout(self)
        for part in (self.list, self.told, self.warning, self.output):
            layout.addWidget(part)
        layout.addLayout(row)
        bench.read(lambda desk: diagnosing.checks(desk, uid), self._on_read, key=id(self))

    # --- choosing --------------------------------------------------------------------------------

    def _on_read(self, found: list[DiagnosisCheck]) -> None:
        for check in found:
            item = QListWidgetItem(check.name, self.list)
            item.setData(_NAME, check.name)
        self.run.setEnabled(False)
        if found:
            self.list.setCurrentRow(0)
            self.list.setFocus()
        else:
            self.told.setText(
                self.tr("The team has no checks for this incident. Add some in the settings, "
                        "under Checklists, Checks.")
            )  # fmt: skip

    def _on_current_changed(self) -> None:
        item = self.list.currentItem()
        self._plan = None
        self.run.setEnabled(False)
        self.allow.hide()
        self.warning.hide()
        if item is not None:
            name = str(item.data(_NAME))
            self._bench.read(
                lambda desk: diagnosing.plan(desk, self._uid, name),
                self._on_planned,
                self._on_unplanned,
                key=id(self),
            )

    def _on_planned(self, made: Plan) -> None:
        self._plan = made
        self.told.setText(made.told)
        self.run.setEnabled(made.allowed and self._stop is None)
        self.allow.setVisible(not made.allowed)
        self.warning.setVisible(not made.allowed)
        if made.check.check is CheckKind.SCRIPT:
            self.warning.setText(
                self.tr("This runs a program on your computer, as you, and it may do anything that "
                        "you may. Allow it only if you know what it does.\nSHA-256 {0}")
                .format(made.script_sha256 or self.tr("(it cannot be read)"))
            )  # fmt: skip
        else:
            self.warning.setText(
                self.tr("This check has not run on this computer yet, or was changed since. "
                        "Allow it if it is what you expect.")
            )  # fmt: skip

    def _on_unplanned(self, error: Exception) -> None:
        self.told.setText(str(getattr(error, "message", error)))

    # --- running ---------------------------------------------------------------------------------

    def _on_allow(self) -> None:
        made = self._plan
        if made is not None:
            self._bench.write(lambda desk: diagnosing.allow(desk, made), self._on_allowed)

    def _on_allowed(self, _nothing: object) -> None:
        self._on_current_changed()
        self.list.setFocus()

    def _on_run(self) -> None:
        made, uid = self._plan, self._uid
        if made is None or not made.allowed or self._stop is not None:
            return
        stop = self._stop = threading.Event()
        self._show_running(running=True)
        self.output.setPlainText("")

        def act(desk: Desk) -> tuple[Plan, Seen]:
            return diagnosing.run(desk, uid, made.check.name, stop)

        self._bench.run_long(act, self._on_seen, self._on_refused)

    def _on_seen(self, got: tuple[Plan, Seen]) -> None:
        made, seen = got
        self._stop = None
        self._show_running(running=False)
        word = self.tr("Passed") if seen.ok else self.tr("Failed")
        self.output.setPlainText(f"{word}: {seen.result}\n\n{seen.output[:_TOLD]}".strip())
        self._bench.write(lambda desk: diagnosing.keep(desk, self._uid, made, seen))

    def _on_refused(self, error: Exception) -> None:
        self._stop = None
        self._show_running(running=False)
        self._bench.say_error(error)
        self._on_current_changed()

    def _on_stop(self) -> None:
        if self._stop is not None:
            self._stop.set()

    def _show_running(self, *, running: bool) -> None:
        self.progress.setVisible(running)
        self.stop.setVisible(running)
        self.run.setEnabled(not running and self._plan is not None and self._plan.allowed)

    def reject(self) -> None:
        """Stop what runs; close when nothing does."""
        if self._stop is not None:
            self._on_stop()
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Stop what runs, however the dialog is closed."""
        self._on_stop()
        super().done(result)
