"""Ctrl+K: every command, every view and every incident from one field.

Commands match on the beginnings of words and on initials; one that cannot run is listed, dimmed,
with its reason. Prefixes: `>` commands, `@` people, `#` a number or a category, `:` settings (ux.md
4). A setting is also found without its prefix. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.domain.folding import fold
from app.domain.incident import EntityId
from app.services import browsing, inspecting
from app.ui import icons
from app.ui.settings import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

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


PREFIXES = ">@#:"
_NAMED = {"@": ("person", "user", "assignee"), "#": ("category", "tag", "category")}
"""What a prefix lists, with its icon, and the key of the filter that it leads to."""


class SettingAnswer(NamedTuple):
    """A setting to go to, by its key."""

    key: str


class FilterAnswer(NamedTuple):
    """Incidents to list: those of a person or of a category."""

    words: str
    icon: str
    filter: str


class Ranked(NamedTuple):
    """A command that matches, the better the smaller."""

    rank: tuple[int, int, str]
    command: Command


def matches(command: Command, text: str) -> int | None:
    """Return how well a command answers to folded text: 0 is best; None when it does not."""
    return answers((command.title, *command.aliases), text)


def answers(names: Iterable[str], text: str) -> int | None:
    """Return how well the best of some names answers to folded text; None when none does."""
    best: int | None = None
    for name in names:
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

    setting_requested = Signal(str)
    """A setting to show, by its key."""
    filter_requested = Signal(str)
    """A line of the filter language for the list."""

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
            self.tr("> commands   @ people   # number or category   : settings")
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
        elif isinstance(thing, SettingAnswer):
            self.hide()
            self.setting_requested.emit(thing.key)
        elif isinstance(thing, FilterAnswer):
            self.hide()
            self.filter_requested.emit(thing.filter)
        elif thing is not None:
            self.hide()
            self._bench.open_incident(EntityId(bytes(thing)), reveal=True)

    # --- what answers ----------------------------------------------------------------------------

    def _on_text_changed(self, text: str) -> None:
        self.list.clear()
        prefix = text[:1] if text[:1] in PREFIXES else ""
        wanted = fold(text.removeprefix(prefix).strip())
        if prefix in {"", ">"}:
            for command in self._commands(wanted):
                self._add_command(command)
        if prefix == ":" or (wanted and not prefix):
            self._add_settings(wanted)
        self.list.setCurrentRow(0)
        if prefix in {"@", "#"} or (wanted and not prefix):
            self._bench.read(
                lambda desk: (text, _found(desk, prefix, wanted)), self._on_found, key="palette"
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

    def _add_settings(self, wanted: str) -> None:
        found = []
        for place, setting in enumerate(shown.visible_settings()):
            label = shown.label_of(setting)
            names = (label, setting.key, shown.section_title(setting.section))
            how = answers(names, wanted) if wanted else 0
            if how is not None:
                found.append((how, place, setting))
        for _how, _place, setting in sorted(found, key=lambda one: one[:2]):
            words = f"{shown.label_of(setting)}    {shown.section_title(setting.section)}"
            item = QListWidgetItem(icons.icon("settings"), words, self.list)
            item.setData(_THING, SettingAnswer(setting.key))

    def _on_found(self, found: tuple[str, tuple[list[FilterAnswer], list[ListRow]]]) -> None:
        text, (filters, rows) = found
        if text != self.line.text():
            return
        for row in rows:
            item = QListWidgetItem(icons.icon("hash"), f"{row.number}    {row.title}", self.list)
            item.setData(_THING, row.id)
        for one in filters:
            item = QListWidgetItem(icons.icon(one.icon), one.words, self.list)
            item.setData(_THING, one)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def _on_triggered(self, command_id: str) -> None:
        kept = [name for name in self._recent if name != command_id]
        self._recent = [command_id, *kept][:5]


def _found(desk: Desk, prefix: str, wanted: str) -> tuple[list[FilterAnswer], list[ListRow]]:
    """Read who or what answers, by the prefix; runs in the reader lane."""
    kind, icon, key = _NAMED.get(prefix, ("", "", ""))
    names = [item.name for item in browsing.names(desk, kind, wanted, _MOST)] if kind else []
    # No filter can hold a name with quotes in it.
    filters = [FilterAnswer(n, icon, f'{key}:"{n}" is:open') for n in names if '"' not in n]
    rows = inspecting.found(desk, wanted, _INCIDENTS) if wanted and prefix != "@" else []
    return filters, rows
