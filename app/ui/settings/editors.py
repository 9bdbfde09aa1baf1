"""One control per type of setting: it shows a value and tells what a person chose.

A control never judges a value; the line that holds it does, and says what was refused. Built from
real widgets, each with a name. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, QTimeZone, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain.priority import LEVEL_NAMES, LEVELS, PRIORITIES, priority_label
from app.domain.setting import SettingType
from app.ui.settings import shown
from app.ui.widgets.offered_list import OfferedList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QWheelEvent

    from app.domain.setting import Setting

NAMED_KINDS = {"team.default": "team", "sla.default_calendar": "calendar"}
"""Settings whose value is the name of an item of the team's catalogue, with its kind."""


class Editor(QWidget):
    """What all controls share; `field` takes the focus and is the buddy of the label."""

    chosen = Signal(object)
    wide = False
    """Whether the control needs the width of the whole line."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self.field: QWidget = self
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(4)

    def hold(self, field: QWidget) -> None:
        """Take the one widget that the control consists of, and name it."""
        self.field = field
        field.setAccessibleName(shown.label_of(self.setting))
        field.setAccessibleDescription(shown.description_of(self.setting))
        view = field.view() if isinstance(field, QComboBox) else None
        if view is not None:
            view.setAccessibleName(field.accessibleName())
        self.rows.addWidget(field)
        self.setFocusProxy(field)

    def show_value(self, value: Any) -> None:
        """Show a value without telling anyone."""
        blocked = [(each, each.blockSignals(True)) for each in self.findChildren(QWidget)]
        self._show(value)
        for each, before in blocked:
            each.blockSignals(before)

    def mark_wrong(self, wrong: bool) -> None:
        """Edge the field in the colour of errors, or no longer."""
        self.field.setProperty("invalid", "true" if wrong else "false")
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)

    def _show(self, value: Any) -> None:
        raise NotImplementedError


class TextEditor(Editor):
    """A line of text, taken by Enter or when the focus leaves; Esc puts back what stands."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.line = QLineEdit(self)
        if setting.type is SettingType.ZONE:
            own = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
            self.line.setPlaceholderText(self.tr("As the computer: {0}").format(own))
        self.hold(self.line)
        self.line.editingFinished.connect(self._on_finished)

    def offer(self, names: Sequence[str]) -> None:
        """Complete what is typed with one of these."""
        completer = QCompleter(list(names), self.line)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        OfferedList(completer, self.line.accessibleName())
        completer.activated.connect(self._on_finished)
        self.line.setCompleter(completer)

    def _show(self, value: Any) -> None:
        if self.line.text() != str(value):
            self.line.setText(str(value))

    def _on_finished(self, *_text: object) -> None:
        self.chosen.emit(self.line.text().strip())


class FlagEditor(Editor):
    """A check box."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.box = QCheckBox(self.tr("Off"), self)
        self.hold(self.box)
        self.box.toggled.connect(self._on_changed)

    def _show(self, value: Any) -> None:
        self.box.setChecked(bool(value))
        self._say(bool(value))

    def _say(self, on: bool) -> None:
        self.box.setText(self.tr("On") if on else self.tr("Off"))

    def _on_changed(self, on: bool) -> None:
        self._say(on)
        self.chosen.emit(on)


class _Number(QSpinBox):
    """A number that the wheel changes only while it has the focus, so that scrolling is safe."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class _Choice(QComboBox):
    """A list of words that the wheel changes only while it has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberEditor(Editor):
    """A number with its unit and limits."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.box = _Number(self)
        self.box.setRange(setting.low, setting.high)
        self.box.setSuffix(f"\N{NO-BREAK SPACE}{setting.unit}" if setting.unit else "")
        self.box.setSingleStep(10 if setting.key == "appearance.text_size" else 1)
        self.box.setKeyboardTracking(False)
        self.box.lineEdit().setTextMargins(8, 0, 0, 0)
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hold(self.box)
        self.box.valueChanged.connect(self._on_changed)

    def _show(self, value: Any) -> None:
        self.box.setValue(int(value))

    def _on_changed(self, number: int) -> None:
        self.chosen.emit(number)


class ChoiceEditor(Editor):
    """One of a few words."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.box = _Choice(self)
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for choice in setting.choices:
            self.box.addItem(shown.choice_words(setting, choice), choice)
        self.hold(self.box)
        self.box.currentIndexChanged.connect(self._on_changed)

    def offer(self, names: Sequence[str]) -> None:
        """Offer the names of the catalogue beside the one that stands."""
        now = self.box.currentData()
        blocked = self.box.blockSignals(True)
        self.box.clear()
        for name in dict.fromkeys([*names, *([now] if now else [])]):
            self.box.addItem(name, name)
        self.box.setCurrentIndex(self.box.findData(now))
        self.box.blockSignals(blocked)

    def _show(self, value: Any) -> None:
        if self.box.findData(value) < 0:
            self.box.addItem(str(value), value)
        self.box.setCurrentIndex(self.box.findData(value))

    def _on_changed(self) -> None:
        self.chosen.emit(self.box.currentData())


class ChoicesEditor(Editor):
    """Any of a few words, each with a check box."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.boxes: dict[str, QCheckBox] = {}
        for choice in setting.choices:
            box = QCheckBox(shown.choice_words(setting, choice), self)
            box.setAccessibleName(f"{shown.label_of(setting)}: {box.text()}")
            box.toggled.connect(self._on_toggled)
            self.rows.addWidget(box)
            self.boxes[choice] = box
        self.field = self.boxes[setting.choices[0]]
        self.setFocusProxy(self.field)

    def _show(self, value: Any) -> None:
        for choice, box in self.boxes.items():
            box.setChecked(choice in value)

    def _on_toggled(self) -> None:
        self.chosen.emit([choice for choice, box in self.boxes.items() if box.isChecked()])


class MatrixEditor(Editor):
    """The priority of each impact and urgency, in a table of lists."""

    wide = True

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        grid = QGridLayout()
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(8)
        self.cells: dict[tuple[int, int], QComboBox] = {}
        self._levels = {
            1: self.tr("High"),
            2: self.tr("Medium"),
            3: self.tr("Low"),
        }
        for level in LEVELS:
            for words, row, column in (
                (self.tr("{0} urgency").format(self._levels[level]), 0, level),
                (self.tr("{0} impact").format(self._levels[level]), level, 0),
            ):
                head = QLabel(words, self)
                head.setProperty("kind", "help")
                grid.addWidget(head, row, column)
            grid.setColumnStretch(level, 1)
        for impact in LEVELS:
            for urgency in LEVELS:
                grid.addWidget(self._cell(impact, urgency), impact, urgency)
        self.rows.addLayout(grid)
        self.field = self.cells[1, 1]
        self.setFocusProxy(self.field)

    def _cell(self, impact: int, urgency: int) -> QComboBox:
        box = _Choice(self)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(2)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for priority in PRIORITIES:
            box.addItem(priority_label(priority), priority)
        words = self.tr("Priority of {0} impact and {1} urgency")
        box.setAccessibleName(
            words.format(LEVEL_NAMES[impact].lower(), LEVEL_NAMES[urgency].lower())
        )
        box.view().setAccessibleName(box.accessibleName())
        box.currentIndexChanged.connect(self._on_changed)
        self.cells[impact, urgency] = box
        return box

    def _show(self, value: Any) -> None:
        for (impact, urgency), box in self.cells.items():
            box.setCurrentIndex(box.findData(value[impact - 1][urgency - 1]))

    def _on_changed(self, _index: int) -> None:
        rows = [
            [self.cells[impact, urgency].currentData() for urgency in LEVELS] for impact in LEVELS
        ]
        self.chosen.emit(rows)


class SeenEditor(Editor):
    """A button that forgets what was seen."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.button = QPushButton(self.tr("Show them again"), self)
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_clicked)
        self.hold(self.button)

    def _show(self, value: Any) -> None:
        self.button.setEnabled(bool(value))

    def _on_clicked(self) -> None:
        self.chosen.emit({})


def editor_for(setting: Setting, parent: QWidget | None = None) -> Editor:
    """Return the control for a setting; a table of keys has a place of its own."""
    if setting.key in NAMED_KINDS:
        return ChoiceEditor(setting, parent)
    made = _EDITORS[setting.type](setting, parent)
    if setting.type is SettingType.ZONE and isinstance(made, TextEditor):
        made.offer(sorted(available_timezones()))
    return made


_EDITORS: dict[SettingType, type[Editor]] = {
    SettingType.TEXT: TextEditor,
    SettingType.DURATION: TextEditor,
    SettingType.ZONE: TextEditor,
    SettingType.CALENDAR: ChoiceEditor,
    SettingType.FLAG: FlagEditor,
    SettingType.NUMBER: NumberEditor,
    SettingType.CHOICE: ChoiceEditor,
    SettingType.CHOICES: ChoicesEditor,
    SettingType.MATRIX: MatrixEditor,
    SettingType.NAMES: SeenEditor,
    SettingType.TABLE: SeenEditor,
}
