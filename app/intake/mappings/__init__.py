"""All known mappings, one small module each; a new tool is one module and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError
from app.intake.mappings.django_helpdesk import DjangoHelpdesk
from app.intake.mappings.freshservice import FRESHSERVICE
from app.intake.mappings.generic import GENERIC
from app.intake.mappings.glpi import GLPI
from app.intake.mappings.help_desks import HELP_DESKS
from app.intake.mappings.servicenow import SERVICENOW
from app.intake.mappings.servicenow_journal import ServiceNowJournal
from app.intake.mappings.servicenow_log import ServiceNowLog
from app.intake.mappings.trackers import TRACKERS

if TYPE_CHECKING:
    from app.intake.mapping import ImportMapping

MAPPINGS: tuple[ImportMapping, ...] = (
    ServiceNowLog(),
    ServiceNowJournal(),
    SERVICENOW,
    FRESHSERVICE,
    DjangoHelpdesk(),
    GLPI,
    *TRACKERS,
    *HELP_DESKS,
    GENERIC,
)
"""In the order in which they are tried; the first of equals wins."""


def mapping_by_name(name: str) -> ImportMapping:
    """Return a mapping by its name; raise InvalidInputError naming all of them."""
    for mapping in MAPPINGS:
        if mapping.name == name.strip().lower():
            return mapping
    known = ", ".join(mapping.name for mapping in MAPPINGS)
    raise InvalidInputError(
        f"There is no import mapping {name!r}; known are {known}, or name a mapping file (.toml"
        " or .json).",
        field="mapping",
    )
