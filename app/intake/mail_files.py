"""Finds the mails in files: single ones (.eml, .msg), mailboxes (mbox) and folders of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from app.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.intake.mail_message import MailMessage

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SUFFIXES = frozenset({".eml", ".msg", ".mbox", ".mbx", ".mime", ".txt", ""})
_FROM = re.compile(rb"^From [^\r\n]* \d{4}\s*$|^From \S+@\S+ [^\r\n]*$", re.MULTILINE)
_CHUNK = 1 << 20


class FoundMail(NamedTuple):
    """One mail of a file: its bytes, or why there are none."""

    source: str
    content: bytes
    problem: str = ""
    suffix: str = ".eml"


def find_mails(path: Path, *, largest: int) -> Iterator[FoundMail]:
    """Yield the mails of a file or folder, each with where it stands; nothing here raises."""
    if path.is_dir():
        try:
            inner = sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
        except OSError as error:
            yield FoundMail(str(path), b"", _cannot(path, error))
            return
        for one in inner:
            if one.suffix.lower() in _SUFFIXES and not one.name.startswith("."):
                yield from find_mails(one, largest=largest)
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(_CHUNK)
            if _is_mailbox(path, head):
                stream.seek(0)
                for index, content in enumerate(_split(stream, largest), 1):
                    yield checked(f"{path}:{index}", content, largest)
                return
            content = head + stream.read(largest + 1 - len(head)) if len(head) == _CHUNK else head
    except OSError as error:
        yield FoundMail(str(path), b"", _cannot(path, error))
        return
    yield checked(str(path), content, largest)


def checked(source: str, content: bytes, largest: int) -> FoundMail:
    """Return a mail, or why it cannot be taken."""
    if len(content) > largest:
        problem = f"It is larger than {largest // 1_048_576} MB. It was left where it is."
        return FoundMail(source, b"", problem)
    if not content.strip():
        return FoundMail(source, b"", "The file is empty, so there is no mail in it.")
    return FoundMail(source, content, suffix=suffix_of(content))


def _cannot(path: Path, error: OSError) -> str:
    return f"{path.name} cannot be read ({error.strerror}). Choose another file."


def _is_mailbox(path: Path, head: bytes) -> bool:
    """Tell an mbox from one mail that was saved with its envelope line."""
    if not head.startswith(b"From "):
        return False
    return path.suffix.lower() in {".mbox", ".mbx"} or len(_FROM.findall(head)) > 1


def _split(stream: Iterator[bytes], largest: int) -> Iterator[bytes]:
    """Yield the mails of an mbox (RFC 4155): they begin with "From " after an empty line."""
    lines: list[bytes] = []
    size, empty_before = 0, True
    for line in stream:
        if empty_before and line.startswith(b"From ") and _FROM.match(line):
            if lines:
                yield b"".join(lines)
            lines, size, empty_before = [], 0, False
            continue
        empty_before = not line.strip()
        size += len(line)
        if size <= largest + 1:
            lines.append(line[1:] if re.match(rb">+From ", line) else line)
        elif lines and lines[-1] != b"":
            lines.append(b"\n" * (largest + 2 - sum(map(len, lines))))
            lines.append(b"")
    if lines:
        yield b"".join(lines)


def suffix_of(content: bytes) -> str:
    """Return the suffix of the file in which an original is kept."""
    return ".msg" if content.startswith(OLE) else ".eml"


def read(content: bytes) -> MailMessage:
    """Read a mail by its kind: Outlook's own, or as it travels.

    Raises:
        InvalidInputError: it is a damaged file of Outlook, or no mail at all.
    """
    from app.intake.mail_message import read_message
    from app.intake.outlook_message import read_outlook_message

    if content.startswith(OLE):
        read = read_outlook_message(content)
        if read is None:
            raise InvalidInputError("It is a damaged file, or none of Outlook's. It was not read.")
        return read
    message = read_message(content)
    if not message.headers and b"\x00" in content[:_CHUNK]:
        raise InvalidInputError("It is no mail: it has no headers and is no text. It was not read.")
    return message
