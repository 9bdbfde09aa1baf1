"""Keeps evidence by its SHA-256: a file is copied once, hashed on the way, and never changed.

Layout: `<folder>/<first two digits>/<sha256>`. A copy appears under its name only when it is whole
and on the disk; names that systems reserve or that lead elsewhere are made safe for every system.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
import re
import stat
import tempfile
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from app.domain.errors import InvalidInputError, NotFoundError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT_BYTES = 50 * 1024 * 1024
"""ux.md, files: said before anything is copied."""

NAME_LIMIT = 120
_CHUNK = 1024 * 1024
_UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


class StoredFile(NamedTuple):
    """A file in the store: digest, size in bytes, safe name, media type."""

    sha256: str
    size: int
    name: str
    media_type: str


def safe_name(name: str) -> str:
    """Return the last part of a name, usable on Windows, macOS and Linux."""
    last = re.split(r"[/\\]", name)[-1].encode("utf-8", "replace").decode()
    clean = _UNSAFE.sub("_", last).strip(" .")
    if len(clean) > NAME_LIMIT:
        stem, dot, suffix = clean.rpartition(".")
        keep = suffix[:16] if dot else ""
        clean = (stem or clean)[: NAME_LIMIT - len(keep) - 1] + (f".{keep}" if keep else "")
    if not clean:
        return "file"
    return f"_{clean}" if _RESERVED.match(clean) else clean


def add_file(folder: Path, source: Path, name: str, *, limit: int = LIMIT_BYTES) -> StoredFile:
    """Copy a file into the store.

    Raises:
        InvalidInputError: it is not there, not a plain file, or larger than `limit` bytes.
        StoreError: the disk is full or cannot be written; nothing is left behind.
    """
    check_file(source, limit=limit)
    try:
        with source.open("rb") as stream:
            return _store(folder, stream, name, limit)
    except PermissionError as error:
        raise InvalidInputError(
            f'"{source.name}" may not be read. Check its permissions.', field="file"
        ) from error


def check_file(source: Path, *, limit: int = LIMIT_BYTES) -> None:
    """Look whether a file can be taken, before anything is copied.

    Raises:
        InvalidInputError: it is not there, not a plain file, or larger than `limit` bytes.
    """
    try:
        facts = source.stat()
    except OSError as error:
        raise InvalidInputError(
            f'"{source.name}" cannot be read ({error.strerror}). Choose another file.', field="file"
        ) from error
    if not stat.S_ISREG(facts.st_mode):
        raise InvalidInputError(
            f'"{source.name}" is not a file. Attach files one by one, or a zip of a folder.',
            field="file",
        )
    _check_size(source.name, facts.st_size, limit)


def add_bytes(folder: Path, content: bytes, name: str, *, limit: int = LIMIT_BYTES) -> StoredFile:
    """Put bytes (a pasted picture, a mail's part) into the store; raises as `add_file` does."""
    _check_size(name, len(content), limit)
    return _store(folder, BytesIO(content), name, limit)


def _check_size(name: str, size: int, limit: int) -> None:
    if size > limit:
        raise InvalidInputError(
            f'"{name}" has {size / 1_048_576:.0f} MB; at most {limit / 1_048_576:.0f} MB fit. '
            "Nothing was copied; put it on a share and note where it is.",
            field="file",
            code="file_too_large",
        )


def _store(folder: Path, stream: IO[bytes], name: str, limit: int) -> StoredFile:
    digest, size = hashlib.sha256(), 0
    temporary: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".new-", delete=False) as target:
            temporary = Path(target.name)
            for chunk in _chunks(stream):
                size += len(chunk)
                _check_size(name, size, limit)
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        final = path_of(folder, digest.hexdigest())
        final.parent.mkdir(exist_ok=True)
        temporary.replace(final)
        temporary = None
    except OSError as error:
        raise StoreError(
            f'"{name}" could not be stored: {error.strerror}. Nothing was attached; '
            "free some space or check the folder, and attach it again.",
            code="disk_full" if error.errno in (27, 28) else "store",
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    safe = safe_name(name)
    media = mimetypes.guess_type(safe)[0] or "application/octet-stream"
    return StoredFile(digest.hexdigest(), size, safe, media)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def is_digest(sha256: str) -> bool:
    """Tell whether a text is a digest, which other stations may have written."""
    return re.fullmatch(r"[0-9a-f]{64}", sha256) is not None


def path_of(folder: Path, sha256: str) -> Path:
    """Return where a file of this digest is kept.

    Raises:
        InvalidInputError: the digest is not 64 hexadecimal digits.
    """
    if not is_digest(sha256):
        raise InvalidInputError(f'"{sha256[:80]}" is not a SHA-256 digest.')
    return folder / sha256[:2] / sha256


def verified(folder: Path, sha256: str) -> Iterator[None]:
    """Hash a file of the store piece by piece, for who does something else in between.

    Raises:
        NotFoundError: the file is missing.
        StoreError: its content no longer matches its digest.
    """
    digest = hashlib.sha256()
    try:
        with path_of(folder, sha256).open("rb") as stream:
            for chunk in _chunks(stream):
                digest.update(chunk)
                yield
    except OSError as error:
        raise _missing(sha256) from error
    if digest.hexdigest() != sha256:
        raise _altered(sha256)


def read(folder: Path, sha256: str) -> bytes:
    """Return the bytes of a stored file, verified.

    Raises:
        NotFoundError: the file is missing.
        StoreError: its content no longer matches its digest.
    """
    try:
        content = path_of(folder, sha256).read_bytes()
    except OSError as error:
        raise _missing(sha256) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _altered(sha256)
    return content


def present(folder: Path, sha256: str) -> Path:
    """Return where the content of a file is.

    Raises:
        NotFoundError: the content is missing on this computer.
    """
    path = path_of(folder, sha256)
    if not path.is_file():
        raise _missing(sha256)
    return path


def _missing(sha256: str) -> NotFoundError:
    return NotFoundError(
        f"The file {sha256[:12]} is missing on this computer; restore it from a backup."
    )


def _altered(sha256: str) -> StoreError:
    return StoreError(
        f"The file {sha256[:12]} was altered on the disk; restore it from a backup.",
        code="altered",
    )


def export_to(folder: Path, stored: StoredFile, target: Path) -> Path:
    """Copy a stored file out under its name, never over another file; return where it is."""
    content = read(folder, stored.sha256)
    stem, suffix = Path(stored.name).stem, Path(stored.name).suffix
    for number in range(1, 10_000):
        path = target / (stored.name if number == 1 else f"{stem} ({number}){suffix}")
        try:
            with path.open("xb") as stream:
                stream.write(content)
        except FileExistsError:
            continue
        return path
    raise StoreError(f"{target} already holds too many files called {stored.name}.")
