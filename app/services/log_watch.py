"""Takes the lines of a watched log file by the rules for system messages, each exactly once.

Where the file was read to, and what the rules have counted, is written in the transaction of what
the lines did: a killed process neither loses a line nor takes one twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.intake.log_follower import Position
from app.services import alert_intake
from app.services.syslog_intake import SyslogWatch

if TYPE_CHECKING:
    from pathlib import Path

    from app.intake.log_follower import Read
    from app.services.alert_intake import Taken
    from app.services.desk import Desk

_KEPT = "watched-log:"


def position(desk: Desk, path: Path) -> Position | None:
    """Return how far a log was taken, None when it never was."""
    kept = desk.store.local(f"{_KEPT}{path}")
    return None if kept is None else Position(*json.loads(kept)["position"])


def take(desk: Desk, path: Path, read: Read) -> list[Taken]:
    """Take lines and keep where the file is now, in one transaction.

    Raises:
        StoreError: nothing could be written.
        InvalidInputError: a rule of the team cannot be read.
    """
    own, key = alert_intake.monitoring(desk), f"{_KEPT}{path}"
    with own.store.writing():
        watch = SyslogWatch(own)
        kept = own.store.local(key)
        watch.restore(json.loads(kept)["counts"] if kept is not None else ())
        found = watch.take(line for line in read.lines if line.strip())
        state = {"position": list(read.position), "counts": watch.counts()}
        own.store.set_local(key, json.dumps(state))
    return [one.taken for one in found]
