"""Finds the pictures among an incident's files that its report prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError, NotFoundError, StoreError
from app.storage import attachments

if TYPE_CHECKING:
    from app.domain.incident_record import Incident
    from app.reports.language import Language
    from app.reports.record_parts import EvidencePicture
    from app.services.desk import Desk

_MOST_BYTES = 30 * 1024 * 1024
"""A larger picture is not read for a report; the table of files names it all the same."""


def evidence_pictures(
    desk: Desk, incident: Incident, words: Language
) -> tuple[EvidencePicture, ...]:
    """Return the pictures of an incident, in the order of its files.

    One that is not on this computer, or was altered on the disk, comes without its content.
    """
    from app.reports.evidence_pictures import MOST_PICTURES  # reportlab loads slowly
    from app.reports.record_parts import EvidencePicture
    from app.reports.wording import size

    found: list[EvidencePicture] = []
    for file in incident.attachments:
        if not file.media_type.startswith("image/") or file.size > _MOST_BYTES:
            continue
        content = b""
        if len(found) < MOST_PICTURES:
            try:
                content = attachments.read(desk.profile.attachments, file.sha256)
            except (InvalidInputError, NotFoundError, StoreError):
                content = b""
        found.append(EvidencePicture(file.name, size(words, file.size), content))
    return tuple(found)
