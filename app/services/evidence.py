"""Keeps evidence: files in the content-addressed store, recorded with who added them when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError
from app.domain.settings import value_of
from app.services.incidents import each
from app.storage import attachments, redactions
from app.storage.attachments import StoredFile
from app.system.clock import to_ms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from app.domain.changes import ChangeSet
    from app.domain.incident import EntityId
    from app.services.desk import Desk
    from app.storage.journal import Action

KeptFile = StoredFile
"""A file in the store: digest, size, name and media type; plain values, so a draft can name it."""

NewFile = Path | str | tuple[str, bytes] | StoredFile
"""A file on disk, a name with bytes (a pasted picture), or a file that is in the store already."""


def store_files(desk: Desk, files: Iterable[NewFile]) -> list[StoredFile]:
    """Copy files into the content-addressed store; nothing is recorded yet.

    All sizes are looked at before the first file is copied (ux.md, files).

    Raises:
        InvalidInputError: a file is too large, not a plain file, cannot be read, or was redacted.
    """
    limit = value_of(desk.rules.settings, "files.limit_mb") * 1024 * 1024
    folder = desk.profile.attachments
    wanted = list(files)
    for file in wanted:
        if isinstance(file, Path | str):
            attachments.check_file(Path(file), limit=limit)
    stored = []
    for file in wanted:
        if isinstance(file, StoredFile):
            stored.append(file)
        elif isinstance(file, tuple):
            stored.append(attachments.add_bytes(folder, file[1], file[0], limit=limit))
        else:
            path = Path(file)
            stored.append(attachments.add_file(folder, path, path.name, limit=limit))
    refuse_redacted(desk, stored)
    return stored


def refuse_redacted(desk: Desk, stored: Iterable[StoredFile]) -> None:
    """Refuse files that the team has removed for good; raises InvalidInputError."""
    gone = redactions.files(desk.connection)
    for file in stored:
        if file.sha256 in gone:
            attachments.path_of(desk.profile.attachments, file.sha256).unlink(missing_ok=True)
            raise InvalidInputError(
                f'"{file.name}" was redacted: your team has removed this file for good.',
                field="file",
            )


def add_attachments(
    action: Action,
    uid: EntityId,
    stored: Iterable[StoredFile],
    *,
    at: int | None = None,
    more: dict[str, str] | None = None,
) -> None:
    """Record stored files as evidence of an incident; `more` is said of each of them besides."""
    for file in stored:
        action.create(
            "attachment",
            {
                "name": file.name,
                "size": file.size,
                "sha256": file.sha256,
                "media_type": file.media_type,
                **(more or {}),
            },
            root=uid,
            at=at,
        )


def attach(
    desk: Desk, uid: EntityId, files: Sequence[NewFile], *, at: datetime | None = None
) -> ChangeSet:
    """Attach files as evidence: all of them or none."""
    stored = store_files(desk, files)
    title = "Attach " + (stored[0].name if len(stored) == 1 else f"{len(stored)} files")
    return each(
        desk,
        [uid],
        title,
        lambda action, incident: add_attachments(
            action, incident.id, stored, at=None if at is None else to_ms(at)
        ),
    )


def remove_attachment(desk: Desk, uid: EntityId, attachment: EntityId) -> ChangeSet:
    """Take a file off an incident; its bytes and its history stay."""
    return each(
        desk,
        [uid],
        "Remove file",
        lambda action, incident: action.set(
            "attachment", attachment, "deleted", True, root=incident.id
        ),
    )
