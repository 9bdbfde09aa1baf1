"""The lines of a log as text: unpacked on the way, its encoding guessed, never held whole."""

from __future__ import annotations

import gzip
import io
import lzma
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

from app.domain.errors import InvalidInputError, NotFoundError
from app.insight import event_log

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_UNPACKED: Final = 4 << 30
"""Characters that a packed log may become; more is taken for a decompression bomb."""
LONGEST: Final = 1 << 16
"""Characters of one line that are read at once; the rest of a longer one is dropped."""
_SAMPLE: Final = 1 << 18
_PART: Final = 1 << 18
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DAMAGE = (lzma.LZMAError, zlib.error, EOFError, gzip.BadGzipFile, zipfile.BadZipFile)


class LogText:
    """A log on the disk or in memory; it can be read from its beginning as often as needed."""

    def __init__(self, origin: Path | bytes, name: str = "") -> None:
        """Look at the beginning of a log.

        Raises:
            NotFoundError: there is no such file.
            InvalidInputError: it cannot be read, is damaged, or is neither text nor an event log.
        """
        self.origin = origin
        self.name = name or (origin.name if isinstance(origin, Path) else "The log")
        with self._bytes() as stream:
            sample = stream.read(_SAMPLE)
        self.is_event_log = sample.startswith(event_log.MAGIC)
        """Whether it is one of Windows: its lines are made from its events."""
        self.encoding, self.is_guess = (
            (event_log.ENCODING, False) if self.is_event_log else _encoding(sample, self.name)
        )

    def lines(self) -> Iterator[str]:
        """Yield the lines without their ends; bytes that are no text become U+FFFD."""
        for batch in self.batches():
            yield from batch

    def batches(self) -> Iterator[list[str]]:
        """Yield the lines some thousands at a time, which is much faster than one by one."""
        if self.is_event_log:
            yield from self._events()
            return
        left, tail = MAX_UNPACKED, ""
        with self._bytes() as stream:
            text = io.TextIOWrapper(stream, self.encoding, errors="replace", newline="\n")
            for part in iter(partial(text.read, _PART), ""):
                left -= len(part)
                if left < 0:
                    raise self._too_long()
                lines = (tail + part).split("\n")
                tail = lines.pop()[:LONGEST]
                yield _trimmed(lines)
        if tail:
            yield _trimmed([tail])

    def _events(self) -> Iterator[list[str]]:
        """Yield the events of a Windows event log as lines; a packed one is unpacked beside."""
        with self._bytes() as stream, tempfile.TemporaryFile() as unpacked:
            if isinstance(stream, (io.BufferedReader, io.BytesIO)):
                yield from event_log.batches(stream, self.name)
                return
            for part in iter(partial(stream.read, _PART), b""):
                unpacked.write(part)
                if unpacked.tell() > MAX_UNPACKED:
                    raise self._too_long()
            unpacked.seek(0)
            yield from event_log.batches(unpacked, self.name)

    def _too_long(self) -> InvalidInputError:
        return InvalidInputError(
            f"{self.name} unpacks to more than {MAX_UNPACKED >> 30} GB; split it."
        )

    @contextmanager
    def _bytes(self) -> Iterator[IO[bytes]]:
        try:
            with self._raw() as raw:
                head = raw.read(6)
                raw.seek(0)
                yield self._unpacked(raw, head)
        except FileNotFoundError as error:
            raise NotFoundError(f"There is no file {self.origin!s}; check its name.") from error
        except _DAMAGE as error:
            raise InvalidInputError(
                f"{self.name} is damaged and cannot be unpacked; fetch it again."
            ) from error
        except OSError as error:
            raise InvalidInputError(
                f"{self.name} cannot be read: {error.strerror or error}."
            ) from error

    def _raw(self) -> IO[bytes]:
        origin = self.origin
        return io.BytesIO(origin) if isinstance(origin, bytes) else origin.open("rb")

    def _unpacked(self, raw: IO[bytes], head: bytes) -> IO[bytes]:
        if head.startswith(b"\x1f\x8b"):
            return cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
        if head.startswith(b"\xfd7zXZ\x00"):
            return cast("IO[bytes]", lzma.LZMAFile(raw))
        if head.startswith(b"PK\x03\x04"):
            archive = zipfile.ZipFile(raw)
            files = [one for one in archive.infolist() if not one.is_dir()]
            if len(files) != 1:
                raise InvalidInputError(
                    f"{self.name} holds {len(files)} files; unpack it and give one of them."
                )
            if files[0].flag_bits & 1:
                raise InvalidInputError(f"{self.name} has a password; unpack it and give the log.")
            return archive.open(files[0])
        return raw


def _trimmed(lines: list[str]) -> list[str]:
    return [line[:LONGEST].rstrip("\r") for line in lines]


def _encoding(sample: bytes, name: str) -> tuple[str, bool]:
    """Return the encoding of a beginning, and whether that is no more than a guess."""
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return encoding, False
    even, odd = sample[0::2], sample[1::2]
    if len(odd) > 1 and odd.count(0) > len(odd) * 0.3 and even.count(0) < len(even) * 0.05:
        return "utf-16-le", True
    if len(odd) > 1 and even.count(0) > len(even) * 0.3 and odd.count(0) < len(odd) * 0.05:
        return "utf-16-be", True
    if sample.count(0) * 20 > len(sample):
        raise InvalidInputError(f"{name} is not text (binary data); export the log as text first.")
    try:
        sample[: -4 if len(sample) == _SAMPLE else None].decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return _old_encoding(sample), True
    return "utf-8", False


def _old_encoding(sample: bytes) -> str:
    good = len(sample.decode("utf-8", "ignore").encode("utf-8"))
    if good > len(sample) * 0.999:  # a few bytes are broken: it is UTF-8 all the same
        return "utf-8"
    from charset_normalizer import from_bytes

    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    found = from_bytes(b"\n".join(lines[:400])).best()
    return "cp1252" if found is None or found.coherence == 0 else found.encoding
