"""How the incident ended: three usual outcomes side by side, the others in a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QToolButton, QWidget

from app.domain.incident import Outcome
from app.ui import icons, theme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.closure_code import ClosureCode

_SHOWN: Final = 3
"""How many of the team's outcomes stand side by side."""
_ICONS: Final[Mapping[str, str]] = {
    Outcome.FIXED: "check",
    Outcome.WORKAROUND: "route",
    Outcome.NO_FAULT_FOUND: "zoom-in",
}
_STEPS: Final[dict[int, int]] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class OutcomeField(QWidget):
    """One outcome is always chosen; a single Tab stop, Left and Right walk along the row."""

    changed = Signal()

    def __init__(
        self, codes: Sequence[ClosureCode], chosen: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Outcome"))
        self._outcome = chosen
        self._words = {code.name: code.shown for code in codes}
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        for outcome in list(self._words)[:_SHOWN]:
            button = self._button(self._words[outcome], _ICONS.get(outcome, "circle-check"))
            button.setProperty("outcome", outcome)
            self.buttons[outcome] = button
            row.addWidget(button)
        self.other = self._button(self.tr("Other"), "ellipsis")
        self.other.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.other)
        for outcome, words in self._words.items():
            if outcome not in self.buttons:
                action = QAction(words, menu)
                action.setData(outcome)
                menu.addAction(action)
        self.other.setVisible(not menu.isEmpty())
        menu.triggered.connect(self._on_other)
        self.other.setMenu(menu)
        row.addWidget(self.other)
        row.addStretch(1)
        self._group.buttonClicked.connect(self._on_clicked)
        self.set_outcome(chosen)

    def outcome(self) -> str:
        """Return the outcome that is chosen."""
        return self._outcome

    def set_outcome(self, outcome: str) -> None:
        """Choose an outcome; one that is not offered leaves the choice as it was."""
        if outcome not in self._words:
            return
        self._outcome = outcome
        chosen = self.buttons.get(outcome, self.other)
        word = self.tr("Other") if outcome in self.buttons else self._words[outcome]
        self.other.setText(word)
        self.other.setAccessibleName(word)
        chosen.setChecked(True)
        for button in (*self.buttons.values(), self.other):
            policy = Qt.FocusPolicy.StrongFocus if button is chosen else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)
        self.setFocusProxy(chosen)
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the neighbour with Left and Right."""
        step = _STEPS.get(event.key())
        if step is None:
            super().keyPressEvent(event)
            return
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            step = -step
        known = list(self._words)
        place = known.index(self._outcome) + step
        if 0 <= place < len(known):
            self.set_outcome(known[place])
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, text: str, icon: str) -> QToolButton:
        button = _Segment(self)
        button.setProperty("kind", "outlined")
        button.setText(text)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setMinimumHeight(theme.current().px(32))
        icons.bind(button, icon)
        self._group.addButton(button)
        return button

    def _on_clicked(self, button: QToolButton) -> None:
        code = button.property("outcome")
        if code:
            self.set_outcome(str(code))
        else:
            self.set_outcome(self._outcome)

    def _on_other(self, action: QAction) -> None:
        self.set_outcome(str(action.data()))


class _Segment(QToolButton):
    """A button that leaves Left and Right to its row."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand the arrow keys on."""
        if event.key() in _STEPS:
            event.ignore()
            return
        super().keyPressEvent(event)
