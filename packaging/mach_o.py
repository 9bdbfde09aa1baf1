"""Read from Apple's program files which macOS they need and for which processors they are.

A page of our own, so that the rule can be checked on every system without one more library. Layout:
Apple's `mach-o/fat.h` and `mach-o/loader.h`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FAT, _FAT_64 = 0xCAFEBABE, 0xCAFEBABF
_THIN = {b"\xcf\xfa\xed\xfe": "<", b"\xfe\xed\xfa\xcf": ">"}
_PROCESSORS = {0x01000007: "x86_64", 0x0100000C: "arm64"}
_VERSION_MIN, _BUILD_VERSION = 0x24, 0x32
_MACOS = 1
_MOST_PARTS = 32
_ARCHIVE = b"!<arch>\n"
"""A static library: nothing loads it."""


@dataclass(frozen=True)
class Slice:
    """The part of a file that one kind of processor runs."""

    processor: str
    needs: tuple[int, int]
    """The oldest macOS that loads it."""


def slices(path: Path) -> list[Slice]:
    """Return the parts of a file; none for one that is no program file of Apple's.

    Raises:
        ValueError: it begins like one and is damaged.
    """
    content = path.read_bytes()
    try:
        return [_slice(content, place) for place in _places(content)]
    except struct.error as damage:
        raise ValueError(f"{path.name} is a damaged program file") from damage


def _places(content: bytes) -> list[int]:
    if content[:4] in _THIN:
        return [0]
    if len(content) < 8:
        return []
    magic, count = struct.unpack_from(">II", content)
    if magic not in {_FAT, _FAT_64} or count > _MOST_PARTS:  # Java's classes begin alike
        return []
    form, size = (">IIQQII", 32) if magic == _FAT_64 else (">IIIII", 20)
    places = [struct.unpack_from(form, content, 8 + size * n)[2] for n in range(count)]
    return [place for place in places if not content.startswith(_ARCHIVE, place)]


def _slice(content: bytes, place: int) -> Slice:
    order = _THIN.get(content[place : place + 4])
    if order is None:
        raise struct.error("no 64-bit part")
    processor, _, _, count, _ = struct.unpack_from(f"{order}IIIII", content, place + 4)
    at, needs = place + 32, (0, 0)
    for _ in range(count):
        command, size = struct.unpack_from(f"{order}II", content, at)
        if command == _VERSION_MIN:
            needs = _version(struct.unpack_from(f"{order}I", content, at + 8)[0])
        elif command == _BUILD_VERSION:
            platform, version = struct.unpack_from(f"{order}II", content, at + 8)
            if platform == _MACOS:
                needs = _version(version)
        at += max(size, 8)
    return Slice(_PROCESSORS.get(processor, f"{processor:#x}"), needs)


def _version(packed: int) -> tuple[int, int]:
    return packed >> 16, packed >> 8 & 0xFF
