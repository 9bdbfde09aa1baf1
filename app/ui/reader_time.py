"""The reader's own zone for every time on the screen: the computer's unless another was chosen.

Set from the setting me.zone alone. GUI thread only.
"""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QTimeZone

_zone: list[QTimeZone] = []


def set_zone(name: str) -> None:
    """Show times in the zone of this IANA name; "" follows the computer again."""
    zone = QTimeZone(name.encode("ascii", "ignore")) if name else None
    _zone[:] = [zone] if zone is not None and zone.isValid() else []


def zone() -> QTimeZone:
    """Return the reader's zone."""
    return _zone[0] if _zone else QTimeZone.systemTimeZone()


def local(instant_ms: int) -> QDateTime:
    """Return an instant as day and time of the reader."""
    if not _zone:
        return QDateTime.fromMSecsSinceEpoch(instant_ms)
    return QDateTime.fromMSecsSinceEpoch(instant_ms, _zone[0])


def now() -> QDateTime:
    """Return the present day and time of the reader."""
    return local(QDateTime.currentMSecsSinceEpoch())


def zone_name() -> str:
    """Return the IANA name of the reader's zone."""
    return bytes(zone().id().data()).decode()


def abbreviation(instant_ms: int) -> str:
    """Return the short name that the reader's zone has at an instant: "CET", "BST"."""
    return zone().abbreviation(local(instant_ms))


def is_chosen() -> bool:
    """Tell whether times are told in another zone than the computer's, so that they name it."""
    return bool(_zone) and _zone[0].id() != QTimeZone.systemTimeZone().id()


def differs(record_zone: str) -> bool:
    """Tell whether a record was made in another zone than the reader's."""
    return bool(record_zone) and record_zone != zone_name()
