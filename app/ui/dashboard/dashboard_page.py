"""The dashboard in place of list and detail: figures, charts, or all of it as a table (ux.md 2.7).

Figures are read in the reader lane and read again when the bus tells of a change; nothing is
counted on this thread. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.dashboard_values import NEEDED
from app.services import dashboard
from app.ui import icons, theme
from app.ui.dashboard.card import CardPanel
from app.ui.dashboard.drawings import Bars, Hours, Tiles
from app.ui.dashboard.figures_table import FiguresTable
from app.ui.dashboard.flow_drawing import FlowDrawing
from app.ui.dashboard.likely_band import LikelyBand
from app.ui.dashboard.mark_view import MarkView
from app.ui.dashboard.team_choice import TeamChoice
from app.ui.widgets.save_place import ask_save_place

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent

    from app.domain.changes import ChangeSet
    from app.domain.dashboard_values import Board, Mark
    from app.domain.forecast import Forecast
    from app.services.desk import Desk
    from app.ui.workbench import Workbench

SOON_MS = 400
"""So long after a change the figures are read again; more changes in that time are one."""
WIDE = 960
"""From this width on three cards stand side by side, px at 100 % text size."""


class DashboardPage(QWidget):
    """The whole page."""

    place = "go.dashboard"
    """The way here in the sidebar."""

    list_requested = Signal(str)
    """A filter that lists the incidents behind a figure."""
    problem_opened = Signal(object)
    """A problem was opened from the band: its id."""
    print_requested = Signal(int, str)
    """The report of the last so many days is to be printed, over the incidents of a filter."""
    shown = Signal()
    """Fresh figures are on the page."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self.days = 28
        self.board: Board | None = None
        self._columns = 0
        self._stale = True
        self._focus_soon = False
        self.setProperty("ground", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Dashboard"))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._build()
        self._soon.timeout.connect(self.read)
        workbench.bus.published.connect(self._on_published)
        theme.current().changed.connect(self._on_theme_changed)

    def read(self) -> None:
        """Read the figures, then what recurs and what may come."""
        days, team = self.days, self.team.team
        self._stale = False
        self._bench.read(
            lambda desk: dashboard.read(desk, days, team), self._on_read, key="dashboard"
        )
        self.team.read()

    def toggle_table(self) -> None:
        """Show the table in place of the cards, or the cards again."""
        if self.table_button.isEnabled():
            self.table_button.setChecked(not self.table_button.isChecked())

    def focus_first(self) -> None:
        """Put the focus on the figures."""
        self._focus_soon = self.board is None
        target = self.table if self.table_button.isChecked() else self.tiles
        (target if self._body.currentWidget() is not self.empty else self.period).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    def item_views(self) -> list[Any]:
        """Return the lists whose letters belong to the window."""
        return [self.tiles, *(card.view for card in self.cards.values()), self.table]

    # --- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        title = QLabel(self.tr("Dashboard"), self)
        title.setProperty("kind", "title")
        self.period = QComboBox(self)
        self.period.setAccessibleName(self.tr("Period"))
        for days in dashboard.PERIODS:
            self.period.addItem(self.tr("Last {0} days").format(days), days)
        self.period.setCurrentIndex(dashboard.PERIODS.index(self.days))
        self.team = TeamChoice(self._bench, self)
        self.table_button = self._button("columns-3", self.tr("Table view"))
        self.table_button.setToolTip(self.tr("Table view (T)"))
        self.table_button.setCheckable(True)
        self.export = self._button("download", self.tr("Export..."))
        self.print = self._button("printer", self.tr("Print..."))
        self.print.setToolTip(self.tr("Print the period as a report"))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title)
        head.addWidget(self.period)
        head.addWidget(self.team)
        head.addStretch(1)
        head.addWidget(self.table_button)
        head.addWidget(self.export)
        head.addWidget(self.print)
        self.band = LikelyBand(self._bench, self)
        self._inside = QWidget(self)
        self._drawing = Tiles()
        self.tiles = MarkView(self._drawing, days_told=True, parent=self._inside)
        self.tiles.setAccessibleName(self.tr("Figures"))
        self.forecast = QLabel(self._inside)
        self.forecast.setProperty("tone", "quiet")
        self.forecast.setWordWrap(True)
        self.cards = {
            key: CardPanel(key, drawing, self._inside)
            for key, drawing in (
                ("flow", FlowDrawing()),
                ("sla", Bars()),
                ("waits", Bars(2)),
                ("arrivals", Hours()),
                ("categories", Bars()),
                ("workload", Bars()),
                ("teams", Bars(2)),
                ("quality", Bars()),
                ("services", Bars()),
            )
        }
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(self.tiles)
        inside.addLayout(self._grid)
        inside.addWidget(self.forecast)
        inside.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setStyleSheet("QScrollArea { background: transparent; }")
        self._inside.setProperty("ground", "canvas")
        self._inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.area.setWidget(self._inside)
        self.table = FiguresTable(self)
        self.empty = QLabel(self)
        self.empty.setText(self.tr("Reading the figures..."))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._body = QStackedWidget(self)
        for part in (self.empty, self.area, self.table):
            self._body.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 12)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.band)
        layout.addWidget(self._body, 1)
        self.period.currentIndexChanged.connect(self._on_period_changed)
        self.team.chosen.connect(self._on_team_chosen)
        self.table_button.toggled.connect(self._on_table_toggled)
        self.export.clicked.connect(self._on_export)
        self.print.clicked.connect(self._on_print)
        self.band.opened.connect(self._on_problem_opened)
        self.band.list_requested.connect(self.list_requested)
        self.tiles.opened.connect(self._on_opened)
        self.table.opened.connect(self._on_opened)
        for card in self.cards.values():
            card.opened.connect(self._on_opened)
        self._lay_cards()
        self._show_body()

    def _button(self, icon: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        icons.bind(button, icon)
        return button

    def _lay_cards(self) -> None:
        columns = 3 if self.width() >= theme.current().px(WIDE) else 2
        if columns == self._columns:
            return
        self._columns = columns
        place = 0
        for key, card in self.cards.items():
            span = 2 if key == "flow" else 1
            if place % columns + span > columns:
                place += columns - place % columns
            self._grid.addWidget(card, place // columns, place % columns, 1, span)
            place += span
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
            self._grid.setColumnMinimumWidth(column, 0)

    def _show_body(self) -> None:
        enough = self.board is not None and self.board.has_enough
        for part in (self.table_button, self.export, self.print):
            part.setEnabled(enough)
        if not enough:
            self.band.hide()
            self._body.setCurrentWidget(self.empty)
        else:
            table = self.table_button.isChecked()
            self._body.setCurrentWidget(self.table if table else self.area)

    # --- what has arrived ------------------------------------------------------------------------

    def _on_read(self, board: Board) -> None:
        self.board = board
        self._show_body()
        if self._focus_soon and self.period.hasFocus():
            self.focus_first()  # the figures were not there yet when the page was opened
        if not board.has_enough:
            text = self.tr("Needs {0} resolved incidents; you have {1}.")
            self.empty.setText(text.format(NEEDED, board.resolved))
            self.shown.emit()
            return
        self._drawing.days = self.days
        self.tiles.show_marks(board.card("figures").marks, self.days)
        for key, card in self.cards.items():
            card.show_card(board.card(key), self.days)
        if self.table_button.isChecked():
            self.table.show_board(board)
        self.shown.emit()
        self.band.read()
        self._bench.read(dashboard.arrivals_forecast, self._on_forecast, key="dashboard-forecast")

    def _on_forecast(self, found: Forecast) -> None:
        self.forecast.setText(found.sentence())

    def _on_published(self, _changes: ChangeSet) -> None:
        self._stale = True
        if self.isVisible():
            self._soon.start()

    # --- the person ------------------------------------------------------------------------------

    def _on_period_changed(self, _index: int) -> None:
        self.days = int(self.period.currentData())
        self.read()

    def _on_team_chosen(self, _team: str) -> None:
        self.read()

    def _on_table_toggled(self, on: bool) -> None:
        if on and self.board is not None and self.board.has_enough:
            self.table.show_board(self.board)
        self._show_body()
        self.focus_first()

    def _on_opened(self, mark: Mark) -> None:
        if not mark.ids:
            self._bench.say(self.tr("No incidents are behind this figure."))
            return
        self.list_requested.emit(dashboard.filter_of(self.days, mark.key, self.team.team))

    def _on_print(self) -> None:
        self.print_requested.emit(self.days, dashboard.team_filter(self.team.team))

    def _on_problem_opened(self, changes: ChangeSet) -> None:
        self.problem_opened.emit(changes.ids["problem"][0])

    def _on_export(self) -> None:
        board = self.board
        title = self.tr("Export the figures")
        path = ask_save_place(self, title, "dashboard.csv", "CSV (*.csv)")
        if path is None or board is None:
            return

        def export(_desk: Desk) -> None:
            dashboard.export_csv(board, path)

        self._bench.run_long(export, self._on_exported)

    def _on_exported(self, _nothing: object) -> None:
        self._bench.say(self.tr("The figures were exported."), "ok")

    def _on_theme_changed(self) -> None:
        self.tiles.lay()
        for card in self.cards.values():
            card.view.lay()

    # --- Qt's own --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take T for the table view."""
        if event.text().casefold() == "t" and not event.modifiers():
            self.toggle_table()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put three cards side by side, or two."""
        super().resizeEvent(event)
        self._lay_cards()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while another page was in front."""
        super().showEvent(event)
        if self._stale:
            self.read()
