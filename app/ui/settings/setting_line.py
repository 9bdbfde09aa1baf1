"""One line of the settings: its words, its control, what was refused, and its own Reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from app.domain.errors import InvalidInputError
from app.domain.folding import fold
from app.ui import icons, theme
from app.ui.settings import shown

if TYPE_CHECKING:
    from app.domain.setting import Setting
    from app.ui.settings.editors import Editor
    from app.ui.settings.live_settings import LiveSettings

_CONTROL_WIDTH = 240


class SettingLine(QFrame):
    """Shows one setting and gives it what a person chooses, at once."""

    def __init__(
        self, settings: LiveSettings, editor: Editor, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setting: Setting = editor.setting
        self.editor = editor
        self._settings = settings
        setting = self.setting
        self.label = QLabel(shown.label_of(setting), self)
        self.label.setWordWrap(True)
        self.label.setProperty("kind", "line_label")
        self.label.setBuddy(editor.field)
        self.help = QLabel(shown.description_of(setting), self)
        self.help.setWordWrap(True)
        self.help.setProperty("kind", "help")
        self.reset = QToolButton(self)
        name = self.tr("Reset {0}").format(shown.label_of(setting))
        icons.bind(self.reset, "undo-2")
        self.reset.setAccessibleName(name)
        self.reset.setToolTip(name)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self._mark = QLabel(self)
        self.error = QLabel(self)
        self.error.setProperty("tone", "danger")
        self.error.setWordWrap(True)
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self.clear_error()
        self.show_now()
        editor.chosen.connect(self._on_chosen)
        self.reset.clicked.connect(self._on_reset)
        theme.current().changed.connect(self._fit)
        self._fit()

    def answers(self, text: str) -> bool:
        """Tell whether a folded search text is found in the words of this line."""
        setting = self.setting
        words = [shown.label_of(setting), shown.description_of(setting), setting.key]
        words += [shown.section_title(setting.section)]
        words += [shown.choice_words(setting, choice) for choice in setting.choices]
        line = fold(" ".join(words))
        return all(part in line for part in text.split())

    def show_now(self) -> None:
        """Show the value that the setting has now."""
        self.editor.show_value(self._settings[self.setting.key])
        self.reset.setVisible(not self._settings.is_default(self.setting.key))

    def clear_error(self) -> None:
        """Show no error any more."""
        self.editor.mark_wrong(False)
        for part in (self._mark, self.error):
            part.hide()

    def show_error(self, sentence: str) -> None:
        """Say under the field what was refused and what can be done."""
        self.error.setText(sentence)
        self.editor.mark_wrong(True)
        self.editor.field.setAccessibleDescription(sentence)
        for part in (self._mark, self.error):
            part.show()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 12, 0, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        said = QHBoxLayout()
        said.setSpacing(4)
        said.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.error, 1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.label, 0, 0, top)
        grid.addWidget(self.help, 1, 0, top)
        if self.editor.wide:
            grid.addWidget(self.reset, 0, 2, 2, 1, top)
            grid.addWidget(self.editor, 2, 0, 1, 3)
            grid.addLayout(said, 3, 0, 1, 3)
        else:
            grid.addWidget(self.editor, 0, 1, 2, 1, top)
            grid.addWidget(self.reset, 0, 2, 2, 1, top)
            grid.addLayout(said, 2, 1)
        grid.setRowStretch(1, 1)

    def _fit(self) -> None:
        now = theme.current()
        if not self.editor.wide:
            self.editor.setFixedWidth(now.px(_CONTROL_WIDTH))
            self.error.setMaximumWidth(now.px(_CONTROL_WIDTH - 20))
        self._mark.setPixmap(icons.pixmap("circle-alert", now.tokens.danger.ink, now.px(14)))

    def _on_chosen(self, value: Any) -> None:
        try:
            self._settings.choose(self.setting.key, value)
        except InvalidInputError as error:
            self.show_error(plain_sentence(error.message, self.setting))
            return
        self.clear_error()
        self.editor.field.setAccessibleDescription(shown.description_of(self.setting))
        self.show_now()

    def _on_reset(self) -> None:
        self.clear_error()
        self._settings.reset(self.setting.key)
        self.show_now()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)


def plain_sentence(message: str, setting: Setting) -> str:
    """Return a refusal with what the setting is called on the screen in place of its key."""
    text = message.removeprefix("Setting: ")
    return text.replace(setting.key, shown.label_of(setting), 1)
