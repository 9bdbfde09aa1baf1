"""A mapping that a user wrote: a TOML or JSON file that says which column is which field.

```toml
name = "helpline"            # its key space: external ids are unique within it
base = "generic"             # optional: columns not named here are read as this mapping does
date_order = "dmy"           # optional, as are zone and encoding
[columns]
"Ticket No" = "external_id"
"Short text" = "title"
"Shelf" = "custom.shelf"
"Internal" = ""              # left out
[values.status]
"Parked" = "pending:vendor"
```
"""

from __future__ import annotations

import codecs
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError, NotFoundError
from app.intake.code_words import word
from app.intake.column_mapping import SUBCATEGORY, ColumnMapping
from app.intake.comments import COMMENTS
from app.intake.field_values import KINDS
from app.intake.import_record import CUSTOM
from app.intake.instants import DAY_FIRST, MONTH_FIRST
from app.intake.mappings import mapping_by_name

if TYPE_CHECKING:
    from app.intake.table import Table

_SUFFIXES = (".toml", ".json")
_SETTINGS = frozenset(
    ("name", "title", "base", "columns", "values", "date_order", "zone", "encoding", "keep_others")
)


@dataclass(slots=True)
class UserMapping(ColumnMapping):
    """A mapping from a file, with the settings that only a file can say."""

    exact: dict[str, str] | None = None
    date_order: str = ""
    zone: str = ""
    encoding: str = ""

    def confidence(self, table: Table) -> float:
        """Return the share of the named columns that the table has."""
        exact = self.exact or {}
        return sum(column in table.columns for column in exact) / max(len(exact), 1)

    def is_made_for(self, table: Table) -> bool:
        """Tell whether the mapping places just the columns that the table has."""
        return self.exact is not None and set(self.exact) == set(table.columns)

    def columns(self, table: Table) -> dict[str, str]:
        """Return the field of each column; a named column that is missing is told."""
        exact = self.exact or {}
        missing = [column for column in exact if column not in table.columns]
        if missing:
            raise InvalidInputError(
                f"{table.name} has no column {missing[0]!r} that the mapping {self.name} names; it"
                f" has {', '.join(table.columns[:20])}."
            )
        # Slots and a subclass: super() without arguments fails in a dataclass with slots.
        found = ColumnMapping.columns(self, table)
        taken = set(exact.values()) - {SUBCATEGORY, COMMENTS, ""}
        for column, target in found.items():
            if column not in exact and target in taken:
                found[column] = CUSTOM + word(column)
        for column, target in exact.items():
            found[column] = target
        return found


def is_mapping_file(name: str) -> bool:
    """Tell a mapping file from the name of a mapping."""
    return name.lower().endswith(_SUFFIXES)


def read_user_mapping(path: Path | str) -> UserMapping:
    """Read a mapping file; raise InvalidInputError that names the wrong line or field."""
    path = Path(path)
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no mapping file {path}; check its name.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"The mapping file {path.name} cannot be read: {error}.") from error
    try:
        told: Any = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(
            f"The mapping file {path.name} cannot be understood: {error}."
        ) from error
    return _checked(path, told)


def _checked(path: Path, told: Any) -> UserMapping:
    def wrong(what: str) -> InvalidInputError:
        return InvalidInputError(f"The mapping file {path.name}: {what}.", field="mapping")

    if not isinstance(told, dict) or not isinstance(told.get("columns"), dict):
        raise wrong("a table [columns] of column = field is needed")
    unknown = sorted(set(told) - _SETTINGS)
    if unknown:
        raise wrong(f"{unknown[0]!r} is not known; there are {', '.join(sorted(_SETTINGS))}")
    columns = {str(column): str(target) for column, target in told["columns"].items()}
    for column, target in columns.items():
        good = not target or target in (*KINDS, SUBCATEGORY, COMMENTS) or target.startswith(CUSTOM)
        if not good or target in ("id", "number"):
            raise wrong(f"{column!r} names the field {target!r}, which an incident does not have")
    values = told.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(v, dict) for v in values.values()):
        raise wrong("[values.FIELD] must be a table of word = code")
    order = str(told.get("date_order", ""))
    if order not in ("", DAY_FIRST, MONTH_FIRST):
        raise wrong(f"date_order is {order!r}; say dmy or mdy")
    encoding = str(told.get("encoding", ""))
    if encoding:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            raise wrong(f"the encoding {encoding!r} is not known") from error
    base = mapping_by_name(str(told["base"])) if told.get("base") else None
    if base is not None and not isinstance(base, ColumnMapping):
        raise wrong(f"{base.name} cannot be the base of another mapping")
    return UserMapping(
        name=str(told.get("name") or path.stem),
        title=str(told.get("title") or path.name),
        aliases=base.aliases if base else {},
        values={
            **(base.values if base else {}),
            **{f: {word(w): str(c) for w, c in table.items()} for f, table in values.items()},
        },
        left_out=base.left_out if base else frozenset(),
        keep_others=bool(told.get("keep_others", True)),
        exact=columns,
        date_order=order,
        zone=str(told.get("zone", "")),
        encoding=encoding,
    )
