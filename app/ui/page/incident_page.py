"""The incident as a full page: head and fields left, timeline in the middle, the rest right.

In a narrow window the lists of the right side become tabs beside the timeline (ux.md 2.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, theme
from app.ui.detail.incident_panel import IncidentPanel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

WIDE = 940
"""Width in px from which three columns have room."""
_LEFT = (336, 420)
_RIGHT = (300, 360)


class IncidentPage(IncidentPanel):
    """All of one incident at a glance."""

    left = Signal()
    """Esc was pressed, or the way back was clicked."""

    def arrange(self, page: QWidget) -> None:
        """Place the parts in columns."""
        now = theme.current()
        self._wide: bool | None = None
        self._words: dict[QWidget, str] = {}
        self.back = QToolButton(page)
        self.back.setAccessibleName(self.tr("Back to the list"))
        self.back.setToolTip(self.tr("Back to the list (Esc)"))
        icons.bind(self.back, "arrow-left")
        self.back.clicked.connect(self.left)
        self.header.lead_with(self.back)
        self._side = QScrollArea(page)
        self._side.setWidgetResizable(True)
        self._side.setFrameShape(QFrame.Shape.NoFrame)
        self._side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget(self._side)
        inner.setProperty("ground", "surface")
        fields = QVBoxLayout(inner)
        fields.setContentsMargins(16, 10, 16, 12)
        fields.setSpacing(10)
        fields.addWidget(self.header)
        for rows in (self.grid, self.more, self.texts):
            fields.addWidget(rows)
        fields.addStretch(1)
        self._side.setWidget(inner)
        self.story = QWidget(page)
        self.story.setAccessibleName(self.tr("Timeline"))
        told = QVBoxLayout(self.story)
        told.setContentsMargins(0, 4, 0, 0)
        told.setSpacing(6)
        told.addWidget(self.choice.row(self.story))
        told.addWidget(self.timeline, 1)
        self._middle = QVBoxLayout()
        self._middle.setContentsMargins(16, 10, 16, 12)
        self._middle.setSpacing(8)
        self._right = QWidget(page)
        self._lists = QVBoxLayout(self._right)
        self._lists.setContentsMargins(16, 14, 16, 12)
        self._lists.setSpacing(6)
        self._headings: dict[QWidget, QLabel] = {}
        for part in (self.similar, self.files, self.checks):
            heading = QLabel(self._right)
            heading.setProperty("kind", "label")
            self._lists.addWidget(heading)
            self._headings[part] = heading
        self._heading = self._headings[self.story] = QLabel(page)
        self._heading.setProperty("kind", "label")
        columns = QHBoxLayout(page)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self._side)
        columns.addWidget(_line(page))
        columns.addLayout(self._middle, 1)
        self._edge = _line(page)
        columns.addWidget(self._edge)
        columns.addWidget(self._right)
        self._middle.addWidget(self._heading)
        self._middle.addWidget(self.tabs, 1)
        self._middle.addWidget(self.composer)
        self._fit(now.px(WIDE))

    def reading_order(self) -> list[QWidget]:
        """Return the parts from the left column to the right one."""
        left: list[QWidget] = [self.back, self.header, self.grid, self.more, self.texts]
        right: list[QWidget] = [self.similar, self.files, self.checks]
        return [*left, self.tabs, self.story, self.composer, *right]

    def show_counts(self, words: dict[QWidget, str]) -> None:
        """Write what each part holds over it, or on its tab."""
        self._words = {
            self.story if part is self.timeline else part: text for part, text in words.items()
        }
        super().show_counts(self._words)
        for part, text in self._words.items():
            self._headings[part].setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from the composer to the timeline with Esc, from there back."""
        if event.key() == Qt.Key.Key_Escape:
            focused = self.focusWidget()
            if focused is self.composer.text and focused.hasFocus():
                self.timeline.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self.left.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the columns out for the new width."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        now = theme.current()
        wide = width >= now.px(WIDE)
        side = round(width * (0.36 if wide else 0.42))
        self._side.setFixedWidth(min(max(side, now.px(_LEFT[0])), now.px(_LEFT[1])))
        self._right.setFixedWidth(
            min(max(round(width * 0.25), now.px(_RIGHT[0])), now.px(_RIGHT[1]))
        )
        if wide == self._wide:
            return
        self._wide = wide
        focused: QWidget | None = self.focusWidget()
        lists = (self.similar, self.files, self.checks)
        if wide:
            self._middle.insertWidget(1, self.story, 1)
            self.story.show()
            for part, stretch in zip(lists, (4, 3, 4), strict=True):
                self._lists.insertWidget(
                    self._lists.indexOf(self._headings[part]) + 1, part, stretch
                )
                part.show()
        else:
            for part in (self.story, *lists):
                self.tabs.addTab(part, "")
            super().show_counts(self._words)
        self.tabs.setVisible(not wide)
        self._heading.setVisible(wide)
        self._right.setVisible(wide)
        self._edge.setVisible(wide)
        if focused is not None and self.isVisible():
            focused.setFocus(Qt.FocusReason.OtherFocusReason)


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("kind", "edge")
    line.setFixedWidth(1)
    return line
