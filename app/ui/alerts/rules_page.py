"""Rules about alerts as pages of the settings: a list, the fields of one, and what it will do.

Keys: Ctrl+N begins a new rule, Enter in a field keeps it, Delete in the list removes it, Alt+Up and
Alt+Down move it, Ctrl+Z takes the last change back. GUI thread only.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.alert_rules import ORDERED
from app.domain.errors import InvalidInputError
from app.domain.setting import Section
from app.services import alert_tables, undoing
from app.services.alert_tables import MAINTENANCE, ROUTING, SEVERITY, SYSLOG
from app.ui import icons, theme
from app.ui.alerts.rule_fields import RuleFields
from app.ui.widgets.text_table import TextTable, text_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.changes import ChangeSet
    from app.services.alert_tables import Listing, Rule
    from app.ui.workbench import Workbench


def _tr(text: str) -> str:
    return QCoreApplication.translate("RulesPage", text)


class RulesPage:
    """Adds one table of rules to the section for mail and alerts."""

    section = Section.EMAIL_AND_ALERTS

    def __init__(self, bench: Workbench, table: str) -> None:
        self._bench, self._table = bench, table

    @property
    def title(self) -> str:
        """Return what it is called."""
        return {
            SEVERITY: _tr("Alert severities"),
            ROUTING: _tr("Alert routing"),
            MAINTENANCE: _tr("Maintenance"),
            SYSLOG: _tr("System messages"),
        }[self._table]

    @property
    def hint(self) -> str:
        """Return what the rules are for."""
        how = _tr("A pattern is words: host=db* looks at a label, a word alone at the title.")
        return {
            SEVERITY: _tr("How bad a tool's word is. Other words are taken as is usual."),
            ROUTING: _tr("Who takes an alert: the first pattern of the list that fits.")
            + " "
            + how,
            MAINTENANCE: _tr("Alerts in these times open nothing; they are counted.") + " " + how,
            SYSLOG: _tr(
                "When lines of system messages become an incident: by the first rule that is met."
            )
            + " "
            + how,
        }[self._table]

    def widget(self, parent: QWidget) -> QWidget:
        """Build the page."""
        return RulesView(self._bench, self._table, self.title, self.hint, parent)


def rules_pages(bench: Workbench) -> list[RulesPage]:
    """Return the page of each table."""
    return [RulesPage(bench, table) for table in alert_tables.TABLES]


class RulesView(QWidget):
    """One table of rules."""

    def __init__(
        self, bench: Workbench, table: str, title: str, hint: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bench, self._table = bench, table
        self.rules: list[Rule] = []
        self._listing: Listing | None = None
        self._editing = ""
        self._wanted = ""
        px = theme.current().px
        head, below = QLabel(title, self), QLabel(hint, self)
        head.setProperty("kind", "title")
        below.setProperty("kind", "help")
        below.setWordWrap(True)
        self.table = TextTable(self)
        self.view = text_view(title, self.table, self)
        self.view.setSelectionMode(self.view.SelectionMode.SingleSelection)
        self.view.horizontalHeader().setStretchLastSection(True)
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.form = RuleFields(table, self)
        self.preview = QLabel(self)
        self.preview.setWordWrap(True)
        self.preview.setTextFormat(Qt.TextFormat.PlainText)
        self.new = self._button(self.tr("&New rule"), self._on_new)
        self.gone = self._button(self.tr("&Remove"), self._on_remove)
        self.undo = self._button(self.tr("Un&do"), self._on_undo)
        self.keep = self._button(self.tr("&Keep rule"), self._on_keep)
        self.up = self._mover("arrow-up", self.tr("Try earlier (Alt+Up)"), -1)
        self.down = self._mover("arrow-down", self.tr("Try later (Alt+Down)"), +1)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        for part in (self.keep, self.new, self.gone, self.undo, self.up, self.down):
            foot.addWidget(part)
        foot.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 16, 24)
        layout.setSpacing(px(10))
        layout.addWidget(head)
        layout.addWidget(below)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.form)
        layout.addWidget(self.preview)
        layout.addLayout(foot)
        self.form.changed.connect(self._on_typed)
        self.view.selectionModel().currentRowChanged.connect(self._on_row)
        bench.bus.published.connect(self._on_published)
        for key, act, whose in (
            ("Ctrl+N", self._on_new, self),
            ("Ctrl+Z", self._on_undo, self),
            ("Del", self._on_remove, self.view),
            ("Alt+Up", partial(self._move, -1), self.view),
            ("Alt+Down", partial(self._move, +1), self.view),
            ("Return", self._on_keep, self.form),
            ("Enter", self._on_keep, self.form),
        ):
            shortcut = QShortcut(QKeySequence(key), whose)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self.read()

    def _button(self, text: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "secondary")
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _mover(self, icon: str, words: str, steps: int) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setProperty("kind", "outlined")
        button.setVisible(self._table in ORDERED)
        icons.bind(button, icon)
        button.clicked.connect(partial(self._move, steps))
        return button

    # --- reading ---------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the table anew; what is chosen stays chosen."""
        table = self._table
        self._bench.read(
            lambda desk: alert_tables.listing(desk, table), self._on_read, key=f"rules-{table}"
        )

    def _on_read(self, listing: Listing) -> None:
        self._listing, self.rules = listing, listing.rules
        self.form.offer(listing)
        rows = [(one.name, one.sentence) for one in self.rules]
        wanted = self._wanted or self._editing
        self._wanted = ""
        blocked = self.view.selectionModel().blockSignals(True)
        self.table.show_rows((self.tr("Rule"), self.tr("What it does")), rows)
        self.view.setColumnWidth(0, theme.current().px(150))
        self.view.selectionModel().blockSignals(blocked)
        names = [one.name for one in self.rules]
        if wanted in names:
            self.view.selectRow(names.index(wanted))
        elif self.rules and self._editing:
            self.view.selectRow(0)
        elif self._editing or not self.rules:
            self._begin()
        if not self.rules:
            self._say(self.tr("No rule yet. Fill in the fields and press Enter."), "quiet")
        self._show_state()

    def _on_published(self, changes: ChangeSet) -> None:
        if changes.kinds & {"setting", "team", "category"}:
            self.read()

    # --- what is done ----------------------------------------------------------------------------

    def _on_row(self) -> None:
        row = self.view.currentIndex().row()
        if 0 <= row < len(self.rules):
            rule = self.rules[row]
            self._editing = rule.name
            self.form.show_fields(rule.fields)
            self._say(rule.sentence)
        self._show_state()

    def _begin(self) -> None:
        self._editing = ""
        self.view.clearSelection()
        self.form.show_fields({})
        self._say("")
        self._show_state()

    def _on_new(self) -> None:
        self._begin()
        self.form.first().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_typed(self) -> None:
        if self._listing is None:
            return
        try:
            found = alert_tables.sentence(self._table, self.form.fields(), self._listing.matrix)
        except InvalidInputError as error:
            self._say(error.message, "quiet")
        else:
            self._say(found)

    def _on_keep(self) -> None:
        table, fields, replaces = self._table, self.form.fields(), self._editing
        try:
            self._wanted = alert_tables.write(table, fields)[0]
        except InvalidInputError as error:
            self._on_refused(error)
            return
        self._bench.write(
            lambda desk: alert_tables.put(desk, table, fields, replaces=replaces),
            self._on_kept,
            self._on_refused,
        )

    def _on_kept(self, _changes: object) -> None:
        self.read()

    def _on_remove(self) -> None:
        table, name = self._table, self._editing
        if name:
            self._bench.write(
                lambda desk: alert_tables.remove(desk, table, name), None, self._on_refused
            )

    def _move(self, steps: int, _checked: bool = False) -> None:
        table, name = self._table, self._editing
        if name and table in ORDERED:
            self._bench.write(
                lambda desk: alert_tables.move(desk, table, name, steps), None, self._on_refused
            )

    def _on_undo(self) -> None:
        self._bench.write(undoing.undo, None, self._on_refused)

    def _on_refused(self, error: Exception) -> None:
        self._wanted = ""
        self._say(str(getattr(error, "message", error)), "danger")
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.preview.text()))

    def _show_state(self) -> None:
        names = [one.name for one in self.rules]
        place = names.index(self._editing) if self._editing in names else -1
        self.gone.setEnabled(bool(self._editing))
        self.up.setEnabled(place > 0)
        self.down.setEnabled(0 <= place < len(names) - 1)

    def _say(self, sentence: str, tone: str = "") -> None:
        self.preview.setProperty("tone", tone)
        self.preview.style().unpolish(self.preview)
        self.preview.style().polish(self.preview)
        self.preview.setText(sentence)
