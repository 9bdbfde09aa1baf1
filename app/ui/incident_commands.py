"""Every command that works on the incidents chosen now, and why one of them cannot run.

The commands ask the pickers and dialogs for what they need; those write through the workbench. The
chosen incidents are the ticked or selected rows, else the one in the detail pane. GUI thread only.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.domain.incident import EntityId, Status
from app.domain.lifecycle import allowed_moves
from app.services import browsing, incidents, moves

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.domain.closure_code import ClosureCodes
    from app.domain.incident_record import Incident
    from app.ui.actions import Actions
    from app.ui.page.incident_window import IncidentWindow
    from app.ui.workbench import Workbench


class Chosen(NamedTuple):
    """An incident that a command would work on."""

    id: EntityId
    number: str
    title: str
    status: str


class Choice(Protocol):
    """Where the chosen incidents come from."""

    def chosen(self) -> list[Chosen]:
        """Return what a command works on, nothing when nothing is chosen."""
        ...


_NEEDS = {
    "incident.start": Status.IN_PROGRESS,
    "incident.pending": Status.PENDING,
    "incident.resolve": Status.RESOLVED,
    "incident.close": Status.CLOSED,
    "incident.cancel": Status.CANCELLED,
    "incident.resolve_family": Status.RESOLVED,
}
_ONE = (
    "incident.page",
    "incident.open",
    "incident.copy",
    "incident.review",
    "incident.link",
    "incident.major",
    "incident.room",
    "incident.update",
    "incident.stand_down",
    "incident.verify",
    "incident.tell",
    "incident.redact",
    "incident.satisfaction",
    "incident.open_problem",
    "incident.write_article",
    "incident.children",
    "incident.check",
    "incident.resolve_family",
)
_LEADING = frozenset({"incident.resolve", "incident.resolve_family", "incident.pending"})
"""Commands that take the steps before them along."""
_OF_LIST = frozenset({"page", "open", "tick", "previous", "next"})
"""Commands that a window of one incident does without."""
_DONE = frozenset({Status.CLOSED, Status.CANCELLED})
_FINISHED = frozenset({Status.RESOLVED, Status.CLOSED})


class IncidentCommands(QObject):
    """Runs the commands of the menu Incident."""

    note_requested = Signal(bool)
    """Put the cursor in the composer; True for a reply to the requester."""
    tick_requested = Signal()
    step_requested = Signal(int)
    page_requested = Signal(object)

    def __init__(self, workbench: Workbench, choice: Choice, window: QWidget) -> None:
        super().__init__(window)
        self._bench, self._choice, self._window = workbench, choice, window
        self.windows: list[IncidentWindow] = []

    def register(self, actions: Actions, letters: QWidget, *, in_list: bool = True) -> None:
        """Add the commands; single letters act while `letters` has the focus.

        Without `in_list` those that need a list beside the incident are left out.
        """
        on, tr = self, self.tr
        add = actions.add

        def ask(name: str) -> Callable[[], object]:
            return partial(on._ask, f"incident.{name}")

        lines: tuple[tuple[str, str, Callable[[], object], list[str], str], ...] = (
            ("page", tr("Open as a page"), on._on_page, [], "file-text"),
            ("open", tr("Open in a window"), on._on_open, ["Ctrl+Return"], "external-link"),
            ("take", tr("Assign to me"), on._on_take, ["I"], "user-check"),
            ("assign", tr("Assign..."), ask("assign"), ["A"], "user-plus"),
            ("team", tr("Move to team..."), ask("team"), [], "users"),
            ("priority", tr("Priority..."), ask("priority"), ["P"], "triangle-alert"),
            ("status", tr("Status..."), on._on_status, ["S"], "circle-dot"),
            ("category", tr("Category..."), ask("category"), ["C"], "tag"),
            ("field", tr("Set a field..."), ask("field"), [], "pencil"),
            ("note_all", tr("Note for all chosen..."), ask("note_all"), [], "message-square"),
            ("tag", tr("Add tag..."), ask("tag"), ["T"], "hash"),
            ("escalate", tr("Escalate..."), ask("escalate"), ["E"], "arrow-up-right"),
            ("pending", tr("Pending..."), ask("pending"), ["W"], "pause"),
            ("start", tr("Start work"), on._on_start, [], "search"),
            ("resume", tr("Resume"), on._on_resume, [], "activity"),
            ("resolve", tr("Resolve..."), on._on_resolve, ["R"], "check"),
            ("close", tr("Close"), on._on_close, [], "circle-check"),
            ("reopen", tr("Reopen..."), ask("reopen"), [], "repeat"),
            ("cancel", tr("Cancel incident..."), ask("cancel"), [], "ban"),
            ("link", tr("Link..."), ask("link"), ["L"], "link"),
            ("merge", tr("Merge into..."), ask("merge"), [], "git-merge"),
            ("verify", tr("Confirmed by the requester..."), ask("verify"), [], "square-check"),
            ("tell", tr("Tell somebody..."), ask("tell"), [], "mail"),
            ("satisfaction", tr("Record how satisfied..."), ask("satisfaction"), [], "star"),
            ("report", tr("Print the closure report..."), on._on_report, ["Ctrl+P"], "printer"),
            ("review", tr("Post-incident review..."), on._on_review, [], "clipboard-check"),
            ("check", tr("Run a check..."), on._on_check, [], "activity"),
            ("redact", tr("Redact words..."), ask("redact"), [], "ban"),
            ("note", tr("Add a note"), on._on_note, ["M"], "message-square"),
            ("reply", tr("Reply to the requester"), on._on_reply, ["Shift+M"], "reply"),
            ("copy", tr("Copy number and title"), on._on_copy, ["Ctrl+Shift+C"], "copy"),
            ("unread", tr("Mark as unread"), on._on_unread, [], "circle-dot"),
            ("tick", tr("Tick for bulk"), on._on_tick, ["Space"], "square-check"),
            ("previous", tr("Previous incident"), on._on_previous, ["K"], "chevron-up"),
            ("next", tr("Next incident"), on._on_next, ["J"], "chevron-down"),
        )
        for name, title, run, keys, icon in lines:
            if name in _OF_LIST and not in_list:
                continue
            local = bool(keys) and (name == "open" or "Ctrl" not in keys[0])
            add(
                f"incident.{name}",
                title,
                run,
                keys,
                menu="incident",
                icon=icon,
                scope=letters if local else None,
            )

    def refresh(self, actions: Actions) -> None:
        """Allow what the chosen incidents allow, and give the reason for the rest."""
        rows = self._choice.chosen()
        found = {Status(status) for status in {row.status for row in rows}}
        for command in actions:
            if command.menu == "incident":
                actions.set_reason(command.id, self._reason(command.id, rows, found))

    def _reason(self, command_id: str, rows: list[Chosen], found: set[Status]) -> str:
        if command_id in {"incident.tick", "incident.previous", "incident.next"}:
            return ""
        if not rows:
            return self.tr("Choose an incident first.")
        if command_id in _ONE and len(rows) > 1:
            return self.tr("This works on one incident at a time.")
        if command_id == "incident.reopen" and not found & _FINISHED:
            return self.tr("Only a resolved or closed incident can be reopened.")
        if command_id == "incident.resume" and Status.PENDING not in found:
            return self.tr("The incident is not pending.")
        target = _NEEDS.get(command_id)
        if target is not None and not any(target in allowed_moves(each) for each in found):
            # Resolving takes the steps before it along, so only an ended incident refuses it.
            if command_id in _LEADING and not found <= (_DONE | {Status.RESOLVED}):
                return ""
            words = self.tr("{0} is {1}; allowed from there: {2}.")
            allowed = ", ".join(str(move) for each in found for move in allowed_moves(each))
            status = ", ".join(sorted(str(each) for each in found))
            return words.format(rows[0].number, status, allowed or self.tr("nothing"))
        return ""

    def _ids(self) -> list[EntityId]:
        return [row.id for row in self._choice.chosen()]

    # --- moves -----------------------------------------------------------------------------------

    def _on_take(self) -> None:
        ids = self._ids()
        self._bench.write(lambda desk: moves.assign(desk, ids, desk.person))

    def _on_start(self) -> None:
        ids = self._ids()
        self._bench.write(lambda desk: moves.start(desk, ids))

    def _on_resume(self) -> None:
        ids = self._ids()
        self._bench.write(lambda desk: moves.resume(desk, ids))

    def _on_close(self) -> None:
        ids = self._ids()
        if len(ids) == 1:
            self._open_close_dialog(ids[0])
        else:
            self._bench.write(lambda desk: moves.close(desk, ids))

    def _on_resolve(self) -> None:
        self.resolve_as("")

    def resolve_as(self, outcome: str) -> None:
        """Ask for what resolving needs, with this outcome already chosen, "" for the usual one."""
        ids = self._ids()
        if len(ids) == 1:
            self._open_close_dialog(ids[0], outcome)
        elif ids:
            self._bench.read(
                lambda desk: (ids, desk.rules.codes, outcome),
                self._on_codes_read,
                key="close-dialog",
            )

    def _open_close_dialog(self, uid: EntityId, outcome: str = "") -> None:
        self._bench.read(
            lambda desk: (browsing.incident(desk, uid), desk.rules.codes, outcome),
            self._on_close_read,
            key="close-dialog",
        )

    def _on_codes_read(self, read: tuple[list[EntityId], ClosureCodes, str]) -> None:
        from app.ui.asking import questions

        ids, codes, outcome = read
        questions.ask_resolution(self._bench, ids, self._window, codes, outcome)

    def _on_close_read(self, read: tuple[Incident, ClosureCodes, str]) -> None:
        from app.ui.closing.close_dialog import CloseDialog

        incident, codes, outcome = read
        dialog = CloseDialog(self._bench, incident, self._window, codes=codes)
        if outcome:
            dialog.outcome.set_outcome(outcome)
        dialog.open()

    def _on_unread(self) -> None:
        ids = self._ids()
        self._bench.write(lambda desk: incidents.mark_read(desk, ids, unread=True))

    # --- asking ----------------------------------------------------------------------------------

    def _ask(self, command_id: str) -> None:
        from app.ui.asking import questions

        questions.QUESTIONS[command_id](self._bench, self._ids(), self._window)

    def _on_status(self) -> None:
        from app.ui.asking import questions

        rows = self._choice.chosen()
        ids = [row.id for row in rows]
        questions.ask_status(self._bench, ids, [row.status for row in rows], self._window)

    # --- looking ---------------------------------------------------------------------------------

    def _on_page(self) -> None:
        (uid,) = self._ids()
        self.page_requested.emit(uid)

    def _on_open(self) -> None:
        from app.ui.page.incident_window import IncidentWindow  # it has commands of its own

        (uid,) = self._ids()
        window = IncidentWindow(self._bench, uid, self._window)
        window.destroyed.connect(self._on_window_gone)
        self.windows.append(window)
        window.show()

    def close_windows(self) -> None:
        """Close the windows of incidents; each keeps what was typed in it."""
        for window in self.windows:
            window.close()

    def _on_window_gone(self) -> None:
        self.windows = [each for each in self.windows if shiboken6.isValid(each)]

    def _on_report(self) -> None:
        from app.ui.report.print_dialog import PrintDialog

        PrintDialog(self._bench, self._choice.chosen(), self._window).open()

    def _on_check(self) -> None:
        from app.ui.checks.check_dialog import CheckDialog

        (row,) = self._choice.chosen()
        CheckDialog(self._bench, row.id, row.number, self._window).open()

    def _on_review(self) -> None:
        from app.ui.report.review_preview import ReviewPreview

        (row,) = self._choice.chosen()
        ReviewPreview(self._bench, row.number, self._window)

    def _on_copy(self) -> None:
        (row,) = self._choice.chosen()
        QGuiApplication.clipboard().setText(f"{row.number} {row.title}")
        self._bench.say(self.tr("Copied {0}").format(row.number))

    def _on_note(self) -> None:
        self.note_requested.emit(False)

    def _on_reply(self) -> None:
        self.note_requested.emit(True)

    def _on_tick(self) -> None:
        self.tick_requested.emit()

    def _on_previous(self) -> None:
        self.step_requested.emit(-1)

    def _on_next(self) -> None:
        self.step_requested.emit(1)
