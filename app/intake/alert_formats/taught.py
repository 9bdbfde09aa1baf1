"""Reads payloads of a tool that a team has taught by pointing (`domain.taught_format`)."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from app.domain.taught_format import DECIDING, EACH, steps_of
from app.intake.alert import Alert, AlertState
from app.intake.alert_formats.payload import digest, labels, state, table, text, when, within

if TYPE_CHECKING:
    from app.domain.taught_format import TaughtFormat

MOST_ENTRIES = 5_001
"""So many entries of a list are read: one more than is taken, so that too many are noticed."""
_NOWHERE = object()


def fits(document: Any, taught: TaughtFormat) -> bool:
    """Tell whether a document has the places that decide, with something as the title."""
    around = taught.around
    entry = 0 if around is None else next(iter(_entries(document, around)), None)
    if entry is None:
        return False
    found = {
        name: _at(document, _of_entry(taught.places[name], document, entry))
        for name in DECIDING
        if name in taught.places
    }
    return _NOWHERE not in found.values() and bool(text(found["title"]))


def read_taught(document: Any, taught: TaughtFormat) -> list[Alert]:
    """Return the alerts of a document; those without a title are left out."""
    around = taught.around
    entries = range(1) if around is None else _entries(document, around)
    found = [_one(document, taught, entry) for entry in entries]
    return [one for one in found if one.title]


def _one(document: Any, taught: TaughtFormat, entry: int) -> Alert:
    steps = {name: _of_entry(place, document, entry) for name, place in taught.places.items()}

    def value(name: str) -> Any:
        return within(document, *steps[name]) if name in steps else None

    title, host, word = text(value("title")), text(value("host")), text(value("state"))
    lines = title.splitlines()
    well = word.lower() in {one.lower() for one in taught.well}
    beside = [within(document, *steps["title"][:depth]) for depth in range(len(steps["title"]))]
    return Alert(
        taught.code,
        text(value("id")) or digest(title, host),
        AlertState.RESOLVED if well else state(word),
        lines[0] if lines else "",
        text(value("severity")),
        text(value("text")) or "\n".join(lines[1:]),
        labels(*map(table, beside), host=host),
        when(value("started")),
        when(value("ended")),
        text(value("url")),
    )


def _entries(document: Any, around: tuple[str, ...]) -> range:
    """Return the numbers of the entries of a list; one where * is a key, none where nothing is."""
    found = within(document, *around)
    if isinstance(found, list):
        return range(min(len(found), MOST_ENTRIES))
    return range(int(isinstance(found, dict)))


def _of_entry(place: str, document: Any, entry: int) -> tuple[str, ...]:
    """Return the steps of a place for one entry of the list that it goes through."""
    steps = steps_of(place)
    before = tuple(takewhile(lambda step: step != EACH, steps))
    if len(before) == len(steps) or not isinstance(within(document, *before), list):
        return steps
    return (*before, str(entry), *steps[len(before) + 1 :])


def _at(document: Any, steps: tuple[str, ...]) -> Any:
    """Return what stands at steps, `_NOWHERE` where nothing does."""
    *before, last = steps
    holder = within(document, *before)
    if isinstance(holder, dict):
        return holder.get(last, _NOWHERE)
    if isinstance(holder, list) and last.isdecimal() and int(last) < len(holder):
        return holder[int(last)]
    return _NOWHERE
