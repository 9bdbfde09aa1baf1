"""The parts that end a closure report: closure checks, lines to sign on, and the verification."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Protocol

from app.reports.elements import CLOSER, Element, Paragraph
from app.reports.language import Message, language_of
from app.reports.qr import QrCode
from app.reports.structure import Tag
from app.reports.styles import (
    ACCENT,
    BODY,
    CELL,
    CELL_STRONG,
    DIGEST,
    INK,
    LABEL,
    MM,
    RULE,
    TextStyle,
)
from app.reports.table import PAD_RIGHT, HeadRow, Row, Table
from app.reports.text import shortened
from app.reports.typeset import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.language import Language
    from app.reports.pen import Pen
    from app.reports.record_parts import ChainEntry, Check, SignOff

_BOX = 8.4
_CHECK_TEXT = 16.0
_CHECK_LINE = 17.3
_CHECK_ABOVE = 2.4
_LEAST_CHECK_ROWS = 2
"""Rows of checks that stay together at either side of a page end."""
_SIGN_STARTS = (0.0, 0.25, 0.45, 0.81)
_SIGN_ROW, _CLOSER_SIGN_ROW = 35.2, 26.0
"""Room for a signature, and how much is enough: nine millimetres."""
_SIGN_BASELINE = 13.5
_QR_SIDE = 27 * MM
_TEXT_BESIDE_QR = 93.6
_BLOCK_TEXT = TextStyle(BODY.face, 9.5, 12.6)
OF_AN_INCIDENT = Message(
    "This report was made from the incident record whose checksum is printed here. Open the app, "
    "choose Verify report and pick this file, or scan the code; the app compares the checksum with "
    "the record and with the audit chain."
)
OF_A_PERIOD = Message(
    "This report was made from the figures whose checksum is printed here; they are attached to "
    "it. Open the app, choose Verify report and pick this file; the app compares it with the "
    "report that was issued and counts the period again."
)


class CheckList(Element):
    """Ticked and empty boxes in two columns, drawn as lines so that every printer shows them."""

    def __init__(self, checks: Sequence[Check], words: Language) -> None:
        self.checks = list(checks)
        self.words = words
        self.texts = [Paragraph(shortened(check.text, 400, words), CELL) for check in checks]
        self.space_after = 5
        done, left = words.text("Done"), words.text("Not done")
        self.boxes = [Tag("Figure", alternative=done if check.done else left) for check in checks]
        self.tag = Tag(
            "L",
            [
                Tag("LI", [Tag("LBody", [box, *([text.tag] if text.tag else [])])])
                for box, text in zip(self.boxes, self.texts, strict=True)
            ],
        )

    @property
    def _rows(self) -> int:
        return (len(self.checks) + 1) // 2

    def _row_height(self, row: int, width: float) -> float:
        text_width = self._text_width(width)
        places = (row, row + self._rows)
        tallest = max(
            self.texts[place].height(text_width) for place in places if place < len(self.texts)
        )
        return max(tallest, CELL.leading) + _CHECK_LINE - CELL.leading

    def _text_width(self, width: float) -> float:
        return (width - PAD_RIGHT) / 2 - _CHECK_TEXT - PAD_RIGHT

    def height(self, width: float) -> float:
        """Measure the rows of two."""
        return sum(self._row_height(row, width) for row in range(self._rows))

    def least_height(self, width: float) -> float:
        """Measure the two rows that may stand alone, or all of three."""
        if self._rows < 2 * _LEAST_CHECK_ROWS:
            return self.height(width)
        return self._part(range(2 * _LEAST_CHECK_ROWS)).height(width)

    def split(self, width: float, room: float, *, force: bool = False) -> list[Element]:
        """Cut after whole rows, two at least on either side unless forced.

        Each part is read down its left column, then down its right one.
        """
        least = 1 if force else _LEAST_CHECK_ROWS
        rows = min(int((room + 0.01) / _CHECK_LINE), self._rows - least)
        while rows > least and self._part(range(2 * rows)).height(width) > room + 0.01:
            rows -= 1
        if rows < least or (self._part(range(2 * rows)).height(width) > room + 0.01 and not force):
            return []
        return [self._part(range(2 * rows)), self._part(range(2 * rows, len(self.checks)))]

    def _part(self, places: Sequence[int]) -> CheckList:
        """Make the part on one side of a page end; it is still the same list to a reader."""
        part = CheckList([], self.words)
        part.checks = [self.checks[place] for place in places]
        part.texts = [self.texts[place] for place in places]
        part.boxes = [self.boxes[place] for place in places]
        part.tag = self.tag
        return part

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the left column downwards, then the right one."""
        for column in (0, 1):
            below = top - _CHECK_ABOVE
            left = x + column * (width - PAD_RIGHT) / 2
            for row in range(self._rows):
                place = row + column * self._rows
                if place < len(self.checks):
                    box = (left, below - 2.2 - _BOX, left + _BOX + 1, below - 2.2)
                    with pen.tagged(self.boxes[place], box):
                        _draw_box(pen, left, below - 2.2, done=self.checks[place].done)
                    self.texts[place].draw(pen, left + _CHECK_TEXT, below, self._text_width(width))
                below -= self._row_height(row, width)


def _draw_box(pen: Pen, x: float, top: float, *, done: bool) -> None:
    low = top - _BOX
    pen.box(x + 0.5, low, _BOX, 0.8, INK, radius=0.6)
    if done:
        points = ((x + 2.4, low + 4.2), (x + 4.1, low + 2.3), (x + 7.1, low + 6.4))
        pen.stroke(points, 1.7, ACCENT)


class SignRow(Row):
    """A line to sign on, its text at the bottom."""

    def __init__(self, sign_off: SignOff, words: Language, room: float = _SIGN_ROW) -> None:
        role = Paragraph(sign_off.role, CELL_STRONG, role="TH")
        if role.tag is not None:
            role.tag.scope = "Row"
        name = Paragraph(shortened(sign_off.name, 90, words), CELL, role="TD")
        super().__init__([role, name], _SIGN_STARTS[:3])
        self.room = room
        self.tag = Tag("TR", [*self.tag.parts, Tag("TD"), Tag("TD")])

    def take_tags(self, other: Row) -> None:
        """Be, to a reader, the same row as another one."""
        self.tag = other.tag
        for cell, same in zip(self.cells, other.cells, strict=True):
            cell.tag = same.tag

    def measure(self, width: float) -> float:
        """Return the height, more only for a name that runs over several lines."""
        tallest = max(cell.height(self.cell_width(at, width)) for at, cell in enumerate(self.cells))
        return max(self.room, tallest + _SIGN_BASELINE + 5)

    def split(self, width: float, room: float, *, force: bool = False) -> list[Row]:
        """Never break: a person signs here."""
        del width, room, force
        return []

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw role and name above a thin rule, and the line to sign on in ink."""
        low = top - self.height(width)
        for index, cell in enumerate(self.cells):
            text_width = self.cell_width(index, width)
            text_top = low + _SIGN_BASELINE + cell.height(text_width) - CELL.leading + CELL.size
            cell.draw(pen, x + self.starts[index] * width, text_top, text_width)
        signed = _SIGN_STARTS[2] * width
        with pen.artifact():
            pen.rule(x, low, signed, 0.35, RULE)
            pen.rule(x + signed, low, width - signed, 0.7, INK)


class SignOffTable(Table):
    """The table that is signed in ink."""

    def __init__(self, sign_offs: Sequence[SignOff], words: Language) -> None:
        head = (words.text("Role"), words.text("Name"), words.text("Signature"), words.text("Date"))
        rows = [SignRow(sign_off, words) for sign_off in sign_offs]
        super().__init__(rows, HeadRow(head, _SIGN_STARTS))
        self.sign_offs = sign_offs
        self.words = words

    def closer(self) -> Table:
        """Return the table with less room to sign in."""
        rows = [SignRow(sign_off, self.words, _CLOSER_SIGN_ROW) for sign_off in self.sign_offs]
        for row, wider in zip(rows, self.rows, strict=True):
            row.take_tags(wider)
        return Table(rows, self.head, tag=self.tag)


class Verifiable(Protocol):
    """What the verification of a report prints."""

    @property
    def number(self) -> str:
        """Name what the report is of."""

    @property
    def record_sha256(self) -> str:
        """Return the digest of the attached record."""

    @property
    def chain(self) -> ChainEntry | None:
        """Return the entry of the audit chain that it prints, if any."""

    @property
    def signed(self) -> str:
        """Say who signed when; "" for nobody."""

    @property
    def language(self) -> str:
        """Return the tag of the language that it is printed in."""

    @property
    def signature_field(self) -> str:
        """Name the field for a digital signature; "" for none."""


class Verification(Element):
    """The QR code; beside it how to check, the record's digest and the audit chain."""

    def __init__(self, record: Verifiable, how: Message = OF_AN_INCIDENT) -> None:
        self.words = language_of(record.language)
        self.code = QrCode(qr_content(record), _QR_SIDE)
        self.figure = Tag(
            "Figure", alternative=self.words.text("QR code: {content}", content=self.code.content)
        )
        self.texts = _verification_texts(record, self.words, how)
        self.air = 1.0
        self.field = record.signature_field
        self.form = Tag("Form")
        self.tag = Tag(
            "Div", [self.figure, *(text.tag for text in self.texts if text.tag), self.form]
        )

    def height(self, width: float) -> float:
        """Measure the taller of code and text."""
        return max(2 + _QR_SIDE, self._text_height(width))

    def _text_height(self, width: float) -> float:
        room = width - _TEXT_BESIDE_QR
        return 2 + sum(text.height(room) + text.space_after * self.air for text in self.texts)

    def closer(self) -> Verification:
        """Return the verification with less space between its texts."""
        closer = copy(self)
        closer.air = CLOSER
        return closer

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw code and text."""
        box = (x, top - 2 - _QR_SIDE, x + _QR_SIDE, top - 2)
        with pen.tagged(self.figure, box):
            self.code.draw(pen, x, top - 2)
        room = width - _TEXT_BESIDE_QR
        below = top - 2
        for text in self.texts:
            text.draw(pen, x + _TEXT_BESIDE_QR, below, room)
            below -= text.height(room) + text.space_after * self.air
        if self.field:
            left, low = x + _TEXT_BESIDE_QR, below + self.texts[-1].space_after * self.air
            told = self.words.text("Digital signature of this report")
            pen.signature_field(self.form, (left, low), self.field, told)


def qr_content(record: Verifiable) -> str:
    """Return what the code says: number, digest of the record, place and head of the chain.

    Upper case, so that the code needs the fewest modules.
    """
    words = language_of(record.language)
    parts = [shortened(record.number, 80, words), record.record_sha256]
    if record.chain is not None:
        parts += [str(record.chain.number), record.chain.head[:16]]
    return " ".join(parts).upper()


def _verification_texts(record: Verifiable, words: Language, how: Message) -> list[Paragraph]:
    digest = record.record_sha256
    groups = [digest[at : at + 8] for at in range(0, 64, 8)]
    texts = [
        Paragraph(
            words.of(how),
            _BLOCK_TEXT,
            space_after=5,
        ),
        Paragraph(words.text("RECORD (SHA-256)"), LABEL, space_after=1),
        Paragraph(" ".join(groups[:4]), DIGEST),
        Paragraph(" ".join(groups[4:]), DIGEST, space_after=5),
    ]
    if record.chain is not None:
        head = record.chain.head[:16]
        quarters = " ".join(head[at : at + 4] for at in range(0, len(head), 4))
        chain = words.text(
            "block {number} · {head}", number=words.number(record.chain.number), head=quarters
        )
        spans = [Span(words.text("AUDIT CHAIN") + "  ", LABEL), Span(chain, DIGEST)]
        texts.append(Paragraph(spans, DIGEST))
    if record.signed:
        texts[-1].space_after = 5
        texts.append(Paragraph(words.text("Signed by {signer}", signer=record.signed), _BLOCK_TEXT))
    return texts
