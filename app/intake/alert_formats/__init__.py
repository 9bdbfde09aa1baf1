"""All known formats of alerts, one small module each; a new tool is one module and one line here.

Any thread. A document is taken as the format that recognises it, in the order below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError
from app.intake.alert_formats.alertmanager import ALERTMANAGER, GRAFANA
from app.intake.alert_formats.generic import GENERIC, read_mapped
from app.intake.strict_json import read_strictly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.intake.alert import Alert
    from app.intake.alert_formats.payload import AlertFormat

FORMATS: tuple[AlertFormat, ...] = (
    GRAFANA,
    ALERTMANAGER,
    GENERIC,
)
"""In the order in which they are tried; the one that takes anything stands last."""
_MOST_ALERTS = 5_000


def format_named(name: str) -> AlertFormat:
    """Return a format by its name; raise InvalidInputError naming all of them."""
    for one in FORMATS:
        if one.name == name.strip().lower().replace("-", "_"):
            return one
    known = ", ".join(one.name for one in FORMATS)
    raise InvalidInputError(
        f'There is no alert format "{name}"; known are {known}.', field="format"
    )


def read_payload(
    body: bytes, *, name: str = "", mapping: Mapping[str, str] | None = None
) -> list[Alert]:
    """Return the alerts of what a tool has posted.

    Args:
        body: the bytes as they came.
        name: a format; else the one that recognises the document.
        mapping: what the team taught the generic format, field to path.

    Raises:
        InvalidInputError: it is no JSON that is safe to believe, or of no format; nothing is known
            of an alert then.
    """
    wanted = format_named(name) if name else None
    document = read_strictly(body)
    found = _read(document, wanted, mapping or {})
    if not found or not all(one.title for one in found):
        raise InvalidInputError(
            "No alert can be read from this payload: there is no title in it. Name its format, or "
            "teach the generic one which field is the title."
        )
    if len(found) > _MOST_ALERTS:
        raise InvalidInputError(
            f"The payload holds {len(found):,} alerts; at most {_MOST_ALERTS:,} are taken at once."
        )
    return found


def _read(document: Any, wanted: AlertFormat | None, mapping: Mapping[str, str]) -> list[Alert]:
    tried = FORMATS if wanted is None else (wanted,)
    fitting = next((one for one in tried if one.recognise(document)), None)
    if fitting is None and _is_collection(document):
        found: list[Alert] = []
        for name, value in document.items():
            one = next((each for each in tried if each.recognise(value)), tried[-1])
            found += _read_as(one, value, name, mapping)
        return found
    fitting = fitting or (GENERIC if mapping and wanted is None else wanted)
    return [] if fitting is None else _read_as(fitting, document, "", mapping)


def _read_as(one: AlertFormat, document: Any, name: str, mapping: Mapping[str, str]) -> list[Alert]:
    return [read_mapped(document, mapping)] if one is GENERIC else one.read(document, name)


def _is_collection(document: Any) -> bool:
    """Tell whether a document is an object of payloads by name."""
    return (
        isinstance(document, dict)
        and bool(document)
        and all(isinstance(value, dict) for value in document.values())
    )
