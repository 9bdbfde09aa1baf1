"""Settings (Ctrl+,): every setting on one searchable page, by section, applied at once (ux.md 2.8).

Lines are generated from `app/domain/settings.py`. Other screens add pages of their own to a
section (`ExtraPage`); one is built when it is first looked at. There is nothing to save and nothing
to lose, so Esc just closes. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.folding import fold
from app.domain.setting import Section
from app.services import configuration
from app.ui import icons
from app.ui.settings import shown
from app.ui.settings.editors import NAMED_KINDS, ChoiceEditor
from app.ui.settings.section_group import SectionGroup
from app.ui.settings.section_list import SectionList

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.desk import Desk
    from app.ui.actions import Actions
    from app.ui.settings.live_settings import LiveSettings
    from app.ui.settings.setting_line import SettingLine
    from app.ui.workbench import Workbench

_SIZE, _SMALLEST = (880, 620), (760, 460)


class ExtraPage(Protocol):
    """A page that another screen adds to a section."""

    @property
    def section(self) -> Section:
        """Return the section that it stands in."""
        ...

    @property
    def title(self) -> str:
        """Return what it is called."""
        ...

    def widget(self, parent: QWidget) -> QWidget:
        """Build the page; called once, when it is first shown."""


class SettingsDialog(QDialog):
    """The sections at the left, their lines at the right, one search over all."""

    def __init__(
        self,
        workbench: Workbench,
        settings: LiveSettings,
        actions: Actions,
        pages: Sequence[ExtraPage] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench, self._settings, self._actions = workbench, settings, actions
        self._pages = list(pages)
        self._built: dict[int, QWidget] = {}
        self.setWindowTitle(self.tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        px = workbench.theme.px
        self.setMinimumSize(*_SMALLEST)
        room = self.screen().availableGeometry().size()
        self.resize(min(px(_SIZE[0]), room.width()), min(px(_SIZE[1]), room.height()))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search settings"))
        self.search.setAccessibleName(self.tr("Search settings"))
        self.search.setClearButtonEnabled(True)
        self.sections = SectionList(self)
        self.groups: dict[Section, SectionGroup] = {}
        self.body = QStackedWidget(self)
        self._lay_out()
        self._fill()
        self.search.textChanged.connect(self._on_search)
        self.search.returnPressed.connect(self._on_search_entered)
        self.sections.currentRowChanged.connect(self._on_section)
        settings.changed.connect(self._on_changed)
        workbench.bus.published.connect(self._on_published)
        self._read_names()
        self.sections.setCurrentRow(0)
        self.search.setFocus()

    # --- what others ask -------------------------------------------------------------------------

    def lines(self) -> Iterator[SettingLine]:
        """Yield every line, in order."""
        for group in self.groups.values():
            yield from group.lines

    def line(self, key: str) -> SettingLine:
        """Return the line of a setting; KeyError for one that is not shown."""
        for line in self.lines():
            if line.setting.key == key:
                return line
        raise KeyError(key)

    def reveal(self, key: str) -> None:
        """Go to the line of a setting and put the focus in its field."""
        line = self.line(key)
        self.search.clear()
        self.sections.choose(line.setting.section)
        self._focus(line)

    # --- building --------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        px = self._bench.theme.px
        side = QWidget(self)
        side.setProperty("ground", "canvas")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(px(200))
        left = QVBoxLayout(side)
        left.setContentsMargins(12, 12, 12, 12)
        left.setSpacing(8)
        left.addWidget(self.search)
        left.addWidget(self.sections, 1)
        self._page = QWidget(self)
        self._page.setProperty("ground", "surface")
        column = QVBoxLayout(self._page)
        column.setContentsMargins(20, 16, 16, 24)
        column.setSpacing(24)
        self._column = column
        self.nothing = QLabel(self._page)
        self.nothing.setWordWrap(True)
        self.nothing.setProperty("tone", "quiet")
        self.nothing.hide()
        self.clear = QPushButton(self.tr("Clear search"), self._page)
        self.clear.setProperty("kind", "link")
        self.clear.setAutoDefault(False)
        self.clear.clicked.connect(self.search.clear)
        self.clear.hide()
        column.addWidget(self.nothing)
        column.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignLeading)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._page)
        self.body.addWidget(self.area)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        layout.addWidget(self.body, 1)

    def _fill(self) -> None:
        settings = shown.visible_settings()
        for section in Section:
            own = [setting for setting in settings if setting.section is section]
            pages = [n for n, page in enumerate(self._pages) if page.section is section]
            if own or section is Section.DATA:
                group = SectionGroup(
                    self._bench, self._settings, self._actions, section, own, self._page
                )
                self.groups[section] = group
                group.command_requested.connect(self._on_command)
                self._column.addWidget(group)
                self.sections.add(shown.section_title(section), section, shown.ICONS[section])
            elif pages:  # its first page is the section itself
                first = pages.pop(0)
                self.sections.add(
                    shown.section_title(section), section, shown.ICONS[section], page=first
                )
            for n in pages:
                self.sections.add(self._pages[n].title, section, page=n)
        self._links: list[tuple[QPushButton, int]] = []
        for n, page in enumerate(self._pages):
            link = QPushButton(page.title, self._page)
            link.setProperty("kind", "link")
            link.setAutoDefault(False)
            icons.bind(link, "arrow-right")
            link.clicked.connect(self._on_link)
            link.hide()
            self._column.insertWidget(n, link, 0, Qt.AlignmentFlag.AlignLeading)
            self._links.append((link, n))
        # What a search finds: pages first, the long table of keys last.
        self._column.addWidget(self.groups[Section.KEYS])
        self._column.addStretch(1)

    def _read_names(self) -> None:
        self._bench.read(_names, self._on_names, key="settings names")

    def _on_names(self, names: dict[str, list[str]]) -> None:
        for line in self.lines():
            kind = NAMED_KINDS.get(line.setting.key)
            if kind and isinstance(line.editor, ChoiceEditor):
                line.editor.offer(names[kind])

    # --- going around ----------------------------------------------------------------------------

    def _on_section(self, _row: int) -> None:
        if self.search.text().strip():
            self.search.clear()  # which shows the section
        else:
            self._show_section()

    def _show_section(self) -> None:
        page, section = self.sections.page(), self.sections.section()
        for link, _n in self._links:
            link.hide()
        for part in (self.nothing, self.clear):
            part.hide()
        for each, group in self.groups.items():
            group.filter_lines("")
            group.setVisible(each.value == section)
        if page is None:
            self.body.setCurrentWidget(self.area)
            self.area.verticalScrollBar().setValue(0)
            return
        if page not in self._built:
            self._built[page] = self._pages[page].widget(self.body)
            self.body.addWidget(self._built[page])
        self.body.setCurrentWidget(self._built[page])

    def _on_search(self, text: str) -> None:
        wanted = fold(text).strip()
        if not wanted:
            self._show_section()
            return
        found = False
        for group in self.groups.values():
            here = group.filter_lines(wanted)
            group.setVisible(here)
            found = found or here
        for link, n in self._links:
            page = self._pages[n]
            here = wanted in fold(f"{page.title} {shown.section_title(page.section)}")
            link.setVisible(here)
            found = found or here
        words = self.tr('No setting matches "{0}".')
        self.nothing.setText("" if found else words.format(text.strip()))
        self.nothing.setVisible(not found)
        self.clear.setVisible(not found)
        self.body.setCurrentWidget(self.area)
        self.area.verticalScrollBar().setValue(0)

    def _on_search_entered(self) -> None:
        """Go to the first match: a page, else a line."""
        for link, _n in self._links:
            if not link.isHidden():
                link.click()
                return
        for line in self.lines():
            if not line.isHidden() and not self.groups[line.setting.section].isHidden():
                self._focus(line)
                return

    def _on_link(self) -> None:
        for link, n in self._links:
            if link is self.sender():
                self.search.clear()
                self.sections.choose_page(n)

    def _on_command(self, command_id: str) -> None:
        if command_id == "file.import":
            self.accept()
        self._actions.run(command_id)

    def _focus(self, line: SettingLine) -> None:
        line.editor.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        # A dialog that was opened a moment ago has its lines in their places only afterwards.
        QTimer.singleShot(0, line, lambda: self.area.ensureWidgetVisible(line))

    # --- following -------------------------------------------------------------------------------

    def _on_changed(self, key: str) -> None:
        for line in self.lines():
            if line.setting.key == key:
                line.show_now()

    def _on_published(self, changes: Any) -> None:
        if changes.kinds & set(NAMED_KINDS.values()):
            self._read_names()


def _names(desk: Desk) -> dict[str, list[str]]:
    """Read the names of what a setting can be set to; runs in the reader lane."""
    return {
        kind: [item.name for item in configuration.items(desk, kind)]
        for kind in NAMED_KINDS.values()
    }
