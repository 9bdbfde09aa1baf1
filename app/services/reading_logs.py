"""Reads a log for somebody who investigates: what it says, in their zone; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.errors import InvalidInputError
from app.domain.instants import parse_instant
from app.insight import log_levels, log_reader
from app.insight.log_text import LogText

if TYPE_CHECKING:
    from pathlib import Path

    from app.insight.log_summary import Summary
    from app.services.desk import Desk


def read_file(desk: Desk, path: Path, since: str = "") -> Summary:
    """Read a log to its end, also one of Windows (.evtx); .gz, .xz and .zip are unpacked.

    Args:
        desk: whose zone holds for times without one.
        path: the log.
        since: an instant; what is older is left out.

    Raises:
        NotFoundError: there is no such file.
        InvalidInputError: it is damaged or no text, or `since` is no instant or has no use.
    """
    zone = ZoneInfo(desk.store.zone)
    begins = parse_instant(since, zone, field="since") if since else None
    if path.is_dir():
        raise InvalidInputError(f"{path} is a folder; name the log to read.")
    found = log_reader.read(LogText(path), zone, desk.now(), begins)
    if begins is not None and not found.timed and not found.lines:
        untimed = found.time_format == log_reader.NO_TIMES
        why = "has no times that are understood" if untimed else "has nothing after that time"
        raise InvalidInputError(f"{path.name} {why}; read it without --since.", field="since")
    return found


def level_in(line: str) -> tuple[int, int, str] | None:
    """Return where the level of a line stands, how long it is, and "error", "warning" or "other".

    Nothing for a line that names no level.
    """
    found = log_levels.level_span(line)
    if found is None:
        return None
    start, end = found
    level = line[start:end].upper()
    weight = "warning" if level.startswith("WARN") else "other"
    return start, end - start, "error" if level in log_levels.BAD_LEVELS else weight
