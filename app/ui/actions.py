"""The one registry of commands: menus, palette, buttons and keys all share its actions (ux.md 1).

A command that cannot run now stays listed with the reason, which is also its tooltip. Single
letters belong to the list and the detail header, never to a text field (WCAG 2.1.4). For the GUI
thread only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

from app.ui import icons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from PySide6.QtWidgets import QWidget

BETWEEN_KEYS = "; "
MENUS = ("file", "edit", "view", "go", "incident", "tools", "help")


@dataclass(slots=True)
class Command:
    """One thing that the program does on request."""

    id: str
    action: QAction
    menu: str
    aliases: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    default_keys: tuple[str, ...] = ()
    reason: str = ""
    icon: str = ""
    used: int = field(default=0, compare=False)

    @property
    def title(self) -> str:
        """Return what menus and palette call it."""
        return self.action.text().replace("&", "")


def keys_of_text(text: str) -> tuple[str, ...]:
    """Read the keys of a command as a setting keeps them: "Ctrl+K; Ctrl+Shift+P", "" for none."""
    return tuple(key.strip() for key in text.split(BETWEEN_KEYS.strip()) if key.strip())


def is_character(key: str) -> bool:
    """Tell whether a key types a character, so that it can be pressed by mistake (WCAG 2.1.4)."""
    return len(key.removeprefix("Shift+")) == 1


def text_of_keys(keys: Sequence[str]) -> str:
    """Write keys so that `keys_of_text` reads them again."""
    return BETWEEN_KEYS.join(keys)


def _locks_nothing(_command_id: str) -> bool:
    return False


class Actions(QObject):
    """Every command by its id, in the order of the menus."""

    changed = Signal()
    """A key, a reason or the set of commands has changed."""
    triggered = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._commands: dict[str, Command] = {}
        self._single_keys = True
        self._lock = ""
        self._locks: Callable[[str], bool] = _locks_nothing
        self.reserved = {
            "G": self.tr("go to a view"),
            "/": self.tr("filter the list"),
            "Alt+F4": self.tr("close the window"),
            "F10": self.tr("show the menu bar"),
        }
        """Keys that belong to no command and cannot be given to one, with what they do."""

    def add(
        self,
        command_id: str,
        title: str,
        run: Callable[[], object],
        keys: Sequence[str] = (),
        *,
        menu: str,
        icon: str = "",
        aliases: Sequence[str] = (),
        scope: QWidget | None = None,
    ) -> QAction:
        """Register a command; with `scope` its keys act only while that widget has the focus."""
        if command_id in self._commands:
            raise ValueError(f"the command {command_id} is registered twice")
        action = QAction(title, self._window)
        action.setObjectName(command_id)
        if scope is not None:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        (scope or self._window).addAction(action)
        command = Command(command_id, action, menu, tuple(aliases), (), tuple(keys), icon=icon)
        self._commands[command_id] = command
        # A partial would be handed the check mark that the signal carries.
        action.triggered.connect(lambda _checked=False: run())
        action.triggered.connect(self._on_triggered)
        self._give_keys(command, command.default_keys)
        return action

    def __iter__(self) -> Iterator[Command]:
        """Yield the commands in the order in which they were registered."""
        return iter(self._commands.values())

    def __getitem__(self, command_id: str) -> Command:
        """Return a command; KeyError for an id that nobody registered."""
        return self._commands[command_id]

    def __contains__(self, command_id: object) -> bool:
        """Tell whether there is such a command."""
        return command_id in self._commands

    def dress(self) -> None:
        """Give every command its icon: when the first list is painted, or a menu comes up before.

        Drawing seventy icons that no one sees yet would keep the window from its first paint.
        """
        for command in self:
            if command.icon and command.action.icon().isNull():
                icons.bind(command.action, command.icon)

    def run(self, command_id: str) -> bool:
        """Run a command unless something forbids it; tell whether it ran."""
        action = self._commands[command_id].action
        if not action.isEnabled():
            return False
        action.trigger()
        return True

    def set_reason(self, command_id: str, reason: str) -> None:
        """Forbid a command with a reason, or allow it again with ""."""
        command = self._commands[command_id]
        if not reason and self._locks(command_id):
            reason = self._lock
        if command.reason == reason and command.action.isEnabled() == (not reason):
            return
        command.reason = reason
        command.action.setEnabled(not reason)
        command.action.setToolTip(reason or self._tip(command))

    def lock(self, reason: str, locks: Callable[[str], bool]) -> None:
        """Forbid all commands for which `locks` says so, for one reason; "" lets them go."""
        before, self._lock, self._locks = self._lock, reason, locks
        for command in self:
            if locks(command.id) and command.reason in {"", before}:
                self.set_reason(command.id, "")
        self.changed.emit()

    def set_keys(self, command_id: str, keys: Sequence[str]) -> str:
        """Bind a command to other keys; return the id that has one of them already, or ""."""
        clash = self.clash(command_id, keys)
        if not clash:
            self._give_keys(self._commands[command_id], tuple(keys))
            self.changed.emit()
        return clash

    def clash(self, command_id: str, keys: Sequence[str]) -> str:
        """Return the other command that one of these keys runs already, or ""."""
        wanted = {QKeySequence(key).toString() for key in keys}
        for command in self:
            if command.id != command_id and wanted & {
                QKeySequence(key).toString() for key in command.keys
            }:
                return command.id
        return ""

    def clash_words(self, command_id: str, keys: Sequence[str]) -> str:
        """Return the sentence that names who has one of these keys already, or ""."""
        for key in keys:
            words = self.reserved.get(QKeySequence(key).toString())
            if words is not None:
                return self.tr("{0} is kept to {1}. Press another key.").format(key, words)
            taken = self.clash(command_id, [key])
            if taken:
                return self.tr(
                    '{0} runs "{1}" already. Press another key, or change that one.'
                ).format(key, self._commands[taken].title)
        return ""

    def bind(self, own: Mapping[str, str]) -> None:
        """Give the commands named their own keys and all others their usual ones, all at once.

        A key that two would have goes to the one that a person chose it for.
        """
        taken: set[str] = set(self.reserved)
        for command in sorted(self, key=lambda command: command.id not in own):
            chosen = own.get(command.id)
            wanted = command.default_keys if chosen is None else keys_of_text(chosen)
            free = tuple(key for key in wanted if QKeySequence(key).toString() not in taken)
            taken |= {QKeySequence(key).toString() for key in free}
            if free != command.keys:
                self._give_keys(command, free)
        self.changed.emit()

    def set_single_keys(self, on: bool) -> None:
        """Switch the single letters on or off as a whole (WCAG 2.1.4)."""
        self._single_keys = on
        for command in self:
            self._give_keys(command, command.keys)
        self.changed.emit()

    @property
    def single_keys(self) -> bool:
        """Tell whether single letters act."""
        return self._single_keys

    def keys_text(self, command_id: str) -> str:
        """Return the first key as the system writes it, or ""."""
        keys = self._commands[command_id].keys
        return (
            QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        )

    def _give_keys(self, command: Command, keys: tuple[str, ...]) -> None:
        command.keys = keys
        active = [key for key in keys if self._single_keys or not is_character(key)]
        command.action.setShortcuts([QKeySequence(key) for key in active])
        if not command.reason:
            command.action.setToolTip(self._tip(command))

    def _tip(self, command: Command) -> str:
        keys = self.keys_text(command.id)
        return f"{command.title} ({keys})" if keys else command.title

    def _on_triggered(self) -> None:
        sender = self.sender()
        if sender is not None:
            command = self._commands[sender.objectName()]
            command.used += 1
            self.triggered.emit(command.id)
