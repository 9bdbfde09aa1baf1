"""What differs between the record that a report was made from and the record as it is now.

Both are the incident's JSON (cli.md). Two things do not make a report old: clocks that run on while
an incident is open, and what became known of the report itself, such as who was sent it.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

_RUNNING = frozenset({"counted_s", "remaining_s", "paused_s", "trace", "breached"})
"""What a clock that has not stopped says differently at every look."""
_CLOCKS = frozenset({"response", "resolution_clock"})
_OF_THE_REPORT = frozenset({"satisfaction"})
"""Fields that follow from handing the report out."""
_LONGEST = 200


class Difference(NamedTuple):
    """One field that says something else now; both sides in words, "" for nothing."""

    field: str
    was: str
    now: str


class Compared(NamedTuple):
    """What has changed since the report, and what was only added because it was handed out."""

    changes: tuple[Difference, ...]
    since: tuple[str, ...]


def compare(was: dict[str, Any], now: dict[str, Any]) -> Compared:
    """Compare two records field by field."""
    changes: list[Difference] = []
    since: list[str] = []
    for name in sorted({*was, *now}):
        before, after = was.get(name), now.get(name)
        if before == after:
            continue
        if name == "timeline":
            _compare_timelines(before, after, changes, since)
        elif name in _OF_THE_REPORT and before is None:
            since.append(f"{name}: {words(after)}")
        elif isinstance(before, dict) and isinstance(after, dict):
            _compare_parts(name, before, after, changes)
        else:
            changes.append(Difference(name, words(before), words(after)))
    return Compared(tuple(changes), tuple(since))


def _compare_parts(
    name: str, before: dict[str, Any], after: dict[str, Any], changes: list[Difference]
) -> None:
    runs = name in _CLOCKS and not before.get("stopped_at") and not after.get("stopped_at")
    for part in sorted({*before, *after}):
        if runs and part in _RUNNING:
            continue
        if before.get(part) != after.get(part):
            texts = words(before.get(part)), words(after.get(part))
            changes.append(Difference(f"{name}.{part}", *texts))


def _compare_timelines(
    before: Any, after: Any, changes: list[Difference], since: list[str]
) -> None:
    old = before if isinstance(before, list) else []
    new = after if isinstance(after, list) else []
    known = [_key(entry) for entry in old]
    left = list(known)
    for entry in new:
        key = _key(entry)
        if key in left:
            left.remove(key)
        elif _is_of_the_report(entry):
            since.append(_entry_words(entry))
        else:
            changes.append(Difference("timeline", "", _entry_words(entry)))
    for entry in old:
        key = _key(entry)
        if key in left:
            left.remove(key)
            changes.append(Difference("timeline", _entry_words(entry), ""))


def _key(entry: Any) -> str:
    return json.dumps(entry, sort_keys=True, default=str)


def _is_of_the_report(entry: Any) -> bool:
    if not isinstance(entry, dict):
        return False
    fields = {
        change.get("field") for change in entry.get("changes", ()) if isinstance(change, dict)
    }
    if entry.get("kind") == "told":
        return not fields
    return bool(fields) and fields <= _OF_THE_REPORT and not entry.get("text")


def _entry_words(entry: Any) -> str:
    if not isinstance(entry, dict):
        return words(entry)
    told = [str(entry.get("at", "")), str(entry.get("author", "")), str(entry.get("kind", ""))]
    text = str(entry.get("text") or "")
    for change in entry.get("changes", ()):
        if isinstance(change, dict):
            text += f" {change.get('field')}: {change.get('old')} to {change.get('new')};"
    return words(f"{', '.join(part for part in told if part)}: {text.strip().rstrip(';')}")


def words(value: Any) -> str:
    """Return a value as one line that is not too long to read."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}\u2026"
