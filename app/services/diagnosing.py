"""Runs the team's checks for an incident and keeps what they said as evidence.

A check never runs by itself. Before its first run on a computer somebody there allows it, and again
when it or its script has changed: what another station shared is read before it acts here.
"""

from __future__ import annotations

import hashlib
import shlex
from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, Final, NamedTuple

from app.domain.diagnosis_check import (
    HTTPS_PORT,
    KIND,
    CheckKind,
    DiagnosisCheck,
    checks_for,
    refuse_consent,
)
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.folding import fold
from app.domain.incident import EntryKind
from app.domain.journal_entry import canonical
from app.services import browsing, evidence
from app.services.incidents import comment, each
from app.storage import catalogue
from app.storage.attachments import safe_name
from app.system import probes

if TYPE_CHECKING:
    import threading

    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.domain.incident_record import Incident
    from app.services.desk import Desk
    from app.storage.journal import Action
    from app.system.probes import Seen

_ALLOWED: Final = "check.allowed:"


class Plan(NamedTuple):
    """A check made ready for an incident: what it will do in one line, and whether it may."""

    check: DiagnosisCheck
    told: str
    fingerprint: str
    allowed: bool
    script_sha256: str = ""


def checks(desk: Desk, uid: EntityId) -> list[DiagnosisCheck]:
    """Return the checks for an incident, those of its category first."""
    found = browsing.incident(desk, uid)
    known = []
    for item in catalogue.every(desk.connection, KIND):
        with suppress(InvalidInputError):
            known.append(DiagnosisCheck.from_data(item.name, item.data))
    return checks_for(known, found.category.name if found.category is not None else "")


def plan(desk: Desk, uid: EntityId, name: str) -> Plan:
    """Make a check ready for an incident; nothing runs.

    Raises:
        NotFoundError: there is no such check for this incident.
        InvalidInputError: the incident has no item, or one whose name cannot be a target.
    """
    chosen = next((one for one in checks(desk, uid) if one.key == fold(name)), None)
    if chosen is None:
        raise NotFoundError(f'There is no check "{name}" for this incident; choose another one.')
    found = browsing.incident(desk, uid)
    ready = chosen.for_incident(found.ci.name if found.ci is not None else "", found.number)
    script = probes.digest_of(ready.target) if ready.check is CheckKind.SCRIPT else ""
    named = canonical({"name": chosen.key, "script": script, **chosen.to_data()})
    fingerprint = hashlib.sha256(named.encode()).hexdigest()
    allowed = desk.store.local(_ALLOWED + fingerprint) is not None
    return Plan(ready, _told(ready), fingerprint, allowed, script)


def allow(desk: Desk, made: Plan) -> None:
    """Remember that this check, as it is now, may run on this computer."""
    desk.store.set_local(_ALLOWED + made.fingerprint, str(desk.person))


def run(desk: Desk, uid: EntityId, name: str, stop: threading.Event) -> tuple[Plan, Seen]:
    """Run a check that is allowed here; nothing is written.

    Raises:
        InvalidInputError: nobody has allowed it on this computer, or not as it is now.
    """
    made = plan(desk, uid, name)
    if not made.allowed:
        raise refuse_consent(made.check)
    return made, probe(made.check, stop)


def probe(check: DiagnosisCheck, stop: threading.Event) -> Seen:
    """Do what a check says."""
    timeout, target = float(check.timeout_s), check.target
    match check.check:
        case CheckKind.PING:
            return probes.ping(target, timeout, stop)
        case CheckKind.TCP:
            return probes.tcp(target, check.port or HTTPS_PORT, timeout, stop)
        case CheckKind.DNS:
            return probes.dns(target, timeout, stop)
        case CheckKind.HTTP:
            return probes.http(target, timeout, stop)
        case CheckKind.CERTIFICATE:
            return probes.certificate(target, check.port or HTTPS_PORT, timeout, stop, check.limit)
        case CheckKind.DISK:
            return probes.disk(target, stop, timeout, check.limit)
        case CheckKind.SCRIPT:
            return probes.run([target, *check.arguments], timeout, stop)


def keep(desk: Desk, uid: EntityId, made: Plan, seen: Seen) -> ChangeSet:
    """Put what a check said into the incident: a file as evidence and a note, one undo for both."""
    check, now = made.check, desk.now()
    station = desk.store.station.hex()[:8]
    word = "passed" if seen.ok else "FAILED"
    head = [
        f"Check: {check.name}",
        f"Does: {made.told}",
        f"Result: {word}, {seen.result}",
        f"Run by {desk.person} on station {station} at {now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
    ]
    if made.script_sha256:
        head.append(f"SHA-256 of the script: {made.script_sha256}")
    name = safe_name(f"check {check.name} {now.astimezone(UTC):%Y%m%d-%H%M%S}.txt")
    content = "\n".join([*head, "", seen.output]).encode("utf-8", "replace")
    stored = evidence.store_files(desk, [(name, content)])
    text = f'Check "{check.name}" {word}: {seen.result}\n{made.told} (station {station})\n{name}'

    def act(action: Action, incident: Incident) -> None:
        evidence.add_attachments(action, incident.id, stored)
        comment(action, incident.id, EntryKind.NOTE, text)

    return each(desk, [uid], f"Keep check {check.name}", act)


def _told(check: DiagnosisCheck) -> str:
    """Say in one line what will be done."""
    port = check.port or HTTPS_PORT
    match check.check:
        case CheckKind.TCP:
            return f"Open a connection to {check.target}, port {port}"
        case CheckKind.CERTIFICATE:
            return f"Read the certificate of {check.target}, port {port}"
        case CheckKind.SCRIPT:
            return f"Run {shlex.join([check.target, *check.arguments])}"
        case CheckKind.PING:
            return f"Ping {check.target}"
        case CheckKind.DNS:
            return f"Look up the addresses of {check.target}"
        case CheckKind.HTTP:
            return f"Get {check.target}"
        case CheckKind.DISK:
            return f"Look how much is free where {check.target} is"
