"""Which columns the queue shows, in which order, how wide, and how dense its rows are.

A list model with check marks, so that the column chooser is an ordinary list view: Space shows or
hides, `move` is the drag and the Alt+Up/Down of ux.md section 6. GUI thread only.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CUSTOM = "custom."
"""What the keys of columns for the team's own fields begin with; the field's name follows."""
_OWN_WIDTH = 120

Index = QModelIndex | QPersistentModelIndex


class Density(StrEnum):
    """How high rows are (ux.md 2.1)."""

    COMPACT = "compact"
    NORMAL = "normal"
    COMFORTABLE = "comfortable"


ROW_HEIGHTS = {Density.COMPACT: 28, Density.NORMAL: 34, Density.COMFORTABLE: 42}
"""Row heights in px at 100 % text size; a larger font makes a row grow."""
GROUP_HEIGHT = 28


class Column(NamedTuple):
    """One column: its title (English source), width in px at 100 %, and the sort of `ListQuery`."""

    key: str
    title: str
    width: int
    shown: bool = False
    sort: str = ""
    trailing: bool = False


COLUMNS = {
    column.key: column
    for column in (
        Column("priority", str(QT_TRANSLATE_NOOP("Columns", "Prio")), 64, True, "priority"),
        Column("number", str(QT_TRANSLATE_NOOP("Columns", "ID")), 62, True, "number"),
        Column("title", str(QT_TRANSLATE_NOOP("Columns", "Summary")), 290, True, "title"),
        Column("status", str(QT_TRANSLATE_NOOP("Columns", "Status")), 112, True, "status"),
        Column("sla", str(QT_TRANSLATE_NOOP("Columns", "SLA left")), 120, True, "sla"),
        Column("assignee", str(QT_TRANSLATE_NOOP("Columns", "Assignee")), 82, True, "assignee"),
        Column("age", str(QT_TRANSLATE_NOOP("Columns", "Age")), 50, True, "age", True),
        Column("requester", str(QT_TRANSLATE_NOOP("Columns", "Requester")), 110, sort="requester"),
        Column("category", str(QT_TRANSLATE_NOOP("Columns", "Category")), 130, sort="category"),
        Column("service", str(QT_TRANSLATE_NOOP("Columns", "Service")), 110, sort="service"),
        Column("location", str(QT_TRANSLATE_NOOP("Columns", "Location")), 110, sort="location"),
        Column("team", str(QT_TRANSLATE_NOOP("Columns", "Team")), 90, sort="team"),
        Column("impact", str(QT_TRANSLATE_NOOP("Columns", "Impact")), 70, sort="impact"),
        Column("urgency", str(QT_TRANSLATE_NOOP("Columns", "Urgency")), 70, sort="urgency"),
        Column("severity", str(QT_TRANSLATE_NOOP("Columns", "Severity")), 70, sort="severity"),
        Column("channel", str(QT_TRANSLATE_NOOP("Columns", "Channel")), 80, sort="channel"),
        Column("registered", str(QT_TRANSLATE_NOOP("Columns", "Logged")), 120, sort="registered"),
        Column("updated", str(QT_TRANSLATE_NOOP("Columns", "Updated")), 120, sort="updated"),
        Column("due", str(QT_TRANSLATE_NOOP("Columns", "Due")), 120, sort="due"),
        Column("tags", str(QT_TRANSLATE_NOOP("Columns", "Tags")), 110),
        Column("ci", str(QT_TRANSLATE_NOOP("Columns", "CI")), 110),
    )
}
DEFAULT = tuple(column.key for column in COLUMNS.values() if column.shown)
STRETCHED = "title"
"""The column that fills the width and cannot be hidden."""


class ColumnModel(QAbstractListModel):
    """All columns in the person's order; checked ones are shown.

    A column for one of the team's own fields is kept by name. Before the fields were read it is
    taken on trust; afterwards one whose field is gone is neither listed nor shown, but kept, so
    that it is back when the deletion is undone.
    """

    changed = Signal()
    """The set or order of shown columns has changed."""
    widths_changed = Signal()
    density_changed = Signal()
    density_chosen = Signal(str)
    """A person chose how dense rows are in every list that says nothing else."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._order = list(COLUMNS)
        self._shown = set(DEFAULT)
        self._own: frozenset[str] | None = None
        self._rows = list(COLUMNS)
        self._widths: dict[str, int] = {}
        self._density = self._usual_density = Density.NORMAL

    def rowCount(self, parent: Index | None = None) -> int:
        """Count all columns, shown or not."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title and the check mark."""
        if not index.isValid():
            return None
        key = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column_title(key)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if key in self._shown else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Show or hide by the check mark."""
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        return self.set_shown(
            self._rows[index.row()], Qt.CheckState(value) == Qt.CheckState.Checked
        )

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let all but the summary be hidden."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flag = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if self._rows[index.row()] != STRETCHED:
            flag |= Qt.ItemFlag.ItemIsUserCheckable
        return flag

    @property
    def shown(self) -> tuple[str, ...]:
        """Return the keys of the shown columns in order."""
        return tuple(key for key in self._rows if key in self._shown)

    @property
    def custom(self) -> tuple[str, ...]:
        """Return the names of the team's own fields among the shown columns."""
        return tuple(key.removeprefix(CUSTOM) for key in self.shown if key.startswith(CUSTOM))

    @property
    def density(self) -> Density:
        """Return how dense the rows are."""
        return self._density

    def key_at(self, row: int) -> str:
        """Return the key of the column in a row of this model."""
        return self._rows[row]

    def set_fields(self, names: Sequence[str]) -> None:
        """Take the names of the team's own fields: each is a column, shown when chosen."""
        own = [CUSTOM + name for name in names]
        if frozenset(own) == self._own:
            return
        before = self.shown
        self.beginResetModel()
        self._own = frozenset(own)
        self._order += [key for key in own if key not in self._order]
        self._rows = self._listed()
        self.endResetModel()
        if self.shown != before:
            self.changed.emit()

    def _listed(self) -> list[str]:
        return [
            key
            for key in self._order
            if key in COLUMNS or (key in self._own if self._own is not None else _is_own(key))
        ]

    def set_density(self, density: Density) -> None:
        """Make rows compact, normal or comfortable."""
        if density != self._density:
            self._density = density
            self.density_changed.emit()

    def set_usual_density(self, density: Density) -> None:
        """Give the lists that say nothing else the density that the person set."""
        self._usual_density = density
        self.set_density(density)

    def choose_density(self, density: Density) -> None:
        """Take a person's choice: at once here, and for every list."""
        self.set_density(density)
        self.density_chosen.emit(density.value)

    def width(self, key: str) -> int:
        """Return the width of a column in px at 100 % text size."""
        return self._widths.get(key, column(key).width)

    def set_width(self, key: str, width: int) -> None:
        """Keep a width that the person gave, in px at 100 %."""
        if width != self.width(key):
            self._widths[key] = width
            self.widths_changed.emit()

    def set_shown(self, key: str, shown: bool) -> bool:
        """Show or hide a column; False for the summary, which stays."""
        if key == STRETCHED and not shown:
            return False
        if shown != (key in self._shown):
            if shown:
                self._shown.add(key)
            else:
                self._shown.discard(key)
            index = self.index(self._rows.index(key))
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.CheckStateRole])
            self.changed.emit()
        return True

    def move(self, key: str, step: int) -> bool:
        """Move a column up (-1) or down (+1) in the order; False at the end of the list."""
        at = self._rows.index(key)
        to = at + step
        if step == 0 or not 0 <= to < len(self._rows):
            return False
        # Qt names the place before which the row lands.
        self.beginMoveRows(QModelIndex(), at, at, QModelIndex(), to + 1 if step > 0 else to)
        place = self._order.index(self._rows[to])
        self._order.remove(key)
        self._order.insert(place, key)
        self._rows = self._listed()
        self.endMoveRows()
        if key in self._shown:
            self.changed.emit()
        return True

    def set_order(self, shown: Sequence[str]) -> None:
        """Show exactly these columns in this order; unknown names are left out."""
        wanted = [key for key in dict.fromkeys(shown) if key in COLUMNS or _is_own(key)]
        if STRETCHED not in wanted:
            wanted.insert(0, STRETCHED)
        if wanted == self._chosen():
            return
        self.beginResetModel()
        self._order = wanted + [key for key in self._order if key not in wanted]
        self._shown = set(wanted)
        self._rows = self._listed()
        self.endResetModel()
        self.changed.emit()

    def reset(self) -> None:
        """Return to the default columns, widths and density."""
        self._widths.clear()
        self.beginResetModel()
        self._order = [*COLUMNS, *(key for key in self._order if key not in COLUMNS)]
        self._shown = set(DEFAULT)
        self._rows = self._listed()
        self.endResetModel()
        self.choose_density(Density.NORMAL)
        self.changed.emit()

    def save(self) -> dict[str, Any]:
        """Return the state as plain values, for a saved view or the person's settings."""
        return {
            "columns": self._chosen(),
            "widths": dict(self._widths),
            "density": self._density.value,
        }

    def _chosen(self) -> list[str]:
        """Return the columns that the person chose, those of deleted fields too."""
        return [key for key in self._order if key in self._shown]

    def restore_view(self, state: Mapping[str, Any]) -> None:
        """Take what a saved view says; one that says nothing keeps the columns as they are."""
        if state.get("columns"):
            self.restore(state)
        else:
            self.set_density(self._usual_density)

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take a state that `save` made; what cannot be understood keeps its default."""
        widths = state.get("widths", {})
        if isinstance(widths, dict):
            self._widths = {
                key: width
                for key, width in widths.items()
                if (key in COLUMNS or _is_own(key))
                and isinstance(width, int)
                and 16 <= width <= 2000
            }
        known = state.get("density") in {each.value for each in Density}
        self.set_density(Density(state["density"]) if known else self._usual_density)
        columns = state.get("columns")
        if isinstance(columns, list):
            self.set_order([key for key in columns if isinstance(key, str)])
        self.widths_changed.emit()


def column(key: str) -> Column:
    """Return a column by its key; the team's own fields are not sorted by."""
    return COLUMNS.get(key) or Column(key, key.removeprefix(CUSTOM), _OWN_WIDTH)


def column_title(key: str) -> str:
    """Return the title of a column in the language of the window; an own field has its name."""
    known = COLUMNS.get(key)
    if known is None:
        return key.removeprefix(CUSTOM)
    return QCoreApplication.translate("Columns", known.title)


def _is_own(key: str) -> bool:
    return key.startswith(CUSTOM) and len(key) > len(CUSTOM)
