"""Values of the team's own fields for a page of a list: one statement for all of its rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import apsw

    from app.domain.listing import ListRow, OwnValue

_LONGEST: Final = 500
"""So much of a text is read: a list shows one line of it."""

# The few fields come first, then a search by key for each row of the page.
_VALUES: Final = (
    "SELECT i.uid, v.field, substr(v.value, 1, {longest}), v.number, "
    "json_extract(d.data, '$.type') FROM catalogue_item d CROSS JOIN incident i "
    "CROSS JOIN custom_value v ON v.incident = i.id AND v.field = d.name "
    "WHERE d.kind = 'custom_field' AND d.deleted = 0 AND d.name IN ({fields}) "
    "AND i.uid IN ({incidents})"
)


def fill(connection: apsw.Connection, rows: list[ListRow], fields: Sequence[str]) -> list[ListRow]:
    """Return the rows of a page with the values of these fields; deleted fields have none."""
    if not rows or not fields:
        return rows
    found: list[Any] = connection.execute(
        _VALUES.format(
            longest=_LONGEST,
            fields=",".join("?" * len(fields)),
            incidents=",".join("?" * len(rows)),
        ),
        (*fields, *(row.id for row in rows)),
    ).fetchall()
    values: dict[bytes, dict[str, OwnValue]] = {}
    for uid, field, text, number, kind in found:
        values.setdefault(uid, {})[field] = _value(text, number, kind)
    return [
        row._replace(custom=tuple((name, own[name]) for name in fields if name in own))
        if (own := values.get(row.id))
        else row
        for row in rows
    ]


def _value(text: str, number: float | None, kind: str | None) -> OwnValue:
    if kind == "yes_no" and text in {"True", "False"}:
        return text == "True"
    if kind == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    if number is None:
        return text
    return int(number) if number == int(number) else number
