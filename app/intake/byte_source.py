"""The bytes of a file to import: opened as often as needed, unpacked on the way, never held whole.

Progress is told in bytes of the file as it lies on the disk, so that a bar is right for .xz too.
"""

from __future__ import annotations

import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from app.domain.errors import InvalidInputError, NotFoundError
from app.intake.import_record import ImportCancelledError
from app.system.courtesy import give_way

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Progress = Callable[[int, int], None]
"""Told (done, total) in bytes, from the thread that reads."""

Cancelled = Callable[[], bool]
"""Asked every few rows; True stops the import with `ImportCancelledError`."""

MAX_UNPACKED = 4 << 30
"""Bytes that a packed file may become; more is taken for a decompression bomb."""

_XZ = b"\xfd7zXZ\x00"
_GZIP = b"\x1f\x8b"


@dataclass(slots=True)
class Watch:
    """Progress and cancellation of one import, which may read the file more than once."""

    progress: Progress | None = None
    cancelled: Cancelled | None = None
    total: int = 0
    before: int = 0
    """Bytes of passes already done."""

    def tick(self, done: int) -> None:
        """Tell how far this pass is; raise ImportCancelledError when asked to stop.

        Asked for every few rows, so the window's thread goes first here too.
        """
        give_way()
        if self.cancelled is not None and self.cancelled():
            raise ImportCancelledError
        if self.progress is not None:
            self.progress(min(self.before + done, self.total), self.total)

    def pass_done(self, size: int) -> None:
        """Count one whole pass over the file."""
        self.before += size
        self.tick(0)


class _Limited(io.RawIOBase):
    """Unpacked bytes up to `MAX_UNPACKED`, with damage told as a known error."""

    def __init__(self, inner: IO[bytes], name: str) -> None:
        self._inner = inner
        self._name = name
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self._inner.read(len(view))
        except (lzma.LZMAError, zlib.error, EOFError, gzip.BadGzipFile) as error:
            raise InvalidInputError(
                f"{self._name} is damaged and cannot be unpacked; fetch or export it again."
            ) from error
        self._count += len(data)
        if self._count > MAX_UNPACKED:
            raise InvalidInputError(
                f"{self._name} unpacks to more than {MAX_UNPACKED >> 30} GB; unpack and split it."
            )
        view[: len(data)] = data
        return len(data)


class ByteSource:
    """A file or bytes in memory, opened unpacked (.xz and .gz are known by their first bytes)."""

    def __init__(self, origin: Path | str | bytes, *, name: str = "") -> None:
        """Look at the file; raise NotFoundError or InvalidInputError when it cannot be read."""
        self._origin = origin if isinstance(origin, bytes) else Path(origin)
        if isinstance(self._origin, bytes):
            self.name, self.size = name or "The data", len(self._origin)
            head = self._origin[:8]
        else:
            self.name = name or self._origin.name
            head = self._look(self._origin)
        if not self.size:
            raise InvalidInputError(f"{self.name} is empty (0 bytes); there is nothing to import.")
        self.packing = "xz" if head.startswith(_XZ) else "gz" if head.startswith(_GZIP) else ""

    def _look(self, path: Path) -> bytes:
        try:
            if path.is_dir():
                raise InvalidInputError(f"{path} is a folder; name the file to import.")
            self.size = path.stat().st_size
            with path.open("rb") as file:
                return file.read(8)
        except FileNotFoundError as error:
            raise NotFoundError(f"There is no file {path}; check its name.") from error
        except OSError as error:
            raise InvalidInputError(f"{path} cannot be read: {error.strerror or error}.") from error

    @contextmanager
    def open(self) -> Iterator[tuple[IO[bytes], Callable[[], int]]]:
        """Give (unpacked stream, how many bytes of the file were used so far).

        Raises NotFoundError when the file has gone, InvalidInputError when it cannot be read on.
        """
        try:
            with self._raw() as raw, self._unpacked(raw) as stream:
                yield stream, raw.tell
        except FileNotFoundError as error:
            raise NotFoundError(
                f"{self.name} has gone; put it back and import it again."
            ) from error
        except OSError as error:
            raise InvalidInputError(
                f"{self.name} cannot be read on: {error.strerror or error}. Copy it to this "
                "computer and import it again."
            ) from error

    def _raw(self) -> IO[bytes]:
        return (
            io.BytesIO(self._origin) if isinstance(self._origin, bytes) else self._origin.open("rb")
        )

    @contextmanager
    def _unpacked(self, raw: IO[bytes]) -> Iterator[IO[bytes]]:
        with raw:
            if not self.packing:
                yield raw
                return
            unpacked = cast(
                "IO[bytes]",
                lzma.LZMAFile(raw)  # noqa: SIM115 (the reader below closes it)
                if self.packing == "xz"
                else gzip.GzipFile(fileobj=raw),
            )
            with io.BufferedReader(_Limited(unpacked, self.name), 1 << 18) as stream:
                yield cast("IO[bytes]", stream)

    def head(self, size: int) -> bytes:
        """Return the first `size` unpacked bytes."""
        with self.open() as (stream, _):
            return stream.read(size)
