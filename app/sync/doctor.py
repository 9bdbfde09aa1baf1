"""Tests this computer and a shared folder for what sharing needs of them (sync.md, hub doctor).

Only files of its own are made, under a name that no hub reads, and all are removed again.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LEAST_FREE = 200 << 20
"""Bytes that should be free here and on the share."""
CLOCK_MS = 5 * 60 * 1000
"""How far the clocks of this computer and the share may be apart."""


class Check(NamedTuple):
    """One test: its name, whether it passed, and what was found in plain words."""

    name: str
    ok: bool
    detail: str


def computer(folder: Path, sqlite_version: str, minimum: str) -> list[Check]:
    """Test this computer: SQLite and the space where the profile is."""
    new_enough = _numbers(sqlite_version) >= _numbers(minimum)
    return [
        Check("sqlite", new_enough, f"SQLite {sqlite_version}; {minimum} or newer is needed"),
        _space("space here", folder),
    ]


def share(root: Path, unique: str, now_ms: int) -> list[Check]:
    """Test a shared folder with files of our own; `unique` keeps two doctors apart."""
    if not root.is_dir():
        return [Check("folder", False, f"{root} is not there or cannot be reached.")]
    place = root / f".doctor-{unique}"
    checks = [Check("folder", True, f"{root} can be reached.")]
    try:
        checks += [
            _tried("exclusive create", lambda: _exclusive(place)),
            _tried("rename", lambda: _rename(place)),
            _tried("read back", lambda: _read_back(place)),
            _tried("second handle", lambda: _second_handle(place)),
            _tried("clock", lambda: _clock(place, now_ms)),
            _space("space there", root),
        ]
    finally:
        for name in (place, place.with_name(place.name + ".new")):
            with suppress(OSError):
                name.unlink(missing_ok=True)
    return checks


def _tried(name: str, test: Callable[[], tuple[bool, str]]) -> Check:
    try:
        ok, detail = test()
    except OSError as error:
        ok, detail = False, f"The share refused it: {error.strerror}."
    return Check(name, ok, detail)


def _exclusive(place: Path) -> tuple[bool, str]:
    place.unlink(missing_ok=True)
    with place.open("xb") as file:
        file.write(b"first")
    try:
        with place.open("xb"):
            return False, "A file was made twice: numbers could be handed out twice here."
    except FileExistsError:
        return True, "A file is made once only."


def _rename(place: Path) -> tuple[bool, str]:
    new = place.with_name(place.name + ".new")
    new.write_bytes(b"second")
    new.replace(place)
    good = place.read_bytes() == b"second" and not new.exists()
    return good, "A finished file takes its name at once." if good else "A rename left two files."


def _read_back(place: Path) -> tuple[bool, str]:
    content = os.urandom(64 * 1024)
    with place.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    good = place.read_bytes() == content
    return good, "What is written is read back." if good else "Something else was read back."


def _second_handle(place: Path) -> tuple[bool, str]:
    with place.open("r+b") as one, place.open("rb") as other:
        one.write(b"abc")
        one.flush()
        os.fsync(one.fileno())
        good = other.read(3) == b"abc"
    return good, "A second reader sees what was written." if good else "A second reader is behind."


def _clock(place: Path, now_ms: int) -> tuple[bool, str]:
    place.write_bytes(b"now")
    apart = abs(int(place.stat().st_mtime * 1000) - now_ms)
    return apart <= CLOCK_MS, f"The clocks are {apart // 1000} s apart."


def _space(name: str, folder: Path) -> Check:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Check(name, False, f"The free space cannot be read: {error.strerror}.")
    return Check(name, free >= LEAST_FREE, f"{free >> 20} MB are free.")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
