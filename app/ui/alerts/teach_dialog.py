"""Teach an alert format: choose a received payload, point at its values, see what they would do.

Enter on a value (or a right click) asks what it is; Alt+1..9 say it at once. What was pointed at is
kept as a draft at every pause, until the format is saved. GUI thread only.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import InvalidInputError
from app.domain.taught_format import TaughtFormat, read_format, write_format
from app.services import alert_teaching, drafts
from app.ui import theme
from app.ui.alerts.example_chooser import ExampleChooser
from app.ui.alerts.payload_model import STEPS_ROLE
from app.ui.alerts.payload_tree import PayloadTree
from app.ui.alerts.taught_fields import TaughtFields, field_labels
from app.ui.importing.dialog_parts import button, label

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex

    from app.services.alert_teaching import Example, Opened
    from app.services.drafts import Draft
    from app.ui.workbench import Workbench

_SIZE = (1040, 660)
_PAUSE_MS = 250
_DRAFT = "alert_format"
_UNNAMED = "format"


class TeachDialog(QDialog):
    """The payload at the left, the fields at the right, what would happen below."""

    saved = Signal(str)
    """A format was kept under this name."""

    def __init__(
        self, workbench: Workbench, parent: QWidget | None = None, *, payload_id: int = 0
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._wanted_id = payload_id
        self._formats: dict[str, TaughtFormat | str] = {}
        self._body = b""
        self._asked = 0
        self._typed = False
        self.setWindowTitle(self.tr("Teach an alert format"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme.current().fit(self, *_SIZE)
        self.source = ExampleChooser(workbench, self)
        self.known = QComboBox(self)
        self.known.setAccessibleName(self.tr("Format to change, or a new one"))
        self.gone = button(self, self.tr("&Remove"), "secondary")
        self.tree = PayloadTree(self)
        self.fields = TaughtFields(self)
        self.problem = label(self, "danger")
        self.problem.hide()
        self.preview = QPlainTextEdit(self)
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setAccessibleName(self.tr("What would happen"))
        self.name = QLineEdit(self)
        self.name.setAccessibleName(self.tr("Name of the format"))
        self.name.setPlaceholderText(self.tr("Backup tool"))
        self.save = button(self, self.tr("&Save format"), "primary")
        self.leave = button(self, self.tr("Close"), "secondary")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._lay_out()
        self._connect()
        self._bench.read(lambda desk: drafts.find(desk, _DRAFT), self._on_draft)
        self._read()
        self.tree.setFocus()

    def _lay_out(self) -> None:
        px = theme.current().px
        head = QHBoxLayout()
        head.setSpacing(px(8))
        caption = QLabel(self.tr("For&mat"), self)
        caption.setProperty("kind", "label")
        caption.setBuddy(self.known)
        head.addWidget(self.source, 3)
        head.addSpacing(px(8))
        head.addWidget(caption)
        head.addWidget(self.known, 1)
        head.addWidget(self.gone)
        hint = QLabel(
            self.tr(
                "Choose a value and press Enter to say what it is; Alt+1 says it is the title."
            ),
            self,
        )
        hint.setProperty("kind", "help")
        hint.setWordWrap(True)
        payload = QLabel(self.tr("&Payload"), self)
        payload.setProperty("kind", "label")
        payload.setBuddy(self.tree)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, px(12), 0)
        column.setSpacing(px(6))
        column.addWidget(payload)
        column.addWidget(self.tree, 1)
        column.addWidget(hint)
        self.parts = QSplitter(Qt.Orientation.Horizontal, self)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(left)
        self.parts.addWidget(self.fields)
        self.parts.setSizes([px(560), px(440)])
        would = QLabel(self.tr("If it came n&ow"), self)
        would.setProperty("kind", "label")
        would.setBuddy(self.preview)
        line = self.fontMetrics().lineSpacing()
        self.preview.setMinimumHeight(line * 2 + px(16))
        self.preview.setMaximumHeight(line * 5 + px(16))
        called = QLabel(self.tr("&Name"), self)
        called.setProperty("kind", "label")
        called.setBuddy(self.name)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addWidget(called)
        foot.addWidget(self.name, 1)
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(14))
        layout.setSpacing(px(8))
        layout.addLayout(head)
        layout.addWidget(self.problem)
        layout.addWidget(self.parts, 1)
        layout.addWidget(would)
        layout.addWidget(self.preview)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.source.chosen.connect(self._on_body)
        self.source.failed.connect(self._on_no_example)
        self.known.currentIndexChanged.connect(self._on_known)
        self.gone.clicked.connect(self._on_remove)
        self.tree.asked.connect(self._on_asked)
        self.fields.changed.connect(self._on_changed)
        self.name.textEdited.connect(self._on_typed)
        self.name.returnPressed.connect(self._on_save)
        self.save.clicked.connect(self._on_save)
        self.leave.clicked.connect(self.reject)
        self._pause.timeout.connect(self._on_pause)
        for number, name in enumerate(field_labels(), 1):
            key = QShortcut(QKeySequence(f"Alt+{number}"), self)
            key.activated.connect(partial(self._point_current, name))
        commit = QShortcut(self)
        commit.setKeys([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        commit.activated.connect(self._on_save)

    # --- what was received, what is known --------------------------------------------------------

    def _read(self) -> None:
        self._bench.read(
            lambda desk: (alert_teaching.examples(desk), alert_teaching.formats(desk)),
            self._on_read,
            key="alert-teaching",
        )

    def _on_read(self, found: tuple[list[Example], dict[str, TaughtFormat | str]]) -> None:
        examples, self._formats = found
        self._offer_formats()
        self.source.offer(examples, self._wanted_id)

    def _offer_formats(self, current: str = "") -> None:
        before = self.known.blockSignals(True)
        self.known.clear()
        self.known.addItem(self.tr("New format"), "")
        for name in self._formats:
            self.known.addItem(name, name)
        self.known.setCurrentIndex(max(0, self.known.findData(current)))
        self.known.blockSignals(before)
        self.gone.setEnabled(bool(self._replaces()))

    def _replaces(self) -> str:
        return str(self.known.currentData() or "")

    def _on_body(self, body: bytes) -> None:
        self._body = body
        opened: Opened | None = None
        try:
            opened = alert_teaching.opened(body)
            self._show_problem("", "")
        except InvalidInputError as error:
            said = self.tr("A format is taught with JSON that can be believed. {0}")
            self._show_problem(said.format(error.message), "danger")
        self.tree.show_document(None if opened is None else opened.document)
        self.fields.show_example(opened)
        self._show_taken()

    def _on_no_example(self, sentence: str) -> None:
        self._show_problem(sentence, "hint" if not self._body else "danger")

    # --- pointing --------------------------------------------------------------------------------

    def _on_asked(self, index: QModelIndex) -> None:
        steps = index.data(STEPS_ROLE)
        if not steps:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        taken = {name for name, place in self.fields.places().items() if place}
        for number, (name, text) in enumerate(field_labels().items(), 1):
            action = menu.addAction(f"{text}\tAlt+{number}")
            action.setCheckable(True)
            action.setChecked(name in taken)
            action.triggered.connect(partial(self._point, name, tuple(steps)))
        menu.popup(self.tree.viewport().mapToGlobal(self.tree.visualRect(index).bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def _point_current(self, name: str) -> None:
        steps = self.tree.currentIndex().data(STEPS_ROLE)
        if steps:
            self._point(name, tuple(steps))

    def _point(self, name: str, steps: tuple[str, ...], _checked: bool = False) -> None:
        self.fields.point(name, steps)
        said = self.tr("{0} is taken from {1}").format(field_labels()[name], "/".join(steps))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def _show_taken(self) -> None:
        labels = field_labels()
        self.tree.payload.show_taken(
            {place: labels[name] for name, place in self.fields.places().items()}
        )
        self._pause.start()

    def _on_changed(self) -> None:
        self._typed = True
        self._show_taken()

    def _on_typed(self) -> None:
        self._typed = True
        self._pause.start()

    def _on_pause(self) -> None:
        """Keep what was pointed at, and ask what it would do."""
        taught = self.fields.taught(" ".join(self.name.text().split()) or _UNNAMED)
        if self._typed:
            self._keep(taught)
        self._asked += 1
        asked, body = self._asked, self._body
        if "title" not in taught.places or not body:
            self.preview.setPlainText(self.tr("Point at the value that says what is wrong."))
            return
        self._bench.write(
            lambda desk: (asked, alert_teaching.foresee(desk, body, taught)),
            self._on_foreseen,
            self._on_not_foreseen,
            quiet=True,
        )

    def _on_foreseen(self, found: tuple[int, list[str]]) -> None:
        if found[0] == self._asked:
            self.preview.setPlainText("\n".join(found[1]))

    def _on_not_foreseen(self, error: Exception) -> None:
        self.preview.setPlainText(str(getattr(error, "message", error)))

    # --- kept ------------------------------------------------------------------------------------

    def _keep(self, taught: TaughtFormat) -> None:
        self._typed = False
        replaces, name = self._replaces(), self.name.text()
        try:
            said = write_format(taught)
        except InvalidInputError:  # without a title there is little to lose
            return
        data = {"name": name, "called": taught.name, "said": said, "replaces": replaces}
        self._bench.write(
            lambda desk: drafts.save(desk, _DRAFT, _DRAFT, data), None, self._on_failed, quiet=True
        )

    def _on_draft(self, draft: Draft | None) -> None:
        if draft is None or self._typed:
            return
        try:
            taught = read_format(str(draft.data["called"]), str(draft.data["said"]))
        except (InvalidInputError, KeyError):
            return
        self.name.setText(str(draft.data.get("name", "")))
        self.fields.show_format(taught)
        self._show_taken()

    def _on_known(self) -> None:
        name = self._replaces()
        found = self._formats.get(name)
        self.gone.setEnabled(bool(name))
        self.name.setText(name)
        self.fields.show_format(found if isinstance(found, TaughtFormat) else None)
        self._show_problem(found if isinstance(found, str) else "", "danger")
        self._forget_draft()
        self._show_taken()

    def _forget_draft(self) -> None:
        self._typed = False
        self._bench.write(lambda desk: drafts.discard(desk, _DRAFT), quiet=True)

    def _on_save(self) -> None:
        taught = self.fields.taught(" ".join(self.name.text().split()))
        if not taught.name:
            self._show_problem(
                self.tr("Give the format a name, such as that of the tool."), "danger"
            )
            self.name.setFocus()
            return
        act = partial(alert_teaching.save, taught=taught, replaces=self._replaces())
        self._bench.write(act, self._on_saved, self._on_failed)

    def _on_saved(self, _changes: object) -> None:
        name = " ".join(self.name.text().split())
        self._pause.stop()
        self._forget_draft()
        self.saved.emit(name)
        self.accept()

    def _on_remove(self) -> None:
        act = partial(alert_teaching.remove, name=self._replaces())
        self._bench.write(act, self._on_removed, self._on_failed)

    def _on_removed(self, _changes: object) -> None:
        self._formats.pop(self._replaces(), None)
        self._offer_formats()
        self._on_known()

    def reject(self) -> None:
        """Close; what was pointed at comes back when this is opened again."""
        if self._pause.isActive():
            self._pause.stop()
            if self._typed:
                self._keep(self.fields.taught(" ".join(self.name.text().split()) or _UNNAMED))
        super().reject()

    def _on_failed(self, error: Exception) -> None:
        self._show_problem(str(getattr(error, "message", error)), "danger")

    def _show_problem(self, sentence: str, tone: str) -> None:
        self.problem.setProperty("tone", tone)
        self.problem.style().unpolish(self.problem)
        self.problem.style().polish(self.problem)
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        if sentence:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))
