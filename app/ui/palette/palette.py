"""Ctrl+K: every command, every view and every incident from one field.

Commands match on the beginnings of words and on initials; one that cannot run is listed, dimmed,
with its reason. Prefixes: `>` commands, `#` incidents. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.domain.folding import fold
from app.domain.incident import EntityId
from app.services import inspecting
from app.ui import icons

if TYPE_CHECKING:
    from app.domain.listing import ListRow
    from app.services.desk import Desk
    from app.ui.actions import Actions, Command
    from app.ui.workbench import Workbench

_SIZE, _TOP, _MOST, _INCIDENTS = (640, 420), 112, 40, 8
_THING = Qt.ItemDataRole.UserRole
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_PageUp: -8,
}


class Ranked(NamedTuple):
    """A command that matches, the better the smaller."""

    rank: tuple[int, int, str]
    command: Command


def matches(command: Command, text: str) -> int | None:
    """Return how well a command answers to folded text: 0 is best; None when it does not."""
    best: int | None = None
    for name in (command.title, *command.aliases):
        words = fold(name).split()
        whole = " ".join(words)
        if whole.startswith(text):
            found = 0
        elif "".join(word[0] for word in words).startswith(text.replace(" ", "")):
            found = 1
        elif all(any(word.startswith(part) for word in words) for part in text.split()):
            found = 2
        elif text in whole:
            found = 3
        else:
            continue
        best = found if best is None else min(best, found)
    return best


class Palette(QDialog):
    """One field and what answers to it."""

    def __init__(
        self, workbench: Workbench, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._bench, self._actions = workbench, actions
        self._recent: list[str] = []
        self.setWindowTitle(self.tr("Search or run"))
        self.line = QLineEdit(self)
        self.line.setAccessibleName(self.tr("Search or run"))
        self.line.setPlaceholderText(
            self.tr("A command, a view, an incident; > commands, # number")
        )
        self.line.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("What answers to it"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setSpacing(3)
        layout = QVBoxLayout(self)
        layout.addWidget(self.line)
        layout.addWidget(self.list, 1)
        self.line.textChanged.connect(self._on_text_changed)
        self.line.returnPressed.connect(self.run)
        self.list.itemClicked.connect(self.run)
        actions.triggered.connect(self._on_triggered)

    def open_at_top(self) -> None:
        """Open over the window, 112 px from its top, with an empty field."""
        now = self._bench.theme
        self.resize(now.px(_SIZE[0]), now.px(_SIZE[1]))
        parent = self.parentWidget()
        if parent is not None:
            left = (parent.width() - self.width()) // 2
            self.move(parent.mapToGlobal(QPoint(left, now.px(_TOP))))
        self.line.clear()
        self._on_text_changed("")
        self.show()
        self.line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list with the arrows while the cursor stays in the field."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = _MOVES.get(Qt.Key(event.key()))
            if step is not None:
                row = self.list.currentRow() + step
                self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
                return True
        return super().eventFilter(watched, event)

    def run(self, *_item: object) -> None:
        """Run the chosen command, or open the chosen incident."""
        item: QListWidgetItem | None = self.list.currentItem()
        thing = item.data(_THING) if item is not None else None
        if isinstance(thing, str):
            reason = self._actions[thing].reason
            if reason:
                self._bench.say(reason, "warn")
                return
            self.hide()
            self._actions.run(thing)
        elif thing is not None:
            self.hide()
            self._bench.open_incident(EntityId(bytes(thing)), reveal=True)

    # --- what answers ----------------------------------------------------------------------------

    def _on_text_changed(self, text: str) -> None:
        self.list.clear()
        wanted = fold(text.lstrip(">#").strip())
        if not text.startswith("#"):
            for command in self._commands(wanted):
                self._add_command(command)
        self.list.setCurrentRow(0)
        if wanted and not text.startswith(">"):
            self._bench.read(
                lambda desk: (text, _incidents(desk, wanted)), self._on_incidents, key="palette"
            )

    def _commands(self, wanted: str) -> list[Command]:
        if not wanted:
            last = [self._actions[name] for name in self._recent]
            rest = [one for one in self._actions if one.id not in self._recent]
            rest.sort(key=lambda one: (bool(one.reason), one.menu != "incident"))
            return (last + rest)[:_MOST]
        found = []
        for command in self._actions:
            how = matches(command, wanted)
            if how is not None:
                found.append(Ranked((how, -command.used, command.title), command))
        return [one.command for one in sorted(found, key=lambda one: one.rank)][:_MOST]

    def _add_command(self, command: Command) -> None:
        keys = self._actions.keys_text(command.id)
        words = command.title + (f"    {keys}" if keys else "")
        if command.reason:
            words = f"{command.title}    {command.reason}"
        item = QListWidgetItem(command.action.icon(), words, self.list)
        item.setData(_THING, command.id)
        if command.reason:
            item.setForeground(self._bench.theme.colour("text3"))

    def _on_incidents(self, found: tuple[str, list[ListRow]]) -> None:
        text, rows = found
        if text != self.line.text():
            return
        for row in rows:
            item = QListWidgetItem(icons.icon("hash"), f"{row.number}    {row.title}", self.list)
            item.setData(_THING, row.id)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def _on_triggered(self, command_id: str) -> None:
        kept = [name for name in self._recent if name != command_id]
        self._recent = [command_id, *kept][:5]


def _incidents(desk: Desk, wanted: str) -> list[ListRow]:
    return inspecting.found(desk, wanted, _INCIDENTS)
