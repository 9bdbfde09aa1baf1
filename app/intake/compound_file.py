"""Reads the streams of a compound file ([MS-CFB]): the container of Outlook's .msg files.

Only as much as a mail needs, and safe against chains that run in circles or out of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import error as unpack_error
from struct import iter_unpack, unpack_from

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE, _NOTHING = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_MOST_ENTRIES = 50_000


class DamagedFileError(ValueError):
    """The bytes are no compound file, or one that is cut off."""


@dataclass(slots=True)
class Storage:
    """A folder of a compound file: streams and further storages by name."""

    streams: dict[str, bytes] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)


def read_compound_file(content: bytes) -> Storage:
    """Return the root of a compound file; raises DamagedFileError."""
    try:
        return _File(content).root()
    except (unpack_error, IndexError, UnicodeError) as error:
        raise DamagedFileError("the file is cut off") from error


class _File:
    def __init__(self, content: bytes) -> None:
        if not content.startswith(MAGIC):
            raise DamagedFileError("it is no compound file")
        self._content = content
        shift, small_shift = unpack_from("<HH", content, 30)
        if shift not in {9, 12} or small_shift != 6:
            raise DamagedFileError("its sectors have an unknown size")
        self._size, self._small_size = 1 << shift, 1 << small_shift
        first_entry, self._cutoff = unpack_from("<I", content, 48)[0], 4096
        first_small, _, first_table, tables = unpack_from("<IIII", content, 60)
        self._table = self._read_table(first_table, tables)
        entries = self._chain(first_entry)
        self._entries = [entries[at : at + 128] for at in range(0, len(entries) - 127, 128)]
        small = self._chain(first_small) if first_small < _END else b""
        self._small_table = [one[0] for one in iter_unpack("<I", small[: len(small) // 4 * 4])]
        root = self._entries[0]
        self._small = self._chain(unpack_from("<I", root, 116)[0])

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._content[start : start + self._size]

    def _read_table(self, following: int, count: int) -> list[int]:
        numbers = [one[0] for one in iter_unpack("<I", self._content[76:512])]
        for _ in range(min(count, len(self._content) // self._size)):
            if following >= _END:
                break
            sector = self._sector(following)
            told = [one[0] for one in iter_unpack("<I", sector[: len(sector) // 4 * 4])]
            numbers += told[:-1]
            following = told[-1]
        most = len(self._content) // self._size + 1
        table: list[int] = []
        for number in numbers[: most + 1]:
            if number < _END:
                sector = self._sector(number)
                table += [one[0] for one in iter_unpack("<I", sector[: len(sector) // 4 * 4])]
        return table

    def _chain(self, number: int) -> bytes:
        parts: list[bytes] = []
        seen: set[int] = set()
        while number < _END and number not in seen and number < len(self._table):
            seen.add(number)
            parts.append(self._sector(number))
            number = self._table[number]
        return b"".join(parts)

    def _small_chain(self, number: int, size: int) -> bytes:
        parts: list[bytes] = []
        most = size // self._small_size + 1
        while number < _END and len(parts) < most and number < len(self._small_table):
            start = number * self._small_size
            parts.append(self._small[start : start + self._small_size])
            number = self._small_table[number]
        return b"".join(parts)

    def root(self) -> Storage:
        """Return the tree of storages below the root."""
        if len(self._entries) > _MOST_ENTRIES:
            raise DamagedFileError("it has too many parts")
        root = Storage()
        seen = {0}
        waiting = [(root, unpack_from("<I", self._entries[0], 76)[0])]
        while waiting:
            storage, number = waiting.pop()
            if number == _NOTHING or number in seen or number >= len(self._entries):
                continue
            seen.add(number)
            entry = self._entries[number]
            length, kind = unpack_from("<HB", entry, 64)
            left, right, child = unpack_from("<III", entry, 68)
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            waiting += [(storage, left), (storage, right)]
            if kind == _STREAM:
                storage.streams[name] = self._stream(entry)
            elif kind == _STORAGE:
                inner = storage.storages[name] = Storage()
                waiting.append((inner, child))
        return root

    def _stream(self, entry: bytes) -> bytes:
        start, size = unpack_from("<II", entry, 116)
        content = self._small_chain(start, size) if size < self._cutoff else self._chain(start)
        return content[:size]
