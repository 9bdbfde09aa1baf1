"""The file itself: objects in compressed streams, a cross-reference stream, digests as identifiers.

reportlab makes the objects and this writes them, because PDF/A asks for an end of line before each
`endstream` and because plain objects of a reading structure would double the file (ISO 32000-2,
7.5.7 and 7.5.8). The bytes depend on the content only.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import TYPE_CHECKING, Any

from reportlab.pdfbase import pdfdoc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.reports.document import Beat

_BEAT_EVERY = 64
_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_MOST_IN_STREAM = 400
"""Objects of one stream: a reader unpacks a whole stream to get at one of them."""
_WORD = b"endstream\n"
_ROW = struct.Struct(">xBIH")
"""A row of the cross-references, behind the byte that names its predictor."""
_STREAM_END = b"\r\n" + _WORD
"""Both signs of an end of line, so that data that ends in one of them is told from it."""


class ArchiveFile(pdfdoc.PDFDocument):
    """reportlab's document, with objects of our own and written as an archive asks for it."""

    raw: dict[int, bytes]
    beat: Beat | None
    parents: dict[int, int]

    @classmethod
    def adopt(cls, document: Any) -> ArchiveFile:
        """Turn the document of a canvas into one of this kind."""
        document.__class__ = cls
        document.raw = {}
        document.parents = {}
        document.beat = None
        adopted: ArchiveFile = document
        return adopted

    def allocate(self) -> int:
        """Return the number of a new object, to be put later."""
        self.objectcounter: int = self.objectcounter + 1
        return self.objectcounter

    def put(self, number: int, content: bytes) -> None:
        """Set the content of an object that was allocated."""
        self.raw[number] = content

    def add(self, content: bytes) -> int:
        """Add an object; return its number."""
        number = self.allocate()
        self.put(number, content)
        return number

    def add_stream(
        self, dictionary: bytes, content: bytes, *, compressed: bool = True, encoding: str = ""
    ) -> int:
        """Add a stream; `dictionary` is what it says about itself, without length and filter.

        Content that is encoded already is kept, and its `encoding` is named.
        """
        if encoding:
            dictionary += b"/Filter/%s" % encoding.encode()
        elif compressed:
            content = zlib.compress(content)
            dictionary += b"/Filter/FlateDecode"
        return self.add(
            b"<<%s/Length %d>>\nstream\n%s%s" % (dictionary, len(content), content, _STREAM_END)
        )

    def number_of(self, name: str) -> int:
        """Return the number of an object that reportlab has named."""
        number: int = self.idToObjectNumberAndVersion[name][0]
        return number

    def format(self) -> bytes:
        """Write the file; reportlab may register further objects while others are formatted."""
        pieces = [_HEADER]
        places: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
        offset = len(_HEADER)
        plain: list[tuple[int, bytes]] = []
        catalog, info = self.Reference(self.Catalog), self.Reference(self.info)

        def write(number: int, body: bytes) -> None:
            nonlocal offset
            places[number] = (1, offset, 0)
            piece = b"%d 0 obj\n%sendobj\n" % (number, body)
            pieces.append(piece)
            offset += len(piece)

        number = 0
        while number < self.objectcounter:
            number += 1
            if self.beat is not None and not number % _BEAT_EVERY:
                self.beat(0.5 * number / self.objectcounter)
            body = self._body(number)
            if body.endswith(_STREAM_END):
                write(number, body)
            else:
                plain.append((number, body))
        for at in range(0, len(plain), _MOST_IN_STREAM):
            if self.beat is not None:
                self.beat(0.5 + 0.5 * at / len(plain))
            part = plain[at : at + _MOST_IN_STREAM]
            number = self.allocate()
            for index, (inner, _) in enumerate(part):
                places[inner] = (2, number, index)
            write(number, _object_stream(part))
        if self.beat is not None:
            self.beat(1.0)
        number = self.allocate()
        places[number] = (1, offset, 0)
        table = _cross_references(places[n] for n in range(number + 1))
        digest = hashlib.sha256(b"".join(pieces)).hexdigest()[:32].encode()
        pieces.append(
            b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root %s/Info %s/ID[<%s><%s>]"
            b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 7>>/Length %d>>\nstream\n"
            b"%s%sendobj\n"
            b"startxref\n%d\n%%%%EOF\n"
            % (
                number,
                number + 1,
                catalog.format(self),
                info.format(self),
                digest,
                digest,
                len(table),
                table,
                _STREAM_END,
                offset,
            )
        )
        return b"".join(pieces)

    def _body(self, number: int) -> bytes:
        if number in self.raw:
            return self.raw[number]
        item = self.idToObject[self.numberToId[number]]
        if getattr(item, "filters", None) == [pdfdoc.PDFZCompress]:
            item.filters = [_DEFLATE]
        body: bytes = pdfdoc.format(item, self, toplevel=1)
        if body.endswith(_WORD):
            # reportlab leaves out the end of line that belongs before the word.
            return body[: -len(_WORD)] + _STREAM_END
        return body.rstrip(b"\n")


class _Deflate(pdfdoc.PDFStreamFilterZCompress):
    """Packs pages as small as it goes: a tenth less than reportlab does."""

    def encode(self, text: str | bytes) -> bytes:
        """Pack the content of a stream."""
        return zlib.compress(text.encode() if isinstance(text, str) else text, 9)


_DEFLATE = _Deflate()


def _cross_references(places: Iterable[tuple[int, int, int]]) -> bytes:
    """Pack the places of objects, each row less the one above (ISO 32000-2, 7.4.4.4: PNG Up).

    All bytes are subtracted at once, as one number each: with the highest bit of every byte of the
    upper number set, nothing is borrowed from the next byte. Row by row it takes longer by far,
    and a big report has 150,000.
    """
    rows = b"".join([_ROW.pack(*place) for place in places])
    count = len(rows) // _ROW.size
    here = int.from_bytes(rows)
    above = here >> 8 * _ROW.size
    high = int.from_bytes(b"\x80" * len(rows))
    less = ((here | high) - (above & ~high)) ^ ((here ^ ~above) & high)
    up = int.from_bytes((b"\x02" + bytes(_ROW.size - 1)) * count)
    return zlib.compress((less | up).to_bytes(len(rows)), 9)


def _object_stream(part: list[tuple[int, bytes]]) -> bytes:
    index: list[bytes] = []
    at = 0
    for number, body in part:
        index.append(b"%d %d" % (number, at))
        at += len(body) + 1
    head = b" ".join(index) + b"\n"
    content = zlib.compress(head + b"\n".join([body for _, body in part]), 9)
    return b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n%s%s" % (
        len(part),
        len(head),
        len(content),
        content,
        _STREAM_END,
    )
