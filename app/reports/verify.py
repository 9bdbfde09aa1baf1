"""Read a finished report back: the record in it, its checksum, and what its page prints.

The file comes from anywhere and may be anything: rubbish, encrypted, cut off, or made to harm.
Nothing in it is run or fetched, what it unpacks to is bounded, and whatever a reader of PDF makes
of it ends as a `problem` in words, never as an exception. Any thread.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError, KnownError, NotFoundError
from app.reports.language import language_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LARGEST = 256 * 1024 * 1024
"""No report is larger: of such a file nothing is read."""
_LARGEST_RECORD = 64 * 1024 * 1024
_LARGEST_PAGE = 4 * 1024 * 1024
_PAGES_READ = 2
"""The verification stands on the last page, or on the one before it."""
_DOCUMENT_ID = re.compile(rb"/ID\s*\[\s*<([0-9A-Fa-f]{8,128})>\s*<([0-9A-Fa-f]{8,128})>")
_DIGEST = re.compile(r"(?:[0-9a-f]{8}\s+){7}[0-9a-f]{8}")
_CHAIN = re.compile(r"\b([\d,.]+)\s*\u00b7\s*((?:[0-9a-f]{4}\s*){4})")
"""The number of a block and its head, whatever the language calls and groups them."""
_LETTER_HEIGHT = 800


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What a file says by itself; `problem` tells why no more could be read, "" when all was."""

    content: bytes
    sha256: str
    document_ids: tuple[str, ...] = ()
    ours: bool = False
    """Whether it says that this program made it."""
    record: dict[str, Any] | None = None
    record_sha256: str = ""
    """The digest of the record that is attached, whatever the page says."""
    printed_sha256: str = ""
    printed_block: int = 0
    printed_head: str = ""
    paper: str = "a4"
    language: str = ""
    """The tag of the language that it is printed in, "" when it is none of ours."""
    reports: int = 1
    """How many reports it holds."""
    records: tuple[bytes, ...] = ()
    """The attached records of a file that holds several reports, in their order."""
    problem: str = ""

    @property
    def size(self) -> int:
        """Return the length of the file in bytes."""
        return len(self.content)


def read_report(path: Path) -> ReadReport:
    """Read a file as a report.

    Raises:
        NotFoundError: there is no such file.
        KnownError: it cannot be read, or is no plain file.
    """
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise KnownError(f"{path} is no file. Choose a PDF.", code="cannot_read")
        if facts.st_size > LARGEST:
            return ReadReport(b"", "", problem="it is larger than any report")
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFoundError(f"There is no file {path}. Choose another one.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise KnownError(f"{path} cannot be read: {reason}.", code="cannot_read") from error
    return read_content(content)


def read_content(content: bytes) -> ReadReport:
    """Read the bytes of a file as a report; what cannot be read is told as its `problem`."""
    read = ReadReport(content, hashlib.sha256(content).hexdigest(), document_ids(content))
    if not content:
        return replace(read, problem="it is empty")
    try:
        return replace(read, **_read_document(content))
    except MemoryError:
        return replace(read, problem="it unpacks to more than fits")
    except Exception as error:  # whatever a hostile file makes a reader of PDF raise
        return replace(read, problem=_problem(error))


def document_ids(content: bytes) -> tuple[str, ...]:
    """Return the identifiers in the trailers of a PDF, the one that stands most often first.

    Each stands there twice, so that one damaged byte never hides which document it was.
    """
    names = (name.lower() for match in _DOCUMENT_ID.findall(content) for name in match)
    return tuple(name.decode() for name, _ in Counter(names).most_common(64))


def _problem(error: Exception) -> str:
    if type(error).__name__ == "PasswordError":
        return "it is locked with a password"
    return "it is no PDF, or it is damaged"


def _read_document(content: bytes) -> dict[str, Any]:
    import pikepdf  # loads slowly, and only who verifies needs it

    found: dict[str, Any] = {}
    with pikepdf.open(io.BytesIO(content)) as document:
        info = document.trailer.get("/Info")
        producer = str(info.get("/Producer", "")) if info is not None else ""
        creator = str(info.get("/Creator", "")) if info is not None else ""
        found["ours"] = "Incident Desk" in (producer, creator)
        sources = [one for one in document.Root.get("/AF", ()) if _is_source(one)]
        found["paper"] = _paper(document)
        found["language"] = _language(document)
        if len(sources) > 1:
            return found | _of_several(sources)
        record = _unpacked(sources[0].EF.F, _LARGEST_RECORD) if sources else None
        if record is None:
            found["problem"] = "there is no incident record in it"
            return found
        found["record_sha256"] = hashlib.sha256(record).hexdigest()
        parsed = json.loads(record)
        if not isinstance(parsed, dict):
            found["problem"] = "there is no incident record in it"
            return found
        found["record"] = parsed
        pages = document.pages
        readable = [
            index
            for index in range(max(0, len(pages) - _PAGES_READ), len(pages))
            if _page_is_small(pages[index])
        ]
    found.update(_printed(content, readable))
    return found


def _paper(document: Any) -> str:
    height = float(document.pages[0].mediabox[3])
    return "letter" if height < _LETTER_HEIGHT else "a4"


def _language(document: Any) -> str:
    tag = str(document.Root.get("/Lang", ""))
    try:
        return language_of(tag).tag
    except InvalidInputError:
        return ""


def _of_several(sources: Sequence[Any]) -> dict[str, Any]:
    """Read the records of a file that holds several reports; together they are bounded too."""
    found: dict[str, Any] = {"reports": len(sources)}
    room, records = _LARGEST_RECORD, []
    for one in sources:
        record = _unpacked(one.EF.F, room)
        room -= len(record)
        if not isinstance(json.loads(record), dict):
            return found | {"problem": "there is something else than records in it"}
        records.append(record)
    return found | {"records": tuple(records)}


def _is_source(specification: Any) -> bool:
    """Tell whether a file is attached as the document's source (ISO 32000-2, 14.13)."""
    return str(specification.get("/AFRelationship", "")) == "/Source"


def _unpacked(stream: Any, most: int) -> bytes:
    """Return the bytes of a stream, refusing one that unpacks to more than `most`."""
    packed = bytes(stream.read_raw_bytes())
    filters = stream.get("/Filter")
    if filters is None:
        return packed
    names = [str(filters)] if not _is_array(filters) else [str(one) for one in filters]
    for name in names:
        if name == "/ASCII85Decode":
            import base64

            packed = base64.a85decode(packed.strip().removesuffix(b"~>"))
        elif name == "/FlateDecode":
            opener = zlib.decompressobj()
            packed = opener.decompress(packed, most)
            if opener.unconsumed_tail:
                raise MemoryError
        else:
            raise ValueError(name)
    return packed


def _is_array(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Array)


def _page_is_small(page: Any) -> bool:
    contents = page.obj.get("/Contents")
    streams = list(contents) if _is_array(contents) else [contents]
    if len(streams) > 1_000:
        return False
    try:
        return sum(len(_unpacked(one, _LARGEST_PAGE)) for one in streams) <= _LARGEST_PAGE
    except MemoryError:
        return False


def _printed(content: bytes, indexes: list[int]) -> dict[str, Any]:
    """Read the checksum and the chain entry off the page itself."""
    from app.reports.pages import page_texts

    found: dict[str, Any] = {}
    for text in page_texts(content, indexes):
        digest, chain = _DIGEST.search(text), _CHAIN.search(text)
        if digest is not None:
            found["printed_sha256"] = "".join(digest[0].split())
        if chain is not None:
            found["printed_block"] = int(re.sub("[,.]", "", chain[1]))
            found["printed_head"] = "".join(chain[2].split())
    return found
