"""The whole package (.zip): incidents.json, the attachments by SHA-256, and a manifest of hashes.

A package comes from outside, so nothing in it is believed: names that leave their place, sizes
that lie, bytes that do not match their hash and archives that explode are refused before use.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, cast

from app.domain.errors import InvalidInputError
from app.intake.byte_source import ByteSource
from app.intake.export_json import stream_json
from app.intake.safe_write import whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

MANIFEST = "manifest.json"
INCIDENTS = "incidents.json"
ATTACHMENTS = "attachments/"
FORMAT = "incident-desk-package"
VERSION = 1
MAX_RATIO = 200
"""Unpacked to packed; text packs 10 to 30 times, a bomb thousands of times."""
MAX_TOTAL = 64 << 30
MAX_MANIFEST = 64 << 20
_BLOCK = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TIME = (1980, 1, 1, 0, 0, 0)
"""One fixed time for all entries: the same content gives the same bytes."""


def write_package(
    document: Mapping[str, object],
    attachments: Iterable[tuple[str, Callable[[], IO[bytes]]]],
    path: Path | str,
) -> int:
    """Write a package and return how many entries its lists hold.

    `attachments` gives each SHA-256 once with a way to open its bytes. Raises WriteError, or
    InvalidInputError when the bytes of an attachment no longer match its hash.
    """
    files: dict[str, dict[str, Any]] = {}
    with whole_file(path) as target, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(_entry(INCIDENTS), "w", force_zip64=True) as part:
            hashing = _Hashing(part)
            count = stream_json(document, cast("IO[bytes]", hashing))
        files[INCIDENTS] = hashing.facts()
        for sha256, opened in attachments:
            name = ATTACHMENTS + sha256
            if name in files:
                continue
            with opened() as content, archive.open(_entry(name), "w", force_zip64=True) as part:
                hashing = _Hashing(part)
                while block := content.read(_BLOCK):
                    hashing.write(block)
            files[name] = hashing.facts()
            if files[name]["sha256"] != sha256:
                raise InvalidInputError(
                    f"The attachment {sha256[:12]} has changed in the store; run check first."
                )
        manifest = {"format": FORMAT, "version": VERSION, "files": files}
        archive.writestr(_entry(MANIFEST), json.dumps(manifest, indent=1, sort_keys=True))
    return count


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


class _Hashing:
    """A writer that hashes what goes through it."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self._size += len(data)
        return self._inner.write(data)

    def facts(self) -> dict[str, Any]:
        """Return size and hash of all that was written."""
        return {"size": self._size, "sha256": self._hash.hexdigest()}


class Package:
    """A package that was opened and whose list of contents is sound."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name
        self._infos = {info.filename: info for info in archive.infolist()}
        self._check_entries()
        self._files = self._manifest()

    def attachments(self) -> list[str]:
        """Return the SHA-256 of every attachment in it."""
        return [n.removeprefix(ATTACHMENTS) for n in self._files if n.startswith(ATTACHMENTS)]

    def incidents(self) -> bytes:
        """Return incidents.json, checked against its hash."""
        return b"".join(self._checked(INCIDENTS))

    def attachment(self, sha256: str) -> Iterator[bytes]:
        """Give the bytes of an attachment in blocks; raise InvalidInputError at a wrong hash.

        The hash is known only after the last block: write to a temporary place first.
        """
        name = ATTACHMENTS + sha256
        if name not in self._files:
            raise InvalidInputError(f"{self._name} has no attachment {sha256[:12]}.")
        return self._checked(name)

    def _refuse(self, why: str) -> InvalidInputError:
        return InvalidInputError(
            f"{self._name} is not a sound package ({why}); nothing was imported."
        )

    def _check_entries(self) -> None:
        total = 0
        if len(self._infos) != len(self._archive.infolist()):
            raise self._refuse("an entry is there twice")
        for name, info in self._infos.items():
            known = name in (MANIFEST, INCIDENTS) or (
                name.startswith(ATTACHMENTS) and _SHA256.fullmatch(name.removeprefix(ATTACHMENTS))
            )
            if not known:
                raise self._refuse(f"it holds the foreign entry {name[:60]!r}")
            if info.flag_bits & 1:
                raise self._refuse("it is encrypted")
            if info.file_size > max(info.compress_size, 4096) * MAX_RATIO:
                raise self._refuse(f"{name[:60]} would unpack to {info.file_size >> 20} MB")
            total += info.file_size
        if total > MAX_TOTAL:
            raise self._refuse(f"it would unpack to {total >> 30} GB")

    def _manifest(self) -> dict[str, Any]:
        info = self._infos.get(MANIFEST)
        if info is None or INCIDENTS not in self._infos:
            raise self._refuse(f"{MANIFEST} or {INCIDENTS} is missing")
        if info.file_size > MAX_MANIFEST:
            raise self._refuse("its manifest is too large")
        try:
            told = json.loads(self._archive.read(MANIFEST))
            files = told["files"]
            if told["format"] != FORMAT or not isinstance(files, dict):
                raise ValueError("it is of another kind")
            version = int(told["version"])
        except (ValueError, KeyError, TypeError, RecursionError, zipfile.BadZipFile) as error:
            raise self._refuse("its manifest cannot be read") from error
        if version > VERSION:
            raise self._refuse("a newer version of the program wrote it; update first")
        if set(files) != set(self._infos) - {MANIFEST}:
            raise self._refuse("its manifest names other files than it holds")
        if any(not isinstance(facts, dict) for facts in files.values()):
            raise self._refuse("its manifest cannot be read")
        return files

    def _checked(self, name: str) -> Iterator[bytes]:
        wanted = self._files[name]
        digest, size = hashlib.sha256(), 0
        try:
            with self._archive.open(name) as part:
                while block := part.read(_BLOCK):
                    size += len(block)
                    if size > self._infos[name].file_size:
                        raise self._refuse(f"{name} is longer than it says")
                    digest.update(block)
                    yield block
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
            raise self._refuse(f"{name} is damaged") from error
        except Exception as error:
            if type(error).__module__ in ("zlib", "lzma"):
                raise self._refuse(f"{name} is damaged") from error
            raise
        if digest.hexdigest() != wanted.get("sha256") or size != wanted.get("size"):
            raise self._refuse(f"{name} does not match its hash")


@contextmanager
def open_package(origin: Path | str | bytes | ByteSource) -> Iterator[Package]:
    """Open a package for reading; raise InvalidInputError when anything about it is unsound."""
    source = origin if isinstance(origin, ByteSource) else ByteSource(origin)
    with source.open() as (stream, _):
        try:
            archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise InvalidInputError(
                f"{source.name} is not a package (a .zip that this program wrote)."
            ) from error
        with archive:
            yield Package(archive, source.name)


def is_package(source: ByteSource) -> bool:
    """Tell a package from other archives by its manifest or incidents."""
    if not source.head(4).startswith(b"PK\x03\x04"):
        return False
    with source.open() as (stream, _):
        try:
            with zipfile.ZipFile(stream) as archive:
                return bool({MANIFEST, INCIDENTS} & set(archive.namelist()))
        except (zipfile.BadZipFile, OSError, ValueError):
            return False


def incidents_of_package(source: ByteSource) -> bytes:
    """Return the checked incidents.json of a package."""
    with open_package(source) as package:
        return package.incidents()
