"""Reads every setting at once: what a window needs before it is painted, and so no more than that.

Single settings are read and changed in `configuration`, with all that a team has configured.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.domain.settings import SETTINGS, value_of
from app.services.desk import PERSONAL_PREFIX, follow_own_choices
from app.storage import catalogue

if TYPE_CHECKING:
    from app.services.desk import Desk

OWN_NAME = "me.name"
"""Kept as the workstation's person, not beside it: there is one answer to who works here."""


def all_settings(desk: Desk) -> dict[str, Any]:
    """Return the value of every setting of the team and of this person."""
    follow_own_choices(desk)
    own = desk.store.locals(PERSONAL_PREFIX)
    stored = {key: json.loads(value) for key, value in own.items() if key in SETTINGS}
    values = {**catalogue.team_settings(desk.connection), **stored}
    found = {key: value_of(values, key) for key in SETTINGS}
    found[OWN_NAME] = desk.person.name
    return found
