"""The small JSON files of a hub folder: read with doubt, written in one form."""

from __future__ import annotations

import json
from typing import Any

from app.sync.hub import Presence, StationNote, Team

_LONGEST_NAME = 200


def _write(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, ensure_ascii=True).encode("ascii")


def _read(content: bytes) -> dict[str, Any]:
    told = json.loads(content)
    if not isinstance(told, dict):
        raise ValueError("not an object")
    return told


def _id(text: Any) -> bytes:
    value = bytes.fromhex(text)
    if len(value) != 16:
        raise ValueError("not an id")
    return value


_BAD = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def write_team(team: Team) -> bytes:
    """Return `team.json`."""
    return _write(
        {
            "program": "incident-desk",
            "team": team.id.hex(),
            "epoch": team.epoch.hex(),
            "kind": team.kind,
            "founder": team.founder.hex(),
            "approve": team.approve,
            "format": team.format,
        }
    )


def read_team(content: bytes) -> Team | None:
    """Read `team.json`; None when it is not ours or damaged."""
    try:
        told = _read(content)
        if told["program"] != "incident-desk":
            return None
        return Team(
            _id(told["team"]),
            _id(told["epoch"]),
            str(told["kind"]),
            _id(told["founder"]),
            told["approve"] is True,
            int(told["format"]),
        )
    except _BAD:
        return None


def write_note(note: StationNote) -> bytes:
    """Return `head.json`."""
    return _write(
        {
            "last": note.last,
            "hash": note.hash.hex(),
            "seen": {station.hex(): last for station, last in note.seen.items()},
            "seen_hash": {station.hex(): hash_.hex() for station, hash_ in note.seen_hash.items()},
            "app_version": note.app_version,
            "instance": note.instance,
            "at": note.at_ms,
        }
    )


def read_note(content: bytes) -> StationNote | None:
    """Read `head.json`; None when it is damaged, which harms nothing."""
    try:
        told = _read(content)
        seen = {_id(station): int(last) for station, last in told["seen"].items()}
        return StationNote(
            int(told["last"]),
            bytes.fromhex(told["hash"]),
            seen,
            str(told["app_version"]),
            str(told["instance"]),
            int(told["at"]),
            {_id(of): bytes.fromhex(hash_) for of, hash_ in told.get("seen_hash", {}).items()},
        )
    except _BAD:
        return None


def write_presence(presence: Presence) -> bytes:
    """Return a file of `presence`."""
    return _write(
        {
            "at": presence.at_ms,
            "name": presence.name,
            "person": presence.person,
            "viewing": presence.viewing.hex(),
            "writing": presence.writing,
        }
    )


def read_presence(content: bytes) -> Presence | None:
    """Read a file of `presence`; None when it is damaged."""
    try:
        told = _read(content)
        viewing = str(told.get("viewing", ""))
        return Presence(
            int(told["at"]),
            str(told["name"])[:_LONGEST_NAME],
            str(told.get("person", ""))[:_LONGEST_NAME],
            _id(viewing) if viewing else b"",
            told.get("writing") is True,
        )
    except _BAD:
        return None
