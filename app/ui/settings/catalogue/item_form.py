"""The fields of one item, written as each is left; a refusal stands under its field.

What was typed and refused is kept with its item while others are looked at. One write is under way
at a time, so that answers come in the order of the questions. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.domain.folding import fold
from app.services import cataloguing
from app.ui import theme
from app.ui.new_incident.field_box import FieldBox
from app.ui.settings.catalogue.field_editors import Editor, FlagField, TextField, as_editor

if TYPE_CHECKING:
    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.services.cataloguing import Entry
    from app.ui.settings.catalogue.page import Listing, PageSpec
    from app.ui.workbench import Workbench

Values = dict[str, Any]


class _Kept(NamedTuple):
    """What was typed about an item and refused."""

    values: Values
    field: str
    sentence: str


class ItemForm(QWidget):
    """Shows one item or a new one, and writes what changes."""

    added = Signal(object)
    """The id of an item that was just made."""

    def __init__(self, bench: Workbench, spec: PageSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._spec = bench, spec
        self._uid: EntityId | None = None
        self._is_new = False
        self._filling = False
        self._base: Values = {}
        self._kept: dict[EntityId | None, _Kept] = {}
        self._waiting: dict[EntityId | None, Values] = {}
        self._flight: tuple[EntityId | None, Values] | None = None
        self.boxes: dict[str, FieldBox] = {}
        self.heading = QLabel(self)
        self.heading.setProperty("kind", "dialog_title")
        self.heading.setWordWrap(True)
        self.used = QLabel(self)
        self.used.setProperty("tone", "quiet")
        self.used.setWordWrap(True)
        self._hints: dict[str, str] = {}
        layout = QVBoxLayout(self)
        px = theme.current().px
        layout.setContentsMargins(px(16), px(4), px(16), px(16))
        layout.setSpacing(px(12))
        layout.addWidget(self.heading)
        for each in spec.fields:
            widget = each.make(self)
            box = FieldBox("" if isinstance(widget, FlagField) else f"&{each.label}", widget, self)
            widget.setObjectName(each.name)
            if isinstance(widget, FlagField):
                widget.setAccessibleName(widget.text())
                box.label.hide()
            self._hints[each.name] = each.hint
            box.say_beside(each.hint)
            as_editor(widget).committed.connect(self._on_committed)
            self.boxes[each.name] = box
            layout.addWidget(box)
        layout.addWidget(self.used)
        layout.addStretch(1)

    @property
    def uid(self) -> EntityId | None:
        """Return the item that is shown, None for a new one or none."""
        return self._uid

    @property
    def is_new(self) -> bool:
        """Tell whether a new item is being written."""
        return self._is_new

    def editor(self, name: str) -> Editor:
        """Return a field."""
        return as_editor(self.boxes[name].field)

    # --- showing ---------------------------------------------------------------------------------

    def take_names(self, listing: Listing) -> None:
        """Offer the names that fields may choose from."""
        self._filling = True
        for each in self._spec.fields:
            if each.offers:
                self.editor(each.name).offer(listing.names.get(each.offers, []))
        self._filling = False

    def show_entry(self, entry: Entry | None, listing: Listing) -> None:
        """Show an item, or none; what is being typed about the same one stays."""
        if entry is not None and entry.id == self._uid and not self._is_new:
            self._refresh(self._values_of(entry.name, entry.data))
        else:
            self._put_by()
            self._is_new = False
            self._uid = None if entry is None else entry.id
            self._fill({} if entry is None else self._values_of(entry.name, entry.data))
            self._bring_back()
        self.setEnabled(entry is not None)
        self.heading.setText("" if entry is None else entry.name)
        self.used.setText("" if entry is None else self._uses(entry))
        said = {} if entry is None else listing.said.get(entry.id, {})
        for name, box in self.boxes.items():
            box.say_beside(said.get(name) or self._hints[name])

    def begin_new(self, listing: Listing) -> None:
        """Begin a new item; it is made when its name is there and left."""
        self._put_by()
        self._uid, self._is_new = None, True
        self._fill(self._values_of("", self._spec.defaults(listing)))
        self._bring_back()
        self.setEnabled(True)
        self.heading.setText(self.tr("New {0}").format(self._spec.one))
        self.used.setText("")
        for name, box in self.boxes.items():
            box.say_beside(self._hints[name])
        self.focus_first(select=True)

    def focus_first(self, *, select: bool = False) -> None:
        """Put the cursor into the first field."""
        first = next(iter(self.boxes.values())).field
        first.setFocus()
        if select and isinstance(first, TextField):
            first.selectAll()

    def _values_of(self, name: str, data: Values) -> Values:
        return {each: name if each == "name" else data.get(each) for each in self.boxes}

    def _fill(self, values: Values) -> None:
        self._filling = True
        for name in self.boxes:
            self.boxes[name].show_problem("")
            self.editor(name).show_value(values.get(name))
        self._base = self.values()
        self._filling = False
        self._show_fitting()

    def _refresh(self, values: Values) -> None:
        """Take over what the store says now, but for fields that say something else already.

        The text of a field that means nothing now stays too, for when it means something again.
        """
        self._filling = True
        for each in self._spec.fields:
            name, editor = each.name, self.editor(each.name)
            if each.shown is not None and not each.shown(values):
                self._base[name] = type(editor.value())()
            elif editor.value() == self._base.get(name):
                typed = editor.value()
                editor.show_value(values.get(name))
                self._base[name] = editor.value()
                if typed != editor.value():
                    self.boxes[name].show_problem("")
        self._filling = False
        self._show_fitting()

    def _uses(self, entry: Entry) -> str:
        parts = []
        if entry.incidents:
            parts.append(self.tr("%n incident(s)", "", entry.incidents))
        parts += entry.named_by[:8]
        if len(entry.named_by) > 8:
            parts.append(self.tr("%n more", "", len(entry.named_by) - 8))
        return self.tr("Used by {0}.").format(", ".join(parts)) if parts else ""

    def _show_fitting(self) -> None:
        """Show the fields that mean something beside the others."""
        values = self.values()
        for each in self._spec.fields:
            if each.shown is not None:
                self.boxes[each.name].setVisible(each.shown(values))

    # --- what was refused ------------------------------------------------------------------------

    def _put_by(self) -> None:
        """Keep what stands here and was refused, with its item."""
        if self._uid is None and not self._is_new:
            return
        typed = {name: now for name, now in self.values().items() if now != self._base.get(name)}
        wrong = next((name for name, box in self.boxes.items() if box.problem.text()), "")
        if typed and wrong:
            sentence = self.boxes[wrong].problem.text()
            self._kept[self._uid] = _Kept(typed, wrong, sentence)
        else:
            self._kept.pop(self._uid, None)

    def _bring_back(self) -> None:
        kept = self._kept.pop(self._uid, None)
        if kept is not None:
            self._filling = True
            for name, value in kept.values.items():
                self.editor(name).put(value)
            self._filling = False
            self._show_fitting()
            self._show_problem(kept.field, kept.sentence)

    def _show_problem(self, field: str, sentence: str) -> None:
        for box in self.boxes.values():
            box.show_problem("")
        name = field if field in self.boxes else next(iter(self.boxes))
        self.boxes[name].show_problem(sentence)

    # --- writing ---------------------------------------------------------------------------------

    def values(self) -> Values:
        """Return what stands in the fields."""
        return {name: self.editor(name).value() for name in self.boxes}

    def commit(self) -> None:
        """Write what stands in the fields now, although none was left (the page goes away)."""
        self._on_committed()

    def _on_committed(self) -> None:
        if self._filling or (self._uid is None and not self._is_new):
            return
        self._show_fitting()
        values = self._fitting(self.values())
        changes = {name: now for name, now in values.items() if now != self._base.get(name)}
        if self._is_new:
            if self._spec.is_named and not fold(str(values["name"])):
                return
            changes = values
        elif not changes:
            for box in self.boxes.values():
                box.show_problem("")
            return
        self._waiting[self._uid] = changes
        self._write_next()

    def _fitting(self, values: Values) -> Values:
        """Empty what means nothing beside the others (the choices of a number)."""
        for each in self._spec.fields:
            if each.shown is not None and not each.shown(values) and values[each.name]:
                values[each.name] = type(values[each.name])()
        return values

    def _write_next(self) -> None:
        if self._flight is not None or not self._waiting:
            return
        uid = next(iter(self._waiting))
        changes = self._waiting.pop(uid)
        self._flight = (uid, changes)
        kind = self._spec.kind
        if uid is None:
            name = str(changes.get("name") or "")
            self._bench.write(
                lambda desk: cataloguing.add(desk, kind, name, changes),
                self._on_written,
                self._on_refused,
            )
        else:
            self._bench.write(
                lambda desk: cataloguing.change(desk, kind, uid, changes),
                self._on_written,
                self._on_refused,
            )

    def _on_written(self, result: ChangeSet) -> None:
        if self._flight is None:
            return
        (uid, changes), self._flight = self._flight, None
        made = result.ids.get(self._spec.kind, ())
        if uid is None and made:
            uid = made[0]
            if None in self._waiting:
                self._waiting[uid] = self._waiting.pop(None)
            if self._is_new:
                self._uid, self._is_new = uid, False
                self.added.emit(uid)
        if uid == self._uid:
            self._base.update(changes)
            for box in self.boxes.values():
                box.show_problem("")
        self._write_next()

    def _on_refused(self, error: Exception) -> None:
        if self._flight is None:
            return
        (uid, changes), self._flight = self._flight, None
        sentence = str(getattr(error, "message", error))
        field = str(getattr(error, "field", ""))
        if uid == self._uid:
            self._show_problem(field, sentence)
        else:
            self._kept[uid] = _Kept(changes, field, sentence)
            self._bench.say(sentence, "danger")
        self._write_next()
