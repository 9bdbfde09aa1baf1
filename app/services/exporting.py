"""Writes incidents out: CSV for spreadsheets, JSON, or a package that `import` takes back whole.

Everything is read in one snapshot of the database and streamed, so that a large store is never held
in memory. A file appears only when it is whole. Nothing in the store is changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError, KnownError
from app.domain.incident_json import incident_to_json, instant_json
from app.domain.incident_record import INSTANTS
from app.intake.export_csv import write_csv
from app.intake.export_json import write_json
from app.intake.import_record import CUSTOM
from app.intake.package import write_package
from app.services import browsing
from app.storage import attachments, catalogue, export_rows, incident_reader
from app.system.clock import from_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

    from app.domain.incident import EntityId
    from app.domain.incident_record import Incident
    from app.intake.byte_source import Cancelled, Progress
    from app.services.desk import Desk

COLUMNS = (
    "id", "number", "title", "description", "status", "pending_reason", "follow_up_at", "priority",
    "impact", "urgency", "severity", "priority_override_reason", "category", "service", "ci",
    "location", "channel", "requester", "assignee", "team", "tags", "watchers", "major",
    "occurred_at", "detected_at", "reported_at", "registered_at", "acknowledged_at",
    "first_assigned_at", "first_response_at", "escalated_at", "major_declared_at",
    "workaround_applied_at", "restored_at", "first_resolved_at", "resolved_at", "closed_at",
    "cancelled_at", "review_due_at", "review_done_at", "survey_sent_at", "survey_answered_at",
    "stood_down_at", "due_at",
    "reopen_count", "reassignment_count", "outage", "outcome", "fix_type", "cause_class",
    "cancel_reason", "detection", "root_cause", "contributing_factors", "business_effect",
    "people_affected", "workaround", "resolution", "verified_by", "verified_at", "verified_how",
    "problem", "duplicates_of", "related", "external_id", "time_spent_s", "satisfaction", "zone",
)  # fmt: skip
"""The columns of a CSV export, before one for each custom field."""

_BESIDE = {"problem": "problems", "article": "articles"}
"""Catalogues that a JSON export tells beside the incidents."""


class ExportCancelledError(KnownError):
    """The person stopped the export; a half-written file was taken away."""

    code = "cancelled"

    def __init__(self) -> None:
        super().__init__("The export was stopped; no file was written.")


def export_file(
    desk: Desk,
    path: Path | str,
    *,
    text: str = "",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """Write the incidents of a filter to a .csv, .json or .zip file; return how many.

    Args:
        desk: whose store, read in one snapshot.
        path: where; an older file there is replaced only when the new one is whole.
        text: a line of the filter language; "" is everything.
        progress: told (done, total) in incidents.
        cancelled: asked at every incident; True stops and leaves nothing behind.

    Raises:
        InvalidInputError: the filter cannot be understood, or the name has another ending.
        KnownError: the file cannot be written, or the export was stopped.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in {".csv", ".json", ".zip"}:
        raise InvalidInputError(
            f"{path.name} does not say what to write: end it in .csv, .json or .zip.", field="path"
        )
    with desk.store.known_errors(), desk.store.database.atomic():
        chosen = browsing.selection(desk, text)
        uids = export_rows.ids(desk.connection, chosen.where, chosen.bound())
        incidents = _incidents(desk, uids, progress, cancelled)
        if kind == ".csv":
            names = export_rows.custom_names(desk.connection, chosen.where, chosen.bound())
            _csv(incidents, path, names)
        elif kind == ".json":
            write_json(_document(desk, (whole(desk, one) for one in incidents)), path)
        else:
            _package(desk, incidents, path)
    return len(uids)


def _incidents(
    desk: Desk, uids: list[bytes], progress: Progress | None, cancelled: Cancelled | None
) -> Iterator[Incident]:
    for done, uid in enumerate(uids):
        if cancelled is not None and cancelled():
            raise ExportCancelledError
        if progress is not None:
            progress(done, len(uids))
        yield browsing.incident(desk, uid)  # type: ignore[arg-type]
    if progress is not None:
        progress(len(uids), len(uids))


def _csv(incidents: Iterator[Incident], path: Path, custom_names: list[str]) -> None:
    columns = [*COLUMNS, *(CUSTOM + name for name in custom_names)]
    write_csv((_row(one) for one in incidents), path, columns)


def _row(incident: Incident) -> dict[str, Any]:
    clock = incident.resolution_clock
    row = incident_to_json(incident) | _more_fields(incident)
    row["due_at"] = None if clock is None else instant_json(clock.due_at)
    return row


def _document(desk: Desk, entries: Iterator[dict[str, Any]]) -> dict[str, object]:
    beside = {
        name: [{"name": item.name, **item.data} for item in catalogue.every(desk.connection, kind)]
        for kind, name in _BESIDE.items()
    }
    return {"incidents": entries, **beside}


def whole(desk: Desk, incident: Incident) -> dict[str, Any]:
    """Return everything of an incident as JSON: the document of cli.md and what `import` needs."""
    contested = browsing.conflicts(desk, incident.id)
    document = incident_to_json(incident, conflicts=contested) | _more_fields(incident)
    for told, file in zip(document["attachments"], incident.attachments, strict=True):
        told["media_type"] = file.media_type
    ticks = incident_reader.ticks(desk.connection, incident.id)
    document |= {
        "told": [
            {"who": told.who, "at": instant_json(told.at), "how": told.how}
            for told in incident.told
        ],
        "follow_ups": [
            {
                "action": one.action,
                "owner": one.owner,
                "due_at": instant_json(one.due_at),
                "done": one.done,
            }
            for one in incident.follow_ups
        ],
        "outages": [
            {
                "service": one.service,
                "from_at": instant_json(from_ms(one.from_ms)),
                "to_at": None if one.to_ms is None else instant_json(from_ms(one.to_ms)),
                "planned": one.planned,
            }
            for one in export_rows.outages_of(desk.connection, incident.id)
        ],
        "articles": [
            {"name": name} for name in export_rows.articles_of(desk.connection, incident.id)
        ],
        "checks": [
            {"item": item, "done": done, "note": note} for item, (done, note) in ticks.items()
        ],
    }
    return document


def _more_fields(incident: Incident) -> dict[str, Any]:
    """Return the fields that the document of cli.md leaves out."""
    more: dict[str, Any] = {name: instant_json(getattr(incident, name)) for name in INSTANTS}
    for name in ("detection", "contributing_factors", "business_effect", "verified_how", "zone",
                 "reassignment_count", "people_affected", "outage", "major_reason",
                 "stand_down_reason", "five_whys", "went_well", "went_badly"):  # fmt: skip
        more[name] = getattr(incident, name)
    reason = incident.cancel_reason
    for role in ("incident_manager", "communications_lead", "technical_lead", "scribe"):
        named = getattr(incident, role)
        more[role] = None if named is None else named.name
    more["cancel_reason"] = None if reason is None else str(reason)
    more["watchers"] = [watcher.name for watcher in incident.watchers]
    return more


def _package(desk: Desk, incidents: Iterator[Incident], path: Path) -> None:
    wanted: dict[str, None] = {}

    def told() -> Iterator[dict[str, Any]]:
        for one in incidents:
            wanted.update(dict.fromkeys(file.sha256 for file in one.attachments))
            yield whole(desk, one)

    def files() -> Iterator[tuple[str, Callable[[], IO[bytes]]]]:
        """Give what the incidents named; they were all written before this is asked."""
        for sha256 in wanted:
            place = attachments.path_of(desk.profile.attachments, sha256)
            if place.is_file():  # one that has not arrived yet stays only named
                yield sha256, _opener(place)

    write_package(_document(desk, told()), files(), path)


def _opener(place: Path) -> Callable[[], IO[bytes]]:
    return lambda: place.open("rb")


def exported_ids(desk: Desk, text: str = "") -> list[EntityId]:
    """Return the incidents that an export of this filter writes."""
    chosen = browsing.selection(desk, text)
    return export_rows.ids(desk.connection, chosen.where, chosen.bound())  # type: ignore[return-value]
