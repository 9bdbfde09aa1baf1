"""What stands around the fields of the closing dialog: its head, and the report at the side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.services import reporting
from app.ui import icons, theme
from app.ui.closing.live_page import LivePage
from app.ui.report.report_dialog import ReportDialog
from app.ui.widgets.priority_chip import PriorityChip
from app.ui.widgets.save_place import ask_save_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from app.domain.closure_code import ClosureCodes
    from app.domain.incident_record import Incident
    from app.ui.workbench import Workbench


def codes_box(codes: ClosureCodes, kind: str, held: str | None, usual: str) -> QComboBox:
    """Make a field for a closure code: what is offered, and what the incident holds."""
    box = QComboBox()
    for code in codes.offered_with(kind, held):
        box.addItem(code.shown, code.name)
    choose_code(box, held or codes.usual(kind, usual))
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return box


def choose_code(box: QComboBox, code: str) -> None:
    """Choose a code, if it is offered."""
    place = box.findData(code)
    if place >= 0:
        box.setCurrentIndex(place)


def labelled(
    text: str, field: QWidget, beside: QLabel | None = None, *, focus: QWidget | None = None
) -> QVBoxLayout:
    """Put a label over its field, perhaps with a word at the end of the line."""
    px = theme.current().px
    label = QLabel(text)
    label.setProperty("kind", "label")
    label.setBuddy(focus or field)
    if not field.accessibleName():
        field.setAccessibleName(text.replace("&", ""))
    top = QHBoxLayout()
    top.addWidget(label)
    top.addStretch(1)
    if beside is not None:
        top.addWidget(beside)
    column = QVBoxLayout()
    column.setSpacing(px(4))
    column.addLayout(top)
    column.addWidget(field)
    return column


def checks_column(left: QLabel, bar: QWidget, steps: QWidget) -> QVBoxLayout:
    """Put what is done and what is left over the bar and the steps."""
    px = theme.current().px
    before = QLabel(QCoreApplication.translate("CloseDialog", "Before closing"))
    before.setProperty("kind", "label")
    left.setFont(theme.current().font("small", 500))
    left.setTextFormat(Qt.TextFormat.PlainText)
    left.setWordWrap(True)
    left.setAlignment(Qt.AlignmentFlag.AlignTrailing)
    words = QHBoxLayout()
    words.addWidget(before, 0, Qt.AlignmentFlag.AlignTop)
    words.addWidget(left, 1)
    checks = QVBoxLayout()
    checks.setSpacing(px(5))
    checks.addLayout(words)
    checks.addWidget(bar)
    checks.addWidget(steps)
    return checks


class CloseHead(QWidget):
    """Which incident is resolved: its number, its title and its priority."""

    def __init__(self, incident: Incident, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self.setProperty("edge", "bottom")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        mark = QLabel(self)
        tokens = theme.current().tokens
        mark.setPixmap(icons.pixmap("circle-check", tokens.accent, px(18)))
        heading = QLabel(self.tr("Resolve {0}").format(incident.number), self)
        heading.setProperty("kind", "dialog_title")
        self._title = incident.title
        self.title = QLabel(self)
        self.title.setProperty("tone", "quiet")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setToolTip(incident.title)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.title.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(24), px(14), px(20), px(14))
        row.setSpacing(px(10))
        row.addWidget(mark)
        row.addWidget(heading)
        row.addWidget(self.title, 1)
        row.addSpacing(px(8))
        row.addWidget(PriorityChip(incident.priority, self))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the title at its end where the room ends."""
        super().resizeEvent(event)
        mode, room = Qt.TextElideMode.ElideRight, self.title.width()
        self.title.setText(self.title.fontMetrics().elidedText(self._title, mode, room))


class ReportSide(QWidget):
    """The first page of the report as it will be, how many there are, and where they can go."""

    def __init__(
        self,
        workbench: Workbench,
        number: str,
        typed: Callable[[], dict[str, Any]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        px = theme.current().px
        self._bench, self._number, self._typed = workbench, number, typed
        self.setProperty("ground", "canvas")
        self.setProperty("edge", "leading")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        heading = QLabel(self.tr("Closure report"), self)
        heading.setProperty("kind", "label")
        self.count = QLabel(self)
        self.count.setProperty("tone", "quiet")
        self.count.setFont(theme.current().font("small"))
        self.page = LivePage(workbench, number, typed, self)
        self.page.counted.connect(self._on_counted)
        self.pages = QPushButton(self.tr("All &pages"), self)
        self.save = QPushButton(self.tr("&Save PDF"), self)
        for button, icon in ((self.pages, "file-text"), (self.save, "download")):
            button.setAutoDefault(False)
            icons.bind(button, icon)
        self.pages.clicked.connect(self._on_pages)
        self.save.clicked.connect(self._on_save)
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.addWidget(heading)
        top.addStretch(1)
        top.addWidget(self.count)
        foot.setSpacing(px(8))
        foot.addWidget(self.pages)
        foot.addWidget(self.save)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(14), px(24), px(14))
        column.setSpacing(px(10))
        column.addLayout(top)
        column.addWidget(self.page, 1)
        column.addLayout(foot)

    def save_to(self, path: Path) -> None:
        """Write the report with what is typed to a file and say where it is."""
        number, typed = self._number, self._typed()
        self._bench.write(
            lambda desk: reporting.write_report(desk, number, path, typed=typed),
            self._on_saved,
            quiet=True,
        )

    def _on_counted(self, count: int) -> None:
        self.count.setText(self.tr("Page 1 of {0}").format(count))

    def _on_pages(self) -> None:
        ReportDialog(self._bench, self._number, self, typed=self._typed()).open()

    def _on_save(self) -> None:
        path = ask_save_place(
            self,
            self.tr("Save the report"),
            str(Path.home() / f"{self._number}.pdf"),
            "PDF (*.pdf)",
        )
        if path is not None:
            self.save_to(path)

    def _on_saved(self, facts: dict[str, Any]) -> None:
        self._bench.say(self.tr("Saved as {0}").format(facts["path"]))


class CloseFoot(QWidget):
    """What is left to do in one line, and the three ways out; none of them is ever disabled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self.setProperty("ground", "canvas")
        self.setProperty("edge", "top")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._mark = QLabel(self)
        danger = theme.current().tokens.danger.ink
        self._mark.setPixmap(icons.pixmap("circle-alert", danger, px(16)))
        self.problem = QLabel(self)
        self.problem.setProperty("tone", "danger")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.setProperty("kind", "ghost")
        self.later = QPushButton(self.tr("&Resolve only"), self)
        self.later.setProperty("kind", "secondary")
        self.both = QPushButton(self.tr("Resolve and c&lose"), self)
        self.both.setProperty("kind", "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(24), px(11), px(20), px(11))
        row.setSpacing(px(8))
        row.addWidget(self._mark)
        row.addWidget(self.problem, 1)
        for button in (self.cancel, self.later, self.both):
            button.setAutoDefault(False)
            row.addWidget(button)
        for part in (self.tr("Ctrl"), self.tr("Enter")):
            key = QLabel(part, self)
            key.setProperty("kind", "key")
            row.addWidget(key, 0, Qt.AlignmentFlag.AlignVCenter)

    def say(self, sentence: str) -> None:
        """Show a sentence with its mark; "" takes both away."""
        self.problem.setText(sentence)
        self._mark.setVisible(bool(sentence))
