"""Colours and type of every report, in one place (closure-report.md, Type and Colour).

Sizes and distances are points. Each colour that carries text has a contrast of 6.5:1 or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.reports.fonts import Face

MM = 72 / 25.4
"""Points in a millimetre."""


class Colour(NamedTuple):
    """A colour of the page: red, green and blue from 0 to 1."""

    red: float
    green: float
    blue: float


def _hexadecimal(code: str) -> Colour:
    return Colour(*(int(code[at : at + 2], 16) / 255 for at in (0, 2, 4)))


INK = _hexadecimal("17212B")
SECONDARY = _hexadecimal("4A5866")
MUTED = _hexadecimal("7D8B99")
"""For marks and line numbers only, never for a fact: its contrast is 3.5:1."""
RULE = _hexadecimal("B8C2CC")
PALE = _hexadecimal("F2F4F7")
ACCENT = _hexadecimal("0B4A82")
MET = _hexadecimal("1A6B43")
MISSED = _hexadecimal("A3241B")
SECOND_SERIES = _hexadecimal("C45A00")
SECOND_TEXT = _hexadecimal("A84D00")
"""The words of the second series: on white 5.5:1, where its marks have 4.4:1."""
WHITE = _hexadecimal("FFFFFF")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a paragraph is set: face, size and leading in points, colour."""

    face: Face
    size: float
    leading: float
    colour: Colour = INK


NUMBER = TextStyle(Face.MONO_SEMIBOLD, 10, 13, ACCENT)
TITLE = TextStyle(Face.SEMIBOLD, 21, 25.5)
LEAD = TextStyle(Face.REGULAR, 11, 16, SECONDARY)
HEADING = TextStyle(Face.SEMIBOLD, 12.5, 16)
BODY = TextStyle(Face.REGULAR, 9.5, 13.5)
NOTICE = TextStyle(Face.ITALIC, 9.5, 13.5, SECONDARY)
VALUE = TextStyle(Face.SEMIBOLD, 15, 18)
LABEL = TextStyle(Face.MEDIUM, 7.5, 10, SECONDARY)
NOTE = TextStyle(Face.REGULAR, 7.5, 10.5, SECONDARY)
NOTE_STRONG = TextStyle(Face.SEMIBOLD, 7.5, 10.5)
CELL_HEAD = TextStyle(Face.SEMIBOLD, 8, 10.5)
CELL = TextStyle(Face.REGULAR, 9, 12.2)
CELL_STRONG = TextStyle(Face.SEMIBOLD, 9, 12.2)
CELL_TIME = TextStyle(Face.MEDIUM, 9, 12.2)
CELL_SECONDARY = TextStyle(Face.REGULAR, 9, 12.2, SECONDARY)
FINDING = TextStyle(Face.SEMIBOLD, 11, 14.5)
AXIS = TextStyle(Face.REGULAR, 7.5, 10, SECONDARY)
BAR_NAME = TextStyle(Face.REGULAR, 8.5, 11)
END_LABEL = TextStyle(Face.SEMIBOLD, 8, 10, ACCENT)
END_LABEL_SECOND = TextStyle(Face.SEMIBOLD, 8, 10, SECOND_TEXT)
BAR_VALUE = TextStyle(Face.SEMIBOLD, 8, 10)
LIST_CELL = TextStyle(Face.REGULAR, 8, 10.5)
CODE = TextStyle(Face.MONO, 7.8, 10.4)
CODE_NUMBER = TextStyle(Face.MONO, 7.8, 10.4, MUTED)
DIGEST = TextStyle(Face.MONO, 8.3, 12.4)
HEADER_LEFT = TextStyle(Face.SEMIBOLD, 8.5, 11)
HEADER_RIGHT = TextStyle(Face.REGULAR, 8.5, 11, SECONDARY)
FOOTER_LEFT = TextStyle(Face.REGULAR, 7.5, 10, SECONDARY)
FOOTER_RIGHT = TextStyle(Face.MEDIUM, 7.5, 10)
