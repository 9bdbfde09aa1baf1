"""Ctrl+K: every command, view, person and incident from one field (ux.md section 4).

Prefixes: `>` commands, `@` people, `#` numbers and categories, `:` settings. A command that cannot
run is listed, dimmed, with its reason; one that needs a value asks for it in the same box. Tab
shows what can be done with the chosen incident. It lies over the window, which stays as it is. GUI
thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.folding import fold
from app.ui import icons
from app.ui.palette.delegate import ROW_ROLE, PaletteDelegate
from app.ui.palette.matching import SCATTERED, match
from app.ui.palette.rows import Choice, Row, Step
from app.ui.palette.sources import Found, Host, Sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.closure_code import ClosureCode
    from app.ui.actions import Actions
    from app.ui.workbench import Workbench

_WIDTH, _TOP, _LIST_HEIGHT, _SHADOW = 640, 112, 360, 18
_MOST = 48
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_PageUp: -8,
}


class Palette(QWidget):
    """One field over the window and what answers to it."""

    def __init__(self, workbench: Workbench, actions: Actions, host: Host, over: QWidget) -> None:
        super().__init__(over)
        self._bench, self._actions = workbench, actions
        self._sources = Sources(workbench, actions, host)
        self._recent: list[str] = []
        self._found: Found | None = None
        self._step: Step | None = None
        self._before: QWidget | None = None
        self.setAccessibleName(self.tr("Search or run"))
        self.card = QFrame(self)
        self.card.setProperty("kind", "palette")
        self.prompt = QLabel(self.card)
        self.prompt.setProperty("kind", "key")
        self.line = QLineEdit(self.card)
        self.line.setProperty("kind", "bare")
        self.line.setAccessibleName(self.tr("Search or run"))
        self.line.installEventFilter(self)
        self.list = QListWidget(self.card)
        self.list.setAccessibleName(self.tr("What answers to it"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(PaletteDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = QLabel(self.card)
        self.nothing.setProperty("tone", "hint")
        self.nothing.setMargin(12)
        self._lay_out()
        self.line.textChanged.connect(self._on_text_changed)
        self.line.returnPressed.connect(self.run)
        self.list.itemClicked.connect(self.run)
        actions.triggered.connect(self._on_triggered)
        over.installEventFilter(self)
        self.hide()

    # --- opening and closing ---------------------------------------------------------------------

    def open_at_top(self, text: str = "") -> None:
        """Open over the window, 112 px from its top, with this text in the field."""
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self._begin(None, text)
        self._bench.read(
            lambda desk: desk.rules.codes.offered("outcome"), self._on_outcomes, key="outcomes"
        )
        self._place()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_quietly(self) -> None:
        """Close and give the focus back to where it came from."""
        focused: QWidget | None = self.window().focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self.hide()
        if had_focus and self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_actions(self) -> None:
        """Show again what can be done, now that another incident may be chosen."""
        if self.isVisible() and self._step is None:
            self._fill()

    def _on_outcomes(self, offered: tuple[ClosureCode, ...]) -> None:
        if self._sources.take_outcomes(offered):
            self.show_actions()

    # --- Qt's own --------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window; keep the cursor in the field while the arrows choose."""
        if watched is self.parent():
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._take_key(event)
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close on a click beside the card."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_quietly()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dim the window, and lay the one shadow there is under the card (ux.md 11)."""
        now = self._bench.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dim = QColor(now.colour("shadow"))
        dim.setAlphaF(0.32)
        painter.fillRect(self.rect(), dim)
        painter.setPen(Qt.PenStyle.NoPen)
        dim.setAlphaF(0.03)
        painter.setBrush(dim)
        around = QRectF(self.card.geometry())
        for reach in range(2, now.px(_SHADOW), 2):
            box = around.adjusted(-reach, -reach + 4, reach, reach + 4)
            painter.drawRoundedRect(box, 12 + reach, 12 + reach)

    # --- doing -----------------------------------------------------------------------------------

    def run(self, *_item: object) -> None:
        """Run the chosen line, or ask for its value in the same box."""
        row = self._row()
        if row is None:
            return
        if row.reason:
            self._bench.say(row.reason, "warn")
        elif row.step is not None:
            self._begin(row.step)
        elif row.run is not None:
            self.close_quietly()
            row.run()

    def _take_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _MOVES:
            self._move(_MOVES[key])
            return True
        if key == Qt.Key.Key_Escape:
            if self._step is not None:
                self._begin(None)
            else:
                self.close_quietly()
            return True
        if key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            self._show_actions_of_item()
            return True
        if key == Qt.Key.Key_Backspace and self._step is not None and not self.line.text():
            self._begin(None)
            return True
        return False

    def _show_actions_of_item(self) -> None:
        """Choose the incident of the line and list what can be done with it."""
        row = self._row()
        if row is not None and row.incident is not None:
            self._bench.open_incident(row.incident, reveal=True)
            self.line.setText("")
            self.line.setFocus()

    def _move(self, by: int) -> None:
        """Go up or down over the headings."""
        step = 1 if by > 0 else -1
        places = [n for n in range(self.list.count()) if self._row(n) is not None]
        if not places:
            return
        now = self.list.currentRow()
        at = places.index(now) if now in places else -step
        for _ in range(abs(by)):
            at = min(max(at + step, 0), len(places) - 1)
        self.list.setCurrentRow(places[at])
        if at == 0:
            self.list.scrollToTop()

    def _row(self, n: int | None = None) -> Row | None:
        item: QListWidgetItem | None = self.list.currentItem() if n is None else self.list.item(n)
        row = item.data(ROW_ROLE) if item is not None else None
        return row if isinstance(row, Row) else None

    # --- what answers ----------------------------------------------------------------------------

    def _begin(self, step: Step | None, text: str = "") -> None:
        """Begin anew, or with the question of a step."""
        self._step = step
        self.prompt.setText(step.prompt if step is not None else "")
        self.prompt.setVisible(step is not None)
        hint = self.tr("A command, a view, a person, an incident")
        self.line.setPlaceholderText(self.tr("Type a few letters") if step is not None else hint)
        if self.line.text() != text:
            self.line.setText(text)
        else:
            self._on_text_changed(text)

    def _on_text_changed(self, text: str) -> None:
        step = self._step
        if step is not None:
            self._bench.read(
                lambda desk: (step, text, step.offer(desk, text)), self._on_offered, key="palette"
            )
            return
        self._fill()
        if text.strip() and text[:1] not in {">", ":"}:
            self._bench.read(self._sources.asks(text), self._on_found, key="palette")

    def _on_offered(self, offered: tuple[Step, str, list[Choice]]) -> None:
        step, text, choices = offered
        if step is not self._step or text != self.line.text():
            return
        folded = fold(text)
        rows = []
        for choice in choices:
            hit = match(choice.title, folded) if folded else None

            def run(value: object = choice.value) -> None:
                step.take(value)

            spots = hit.spots if hit is not None else ()
            row = Row(choice.title, "", choice.title, "chevron-right", run, aside=choice.aside)
            rows.append(row._replace(spots=spots))
        self._show(rows)

    def _on_found(self, found: Found) -> None:
        if self._step is None and found.text == self.line.text():
            self._found = found
            self._fill()

    def _fill(self) -> None:
        text = self.line.text()
        sign = text[:1] if text[:1] in set(">@#:") else ""
        wanted = fold(text.lstrip(">@#:").strip())
        found = self._found if self._found is not None and self._found.text == text else None
        commands, places, settings = self._answering(sign, wanted)
        rows = commands if wanted or sign else self._suiting()
        subject = self._sources.subject()
        mine = [row for row in rows if subject and row.group == subject]
        others = [row for row in rows if not (subject and row.group == subject)]
        lately = [row for row in others if not wanted and not sign]
        others = [row for row in others if row not in lately]
        shown = [*lately, *mine]
        if found is not None:
            shown += [*found.incidents, *found.categories, *found.people]
        if sign == ">":
            others += places
        else:
            shown += places
        self._show([*shown, *others, *settings])

    def _answering(self, sign: str, wanted: str) -> tuple[list[Row], list[Row], list[Row]]:
        """Return the commands, places and settings that answer; guesses where nothing else does."""
        sources, plain = self._sources, bool(wanted and not sign)
        groups = [
            self._matching(sources.commands(), wanted) if sign in {"", ">"} else [],
            self._matching(sources.places(), wanted) if plain or sign == ">" else [],
            self._matching(sources.settings(), wanted) if plain or sign == ":" else [],
        ]
        sure = any(rank < SCATTERED for found in groups for rank, _ in found)
        commands, places, settings = (
            [row for rank, row in found if rank < SCATTERED or not sure][:_MOST] for found in groups
        )
        return commands, places, settings

    def _suiting(self) -> list[Row]:
        """Return the last commands, then what suits the chosen incidents."""
        last = self._sources.recent(self._recent)
        known = {row.key for row in last}
        rest = [row for row, _, _ in self._sources.commands() if row.key not in known]
        subject = self._sources.subject()
        rest = [row for row in rest if not row.reason and (row.group == subject or not subject)]
        return last + rest[:_MOST]

    def _matching(
        self, offered: Iterable[tuple[Row, tuple[str, ...], int]], wanted: str
    ) -> list[tuple[int, Row]]:
        """Return what answers with its rank, the best first."""
        ranked = []
        for row, aliases, used in offered:
            hit = match(row.title, wanted, aliases)
            if hit is not None:
                order = (hit.rank, bool(row.reason), -used, row.title)
                ranked.append((order, row._replace(spots=hit.spots)))
        return [(order[0], row) for order, row in sorted(ranked, key=lambda one: one[0])]

    def _show(self, rows: list[Row]) -> None:
        """Show lines under the headings of their groups; the chosen one stays chosen."""
        kept = self._row()
        at_first = self.list.currentRow() <= 1
        self.list.clear()
        group = ""
        for row in rows:
            if row.group != group:
                group = row.group
                heading = QListWidgetItem(group, self.list)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
            item = QListWidgetItem(row.spoken(), self.list)
            item.setData(ROW_ROLE, row)
            item.setToolTip(row.reason)
            if kept is not None and row.key == kept.key and not at_first:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0:
            self._move(1)
        self.nothing.setVisible(not rows)
        self.nothing.setText(self.tr("Nothing answers to that. Esc closes."))
        self._place()

    def _on_triggered(self, command_id: str) -> None:
        if command_id != "app.palette":
            kept = [name for name in self._recent if name != command_id]
            self._recent = [command_id, *kept][:5]

    # --- building --------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        mark, escape = QLabel(self.card), QLabel(self.tr("Esc"), self.card)
        self._mark = mark
        escape.setProperty("kind", "key")
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 12)
        head.setSpacing(12)
        for part in (mark, self.prompt, self.line, escape):
            stretch = 1 if part is self.line else 0
            head.addWidget(part, stretch, Qt.AlignmentFlag.AlignVCenter)
        rule = QFrame(self.card)
        rule.setProperty("kind", "line")
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 8, 20, 10)
        moves = self.tr("\u2191 \u2193 move    Enter run    Tab actions for the item")
        prefixes = self.tr("> commands   @ people   # incidents   : settings")
        for text, stretch in ((moves, 1), (prefixes, 0)):
            label = QLabel(text, self.card)
            label.setProperty("tone", "quiet")
            foot.addWidget(label, stretch)
        inner = QVBoxLayout(self.card)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        body = QVBoxLayout()
        body.setContentsMargins(8, 6, 8, 6)
        body.addWidget(self.list)
        body.addWidget(self.nothing)
        inner.addLayout(head)
        inner.addWidget(rule)
        inner.addLayout(body)
        inner.addLayout(foot)

    def _place(self) -> None:
        now = self._bench.theme
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        self._mark.setPixmap(icons.pixmap("search", now.tokens.text2, now.px(18)))
        width = min(now.px(_WIDTH), self.width() - 32)
        top = min(now.px(_TOP), self.height() // 8)
        wanted = sum(self.list.sizeHintForRow(n) for n in range(self.list.count())) + 4
        room = self.height() - top - now.px(130)
        self.list.setFixedHeight(max(min(wanted, now.px(_LIST_HEIGHT), room), 0))
        self.card.adjustSize()
        height = self.card.sizeHint().height()
        self.card.setGeometry((self.width() - width) // 2, top, width, height)
        self.update()  # the shadow of the card's former size
