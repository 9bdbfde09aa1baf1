"""Backup and restore: everything in one file, proven when it is made and again when it is used.

A backup is a zip: `manifest.json`, the database, and each attached file by its SHA-256. The
manifest holds size and hash of each part. Any thread with a desk of its own.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError, KnownError
from app.intake.safe_write import WriteError, whole_file
from app.storage import attachments
from app.storage import backup as copies

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.desk import Desk
    from app.system.paths import Profile

FORMAT, VERSION = "incident-desk-backup", 1
MANIFEST, DATABASE, FILES = "manifest.json", "incident-desk.sqlite", "attachments/"
_BLOCK = 1 << 20
_MANIFEST_LIMIT = 64 << 20
_FILE_NAME = re.compile(r"attachments/[0-9a-f]{64}")


class ProfileInUseError(KnownError):
    """There is a database where a backup was to be restored."""

    code = "profile_in_use"


def backup(
    desk: Desk, path: Path | str, *, progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Write everything to one file and prove the copy first.

    Args:
        desk: whose store; people may go on working meanwhile.
        path: the file, which appears only when it is whole.
        progress: told (done, total) in files.

    Raises:
        StoreError: the database is damaged; no backup was written over an older one.
        WriteError: the file cannot be written.
    """
    path = Path(path)
    wanted = _attached(desk)
    parts: dict[str, dict[str, Any]] = {}
    missing: list[str] = []
    with tempfile.TemporaryDirectory(prefix="incident-desk-") as folder:
        copy = Path(folder) / DATABASE
        copies.copy_database(desk.connection, copy)
        facts = copies.prove(copy)
        with whole_file(path) as target, zipfile.ZipFile(target, "w") as archive:
            with copy.open("rb") as stream:
                parts[DATABASE] = _add(archive, DATABASE, stream, zipfile.ZIP_DEFLATED)
            for done, sha256 in enumerate(wanted):
                if progress is not None:
                    progress(done, len(wanted))
                place = attachments.path_of(desk.profile.attachments, sha256)
                if not place.exists():
                    missing.append(sha256)
                    continue
                with place.open("rb") as stream:
                    part = _add(archive, FILES + sha256, stream, zipfile.ZIP_STORED)
                if part["sha256"] != sha256:
                    raise WriteError(
                        f"The attached file {sha256[:12]} was altered on the disk, so the backup "
                        "was not written. Run check, and restore that file first."
                    )
                parts[FILES + sha256] = part
            manifest = {
                "format": FORMAT,
                "version": VERSION,
                "schema": facts.schema,
                "entries": facts.entries,
                "heads": facts.heads,
                "files": parts,
                "missing": missing,
            }
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
    return {
        "ok": not missing,
        "path": str(path),
        "size": path.stat().st_size,
        "incidents": facts.incidents,
        "entries": facts.entries,
        "attachments": len(wanted) - len(missing),
        "missing": missing,
    }


def restore(profile: Profile, path: Path | str) -> dict[str, Any]:
    """Bring a backup into a profile that has no database yet; the store gets a new station.

    Takes what `backup` wrote, or a bare copy of a database (such as the one that is put beside the
    file before a migration).

    Raises:
        ProfileInUseError: there is a database already; it is not touched.
        InvalidInputError: the file is not a backup, or a part of it does not match its hash.
        StoreError: the database in it is damaged or of a newer program.
    """
    path = Path(path)
    if profile.exists():
        raise ProfileInUseError(
            f"There is a database in {profile.directory} already. Nothing was changed; name an "
            "empty folder with --profile."
        )
    kind = _kind(path)
    profile.create()
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=profile.directory) as name:
        folder = Path(name)
        if kind == "database":
            shutil.copyfile(path, folder / DATABASE)
            kept = 0
        else:
            kept = _unpack(path, folder)
        facts = copies.prove(folder / DATABASE)
        copies.become_new_station(folder / DATABASE)
        for file in sorted((folder / FILES).glob("*")):
            final = attachments.path_of(profile.attachments, file.name)
            final.parent.mkdir(parents=True, exist_ok=True)
            file.replace(final)
        (folder / DATABASE).replace(profile.database)
    return {
        "ok": True,
        "path": str(profile.directory),
        "incidents": facts.incidents,
        "entries": facts.entries,
        "attachments": kept,
    }


def _attached(desk: Desk) -> list[str]:
    rows: Any = desk.connection.execute("SELECT DISTINCT sha256 FROM attachment ORDER BY sha256")
    return [sha256 for (sha256,) in rows]


def _add(archive: zipfile.ZipFile, name: str, source: IO[bytes], packing: int) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    entry = zipfile.ZipInfo(name)
    entry.compress_type = packing
    entry.external_attr = 0o600 << 16
    with archive.open(entry, "w", force_zip64=True) as part:
        while block := source.read(_BLOCK):
            digest.update(block)
            size += len(block)
            part.write(block)
    return {"sha256": digest.hexdigest(), "size": size}


def _kind(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            start = stream.read(len(copies.HEADER))
    except OSError as error:
        raise InvalidInputError(
            f"{path} cannot be read ({error.strerror}). Name a backup file.", field="file"
        ) from error
    if start == copies.HEADER:
        return "database"
    if zipfile.is_zipfile(path):
        return "backup"
    raise InvalidInputError(
        f"{path.name} is not a backup of Incident Desk. Choose a file that backup wrote.",
        field="file",
    )


def _unpack(path: Path, folder: Path) -> int:
    """Write the parts of a backup into a folder, each proven; return the attached files."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = _parts(archive, path)
            (folder / FILES).mkdir()
            for name, facts in parts.items():
                _extract(archive, name, facts, folder / name)
    except (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError) as error:
        raise _damaged(path, str(error).strip("'\"")) from error
    return len(parts) - 1


def _parts(archive: zipfile.ZipFile, path: Path) -> dict[str, dict[str, Any]]:
    if archive.getinfo(MANIFEST).file_size > _MANIFEST_LIMIT:
        raise _damaged(path, "its manifest is too large")
    try:
        manifest = json.loads(archive.read(MANIFEST))
        known = manifest["format"] == FORMAT
        newer = int(manifest["version"]) > VERSION
        parts = {str(name): dict(facts) for name, facts in manifest["files"].items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise _damaged(path, "its manifest cannot be read") from error
    if not known:
        raise InvalidInputError(
            f"{path.name} is not a backup of Incident Desk. Choose a file that backup wrote; "
            "a package of incidents is taken in with import.",
            field="file",
        )
    if newer:
        raise InvalidInputError(
            f"{path.name} was written by a newer Incident Desk. Update the program to restore it.",
            field="file",
            code="newer",
        )
    for name in parts:
        if name != DATABASE and not _FILE_NAME.fullmatch(name):
            raise _damaged(path, f'it holds the unknown part "{name[:80]}"')
    if DATABASE not in parts:
        raise _damaged(path, "it holds no database")
    return parts


def _extract(archive: zipfile.ZipFile, name: str, facts: dict[str, Any], target: Path) -> None:
    digest, size, limit = hashlib.sha256(), 0, int(facts["size"])
    with archive.open(name) as source, target.open("xb") as file:
        while block := source.read(_BLOCK):
            size += len(block)
            if size > limit:
                break
            digest.update(block)
            file.write(block)
    if size != limit or digest.hexdigest() != facts["sha256"]:
        raise _damaged(Path(str(archive.filename)), f"{name} does not match its hash")


def _damaged(path: Path, reason: str) -> InvalidInputError:
    return InvalidInputError(
        f"{path.name} is damaged: {reason}. Nothing was restored; use another backup.",
        field="file",
        code="corrupt",
    )
