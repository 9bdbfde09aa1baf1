"""The lines of one section under its heading, and what else belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.domain.folding import fold
from app.domain.setting import Section
from app.ui.settings import shown
from app.ui.settings.data_actions import DataActions
from app.ui.settings.editors import editor_for
from app.ui.settings.keys_editor import KeysEditor
from app.ui.settings.setting_line import SettingLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.setting import Setting
    from app.ui.actions import Actions
    from app.ui.settings.live_settings import LiveSettings
    from app.ui.workbench import Workbench


class SectionGroup(QWidget):
    """A heading, one line per setting, and for Data its actions."""

    command_requested = Signal(str)

    def __init__(
        self,
        workbench: Workbench,
        settings: LiveSettings,
        actions: Actions,
        section: Section,
        own: Sequence[Setting],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.lines: list[SettingLine] = []
        self._rules: list[QFrame] = []
        self._whole = fold(shown.section_title(section))
        title = QLabel(shown.section_title(section), self)
        title.setProperty("kind", "title")
        self._reach = QLabel("" if section is Section.DATA else shown.reach(own), self)
        self._reach.setProperty("kind", "help")
        self._reach.setVisible(bool(self._reach.text()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(title)
        layout.addSpacing(4)
        layout.addWidget(self._reach)
        layout.addSpacing(4)
        self.data: DataActions | None = None
        if section is Section.DATA:
            self.data = DataActions(workbench, self)
            self.data.command_requested.connect(self.command_requested)
            layout.addWidget(self.data)
        for setting in own:
            table = setting.key == "keys.bindings"
            editor = KeysEditor(setting, actions, self) if table else editor_for(setting, self)
            line = SettingLine(settings, editor, self)
            rule = QFrame(self)
            rule.setProperty("kind", "line")
            rule.setFixedHeight(1)
            layout.addWidget(rule)
            layout.addWidget(line)
            self._rules.append(rule)
            self.lines.append(line)

    def filter_lines(self, text: str) -> bool:
        """Show the lines that answer to a folded text, all for ""; tell whether there are any."""
        found = False
        for line, rule in zip(self.lines, self._rules, strict=True):
            here = line.answers(text)
            if isinstance(line.editor, KeysEditor):
                here = self._filter_keys(line.editor, text, named=here)
            line.setVisible(here)
            rule.setVisible(here)
            found = found or here
        if self.data is not None:
            here = self.data.filter_rows("" if text in self._whole else text)
            self.data.setVisible(here)
            found = found or here
        return found

    def _filter_keys(self, editor: KeysEditor, text: str, *, named: bool) -> bool:
        """Show all commands when the line itself was asked for, else those that answer."""
        if named:
            return editor.filter_rows("") or True
        return editor.filter_rows(text)
