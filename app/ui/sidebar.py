"""The left pane: where to go, with live counts, who is at the desk, and the door to the palette.

GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, theme
from app.ui.notifications.bell_button import BellButton
from app.ui.views import View
from app.ui.views_list import NARROW, VIEW_ROLE, WIDTH, ViewsDelegate, ViewsList, ViewsModel
from app.ui.widgets.avatar import Avatar

if TYPE_CHECKING:
    from app.ui.views import Sidebar


class SidebarPanel(QWidget):
    """The whole left pane."""

    view_chosen = Signal(object)
    palette_requested = Signal()
    menu_requested = Signal()
    settings_requested = Signal()
    bell_requested = Signal()
    page_requested = Signal(str)
    """A page at the foot was chosen: the id of the command that opens it."""
    move_requested = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Sidebar"))
        self._mark = QLabel(self)
        self._name = QLabel("Incident Desk", self)
        self._name.setFont(theme.current().font("body", 650))
        self.menu = self._tool("menu", self.tr("Menu"))
        self.search = QPushButton(self.tr("Search or run\N{HORIZONTAL ELLIPSIS}"), self)
        self.search.setProperty("kind", "search")
        icons.bind(self.search, "search")
        self._keys = QHBoxLayout(self.search)
        self._keys.setContentsMargins(8, 0, 8, 0)
        self._keys.setSpacing(4)
        self._keys.addStretch(1)
        self.model = ViewsModel(self)
        self.delegate = ViewsDelegate(self)
        self.list = ViewsList(self)
        self.list.setAccessibleName(self.tr("Views"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setStyleSheet("QListView { background: transparent; }")
        self.links = [
            self._link(
                "go.dashboard",
                "chart-no-axes-column",
                self.tr("Dashboard"),
                self.tr("Dashboard (G H)"),
            ),
            self._link("go.problems", "repeat", self.tr("Problems"), self.tr("Problems (G P)")),
            self._link(
                "go.knowledge", "book-open", self.tr("Knowledge"), self.tr("Knowledge (G K)")
            ),
        ]
        self.avatar = Avatar("", 28, self)
        self.person = QLabel(self)
        self.person.setTextFormat(Qt.TextFormat.PlainText)
        self.place = QLabel(self)
        self.place.setProperty("tone", "quiet")
        self.place.setTextFormat(Qt.TextFormat.PlainText)
        self.bell = BellButton(self)
        self.settings = self._tool("settings", self.tr("Settings"))
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.list.move_requested.connect(self.move_requested)
        self.search.clicked.connect(self.palette_requested)
        self.menu.clicked.connect(self.menu_requested)
        self.settings.clicked.connect(self.settings_requested)
        self.bell.clicked.connect(self.bell_requested)
        theme.current().changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_sidebar(self, shown: Sidebar) -> None:
        """Show who is here, the views and their counts; the chosen view stays chosen."""
        chosen = self.current()
        blocked = self.list.selectionModel().blockSignals(True)
        self.model.show_views(shown.views, shown.counts)
        if chosen is not None:
            row = self.model.row_of(chosen.key)
            if row >= 0 and self.list.currentIndex().row() != row:
                self.list.setCurrentIndex(self.model.index(row))
        self.list.selectionModel().blockSignals(blocked)
        self.list.viewport().update()
        self.show_person(shown.person)
        self.place.setText(shown.place)
        self.place.setVisible(bool(shown.place) and not self.delegate.narrow)

    def show_person(self, name: str) -> None:
        """Show who is at the desk."""
        self.avatar.set_name(name)
        self.person.setText(name)

    def show_keys(self, keys: str) -> None:
        """Show the keys of the palette in its button, as the system writes them."""
        while (item := self._keys.takeAt(1)) is not None:
            if (shown := item.widget()) is not None:
                shown.deleteLater()
        for key in keys.split("+") if keys else ():
            cap = QLabel(key, self.search)
            cap.setProperty("kind", "key")
            cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._keys.addWidget(cap, 0, Qt.AlignmentFlag.AlignVCenter)

    def current(self) -> View | None:
        """Return the chosen view."""
        view = self.list.currentIndex().data(VIEW_ROLE)
        return view if isinstance(view, View) else None

    def choose(self, key: str) -> bool:
        """Choose a view by its key; tell whether there is one."""
        row = self.model.row_of(key)
        if row < 0:
            return False
        index = self.model.index(row)
        if self.list.currentIndex() == index:
            self.view_chosen.emit(index.data(VIEW_ROLE))
        else:
            self.list.setCurrentIndex(index)
        return True

    def show_page(self, command_id: str | None) -> None:
        """Show as chosen the way to the page in front; None for the list of the chosen view."""
        self.delegate.elsewhere = command_id is not None
        self.list.viewport().update()
        for link in self.links:
            link.setChecked(link.objectName() == command_id)

    def set_narrow(self, narrow: bool) -> None:
        """Show icons only, with tooltips (ux.md 1, windows of 900 to 1099 px)."""
        self.delegate.narrow = narrow
        for part in (self._name, self._mark, self.search, self.avatar, self.person):
            part.setVisible(not narrow)
        style = Qt.ToolButtonStyle
        for link in self.links:
            link.setToolButtonStyle(
                style.ToolButtonIconOnly if narrow else style.ToolButtonTextBesideIcon
            )
        bar = Qt.ScrollBarPolicy
        # A scroll bar would cover a third of the icons; keys and the wheel scroll without it.
        self.list.setVerticalScrollBarPolicy(
            bar.ScrollBarAlwaysOff if narrow else bar.ScrollBarAsNeeded
        )
        self.place.setVisible(not narrow and bool(self.place.text()))
        across = QHBoxLayout.Direction
        self._foot.setDirection(across.TopToBottom if narrow else across.LeftToRight)
        self.setFixedWidth(theme.current().px(NARROW if narrow else WIDTH))
        self.list.doItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        """Lay the list out anew when the font changes."""
        if event.type() == QEvent.Type.FontChange:
            self.list.doItemsLayout()
        super().changeEvent(event)

    def _tool(self, icon: str, name: str) -> QToolButton:
        button = QToolButton(self)
        icons.bind(button, icon, size=18)
        button.setAccessibleName(name)
        button.setToolTip(name)
        return button

    def _link(self, command_id: str, icon: str, name: str, tip: str) -> QToolButton:
        """Make the way to a page: a line like those of the views."""
        link = self._tool(icon, name)
        link.setText(f"  {name}")  # as far from its icon as a view is
        link.setToolTip(tip)
        link.setObjectName(command_id)
        link.setCheckable(True)
        link.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        link.clicked.connect(self._on_link_clicked)
        return link

    def _on_link_clicked(self) -> None:
        self.page_requested.emit(self.sender().objectName())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 0)
        head.addWidget(self._mark)
        head.addWidget(self._name, 1)
        head.addWidget(self.menu)
        line, second = QFrame(self), QFrame(self)
        for one in (line, second):
            one.setProperty("kind", "line")
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.person)
        names.addWidget(self.place)
        self._foot = foot = QHBoxLayout()
        foot.setContentsMargins(4, 4, 0, 4)
        foot.addWidget(self.avatar)
        foot.addLayout(names, 1)
        foot.addWidget(self.bell)
        foot.addWidget(self.settings)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 6)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(line)
        foot_links = QVBoxLayout()
        foot_links.setSpacing(0)
        for link in self.links:
            foot_links.addWidget(link)
        layout.addLayout(foot_links)
        layout.addWidget(second)
        layout.addLayout(foot)

    def _on_theme_changed(self) -> None:
        now = theme.current()
        self._mark.setPixmap(icons.pixmap("life-buoy", now.tokens.accent, now.px(20)))
        self._name.setFont(now.font("body", 650))
        self.person.setFont(now.font("body", 600))
        self.place.setFont(now.font("small"))
        self.set_narrow(self.delegate.narrow)

    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        view = current.data(VIEW_ROLE)
        if isinstance(view, View):
            self.view_chosen.emit(view)
