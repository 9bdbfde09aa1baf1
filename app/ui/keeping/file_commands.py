"""The commands for the data as a whole: drafts, export, configuration, backup, checks, the log.

Whatever may take long runs in the long lane with a brake; a refusal is one sentence and changes
nothing. GUI thread only.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QProcess
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.services import auditing, configuration, exporting, keeping, self_report
from app.system.paths import Profile
from app.ui.widgets.save_place import ask_save_place

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from app.services.desk import Desk
    from app.ui.actions import Actions
    from app.ui.keeping.long_run import LongRun
    from app.ui.main_window import MainWindow
    from app.ui.workbench import Workbench


class FileCommands(QObject):
    """Registers and runs them; asks for files with the system's own dialogs."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window

    def register(self, actions: Actions) -> None:
        """Add the commands to File, Tools and Help."""
        tr, add, on = self.tr, actions.add, self
        file = partial(add, menu="file")
        file("file.drafts", tr("Drafts..."), on._on_drafts, icon="pencil")
        file(
            "file.export_view",
            tr("Export this view..."),
            on._on_export_view,
            icon="upload",
            aliases=("export this view as csv", "json", "spreadsheet"),
        )
        file(
            "file.export_pdf",
            tr("Export this view as PDF"),
            on._on_export_pdf,
            icon="file-text",
            aliases=("closure reports", "period", "print all"),
        )
        file(
            "file.export_chosen",
            tr("Export what is chosen..."),
            on._on_export_chosen,
            icon="upload",
            aliases=("selected", "ticked"),
        )
        file(
            "file.export_all",
            tr("Export everything..."),
            on._on_export_all,
            icon="upload",
            aliases=("package", "zip"),
        )
        file(
            "file.configuration",
            tr("Import a configuration..."),
            on._on_configuration,
            icon="download",
            aliases=("people", "calendars", "targets", "toml"),
        )
        file("file.backup", tr("Back up..."), on._on_backup, icon="archive")
        file("file.restore", tr("Restore a backup..."), on._on_restore, icon="history")
        add("tools.check", tr("Check the data"), on._on_check, menu="tools", icon="clipboard-check")
        add(
            "tools.journal",
            tr("Hand out the journal..."),
            on._on_journal,
            menu="tools",
            icon="file-text",
            aliases=("audit",),
        )
        add(
            "help.report",
            tr("Report a problem with this program"),
            on._on_report,
            menu="help",
            icon="bug",
            aliases=("log", "bug"),
        )
        add("help.about", tr("About Incident Desk"), on._on_about, menu="help", icon="info")

    # --- drafts ----------------------------------------------------------------------------------

    def _on_drafts(self) -> None:
        from app.ui.keeping.drafts_dialog import DraftsDialog

        dialog = DraftsDialog(self._bench, self._window)
        dialog.chosen.connect(self.open_draft)
        dialog.open()

    def open_draft(self, key: str) -> None:
        """Go on with a draft of a new incident."""
        from app.ui.new_incident.new_incident_dialog import NewIncidentDialog

        NewIncidentDialog(self._bench, key, parent=self._window).open()

    # --- out and in ------------------------------------------------------------------------------

    def _on_export_view(self) -> None:
        self._export(self._window.queue.filter_text(), self._window.queue.head.title.text())

    def _on_export_pdf(self) -> None:
        self._bench.read(
            lambda desk: desk.now().astimezone(ZoneInfo(desk.store.zone)).date(),
            self._on_today,
            key="export-pdf",
        )

    def _on_today(self, today: date) -> None:
        from app.ui.report.export_dialog import ExportPdfDialog

        queue = self._window.queue
        text, name = queue.filter_text(), queue.head.title.text()
        ExportPdfDialog(self._bench, text, name, today, self._window).open()

    def _on_export_chosen(self) -> None:
        chosen = self._window.chosen()
        if not chosen:
            self._bench.say(self.tr("Choose an incident first."), "warn")
            return
        numbers = ",".join(one.number for one in chosen)
        name = chosen[0].number if len(chosen) == 1 else self.tr("Chosen incidents")
        self._export(f"number:{numbers}", name)

    def _on_export_all(self) -> None:
        self._export("", self.tr("Incidents"))

    def _export(self, text: str, name: str) -> None:
        kinds = ";;".join(
            (
                self.tr("Table for spreadsheets (*.csv)"),
                self.tr("JSON (*.json)"),
                self.tr("Package with files (*.zip)"),
            )
        )
        path = self._ask_where(self.tr("Export"), f"{name}.csv", kinds)
        if path is None:
            return

        def work(desk: Desk, run: LongRun) -> int:
            return exporting.export_file(
                desk, path, text=text, progress=run.tell, cancelled=run.is_stopped
            )

        self._run(self.tr("Exporting to {0}").format(path.name), work, self._on_exported)

    def _on_exported(self, written: object) -> None:
        self._bench.say(self.tr("%n incident(s) exported", "", int(str(written))), "ok")

    def _on_configuration(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Import a configuration"),
            "",
            self.tr("Configuration (*.toml *.json)"),
        )
        if name:
            self._bench.write(lambda desk: configuration.import_file(desk, Path(name)))

    # --- keeping ---------------------------------------------------------------------------------

    def _on_backup(self) -> None:
        path = self._ask_where(
            self.tr("Back up"), "incident-desk-backup.zip", self.tr("Backup (*.zip)")
        )
        if path is None:
            return

        def work(desk: Desk, run: LongRun) -> dict[str, Any]:
            return keeping.backup(desk, path, progress=run.tell)

        self._run(self.tr("Backing up to {0}").format(path.name), work, self._on_backed_up)

    def _on_backed_up(self, facts: dict[str, Any]) -> None:
        words = self.tr("Backed up and proven: %n incident(s)", "", int(facts["incidents"]))
        missing = [str(name) for name in facts["missing"]]
        if missing:
            lost = self.tr("Lost before this backup: %n file(s)", "", len(missing))
            self._bench.say(f"{words}. {lost}.", "warn")
        else:
            self._bench.say(words, "ok")

    def _on_restore(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Restore a backup"), "", self.tr("Backup (*.zip *.sqlite *.bak)")
        )
        if not name:
            return
        folder = QFileDialog.getExistingDirectory(
            self._window, self.tr("An empty folder to restore it into")
        )
        if not folder:
            return

        def work(_desk: Desk, _run: LongRun) -> dict[str, Any]:
            return keeping.restore(Profile(Path(folder)), name)

        self._run(self.tr("Restoring {0}").format(Path(name).name), work, self._on_restored)

    def _on_restored(self, facts: dict[str, Any]) -> None:
        """Open what was restored in a window of its own; this one stays as it is."""
        QProcess.startDetached(sys.executable, ["-m", "app", "--profile", str(facts["path"])])
        count = int(facts["incidents"])
        words = self.tr("Restored %n incident(s) in another window", "", count)
        self._bench.say(words, "ok")

    # --- checks ----------------------------------------------------------------------------------

    def _on_check(self) -> None:
        def work(desk: Desk, _run: LongRun) -> dict[str, Any]:
            return auditing.check(desk)

        self._run(self.tr("Checking the data"), work, self._on_checked)

    def _on_checked(self, found: dict[str, Any]) -> None:
        if found["ok"]:
            self._bench.say(self.tr("The database and its journal are sound"), "ok")
            return
        failed = "; ".join(one["name"] for one in found["checks"] if not one["ok"])
        words = self.tr("The data are damaged: {0}. Back up now, then restore an older backup.")
        self._bench.say(words.format(failed), "danger")

    def _on_journal(self) -> None:
        path = self._ask_where(
            self.tr("Hand out the journal"), "journal.jsonl", self.tr("Journal (*.jsonl)")
        )
        if path is None:
            return

        def work(desk: Desk, _run: LongRun) -> dict[str, Any]:
            return auditing.export(desk, path)

        self._run(self.tr("Writing the journal to {0}").format(path.name), work, self._on_handed)

    def _on_handed(self, facts: dict[str, Any]) -> None:
        words = self.tr(
            "%n line(s) of the journal written, every chain whole", "", int(facts["written"])
        )
        if facts["ok"]:
            self._bench.say(words, "ok")
        else:
            bad = facts["first_bad"]
            self._bench.say(self.tr("Written, but a chain is broken: {0}").format(bad), "danger")

    # --- about the program -----------------------------------------------------------------------

    def _on_report(self) -> None:
        self._bench.read(self_report.problem_report, self._on_reported, key="self-report")

    def _on_reported(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._bench.say(self.tr("Copied: versions and the log, without names or incidents"))

    def _on_about(self) -> None:
        self._bench.read(self_report.about, self._on_about_read, key="about")

    def _on_about_read(self, facts: list[tuple[str, str]]) -> None:
        box = QMessageBox(self._window)
        box.setWindowTitle(self.tr("About Incident Desk"))
        box.setText(self.tr("Incident Desk: from the first call to the closed record."))
        box.setInformativeText("\n".join(f"{name}: {value}" for name, value in facts))
        box.setDetailedText(
            self.tr(
                "MIT licence. Qt, Qt for Python, psycopg and python-bidi are used under the LGPL, "
                "version 3, as libraries that you may replace. Every licence: {0}"
            ).format(self_report.notices_place())
        )
        box.open()

    # --- asking and running ----------------------------------------------------------------------

    def _ask_where(self, title: str, name: str, kinds: str) -> Path | None:
        """Ask where to write; the ending of the chosen kind is added when it is missing."""
        return ask_save_place(self._window, title, name, kinds)

    def _run(
        self,
        title: str,
        work: Callable[[Desk, LongRun], Any],
        done: Callable[[Any], None],
    ) -> None:
        from app.ui.keeping.long_run import LongRun

        run = LongRun(self._bench, title, work, self._window)
        run.finished_with.connect(done)
        run.start()
