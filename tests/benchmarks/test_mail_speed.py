"""Taking in all real mails, against Python's own `email` parse of the same messages.

The bar is a quarter of the speed; told as a ratio of one run on one machine, nothing fails on time.
"Read" is the parser of this project alone; "read and stored" ends with the committed incident, its
original and its files on the disk. CPU time stands beside, because of other work on the machine.
"""

from __future__ import annotations

import time
from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING

import pytest

from app.intake.mail_files import read
from app.services import mail_intake
from app.services.desk import open_desk
from app.system.clock import SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _measured(work: Callable[[bytes], object], mails: list[bytes]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    for content in mails:
        work(content)
    return time.perf_counter() - wall, time.process_time() - cpu


def _parsed_whole(content: bytes) -> int:
    """Parse a mail with its headers and bodies decoded, as whoever shows it must."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    size = 0
    for part in message.walk():
        for name in ("From", "To", "Subject", "Date", "Content-Type"):
            try:
                size += len(str(part[name]))
            except (ValueError, LookupError, TypeError, AttributeError, IndexError):
                continue
        size += len(part.get_payload(decode=True) or b"")
    return size


@pytest.mark.benchmark
def test_taking_in_mails(real_data: Path, tmp_path: Path) -> None:
    mails = [path.read_bytes() for path in sorted((real_data / "emails").glob("*/*.eml"))]
    desk = open_desk(Profile(tmp_path / "profile"), SystemClock(), person="Ana Ruiz", zone="UTC")
    read(mails[0])  # what loads once
    bare = _measured(BytesParser(policy=policy.default).parsebytes, mails)
    whole = _measured(_parsed_whole, mails)
    alone = _measured(read, mails)
    stored = _measured(lambda content: mail_intake.take_in(desk, content), mails)
    megabytes = sum(map(len, mails)) / 1e6
    print(f"\n{len(mails)} mails, {megabytes:.1f} MB: wall s, CPU s")
    for name, told in (("email parse", bare), ("email parse, decoded", whole), ("read", alone),
                       ("read and stored", stored)):  # fmt: skip
        print(f"{name:<21} {told[0]:8.3f} {told[1]:8.3f}   x{bare[0] / told[0]:.2f} of the parse")
    assert stored[0] > 0
