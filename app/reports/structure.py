"""The reading structure of a document: what a screen reader walks through (ISO 32000-2, 14.7).

A tree of tags is made while the story is made, so that reading order is story order. Drawing notes
in each tag which marked content is its own; `write_structure` turns the tree into objects.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reports.archive_file import ArchiveFile
    from app.reports.document import Beat

_BEAT_EVERY = 256
_MAY_BE_EMPTY = frozenset({"TD", "TH"})


@dataclass(slots=True, eq=False)
class Tag:
    """An element of the reading structure: its role in PDF's words, its parts in reading order.

    `alternative` describes what only the eye sees, `actual` is the text where the drawn signs stand
    in another order; `scope` is "Column" or "Row" for a heading cell, `span` its columns. `box` is
    left, bottom, right, top of a figure. `marks` holds (page, mark) of what was drawn for it,
    `objects` (page, object number) of links and fields.
    """

    role: str
    parts: list[Tag] = field(default_factory=list)
    alternative: str = ""
    scope: str = ""
    actual: str = ""
    span: int = 1
    box: tuple[float, float, float, float] | None = None
    marks: list[tuple[int, int]] = field(default_factory=list)
    objects: list[tuple[int, int]] = field(default_factory=list)

    def filled(self) -> bool:
        """Tell whether anything was drawn for the tag or a part of it; a cell may be empty."""
        return bool(
            self.marks
            or self.objects
            or self.role in _MAY_BE_EMPTY
            or any(part.filled() for part in self.parts)
        )


def section_tree(tags: Sequence[Tag]) -> Tag:
    """Make the tree of a document from the tags of its story: each H2 opens a section."""
    root = Tag("Document")
    level = root
    for tag in tags:
        if tag.role == "H2":
            level = Tag("Sect")
            root.parts.append(level)
        level.parts.append(tag)
    return root


def write_structure(
    file: ArchiveFile,
    root: Tag,
    pages: Sequence[int],
    owners: Sequence[Sequence[Tag]],
    beat: Beat,
) -> int:
    """Write the tree; return the number of its root object.

    Args:
        file: takes the objects.
        root: the element of the whole document.
        pages: the object number of each page.
        owners: for each page the tags of its marks; a mark is a place in that list.
        beat: told how much of the tree is written.
    """
    tree = file.allocate()
    numbers: dict[Tag, int] = {}
    _number(file, root, numbers, beat)
    _write_elements(file, root, tree, numbers, pages, beat)
    entries = []
    for page, tags in enumerate(owners):
        beat(1.0)
        entries.append(b"%d [%s]" % (page, b" ".join([b"%d 0 R" % numbers[tag] for tag in tags])))
    annotated = [(tag, number) for tag in numbers for _, number in tag.objects]
    entries += [
        b"%d %d 0 R" % (file.parents[number], numbers[tag])
        for tag, number in sorted(annotated, key=lambda pair: file.parents[pair[1]])
    ]
    file.put(
        tree,
        b"<</Type/StructTreeRoot/K %d 0 R/ParentTree <</Nums [%s]>>/ParentTreeNextKey %d>>"
        % (numbers[root], b"\n".join(entries), len(entries)),
    )
    return tree


def _number(file: ArchiveFile, tag: Tag, numbers: dict[Tag, int], beat: Beat) -> None:
    number = numbers[tag] = file.allocate()
    if not number % _BEAT_EVERY:
        beat(0.0)
    for part in tag.parts:
        if part.filled():
            _number(file, part, numbers, beat)


def _write_elements(
    file: ArchiveFile,
    tag: Tag,
    parent: int,
    numbers: dict[Tag, int],
    pages: Sequence[int],
    beat: Beat,
) -> None:
    number = numbers[tag]
    if not number % _BEAT_EVERY:
        beat(number / file.objectcounter)
    kids = [part for part in tag.parts if part in numbers]
    content = [b"<</S/%s/P %d 0 R" % (tag.role.encode(), parent)]
    first = tag.marks[0][0] if tag.marks else None
    if first is not None:
        content.append(b"/Pg %d 0 R" % pages[first])
    parts = [
        b"%d" % mark if page == first else b"<</Type/MCR/Pg %d 0 R/MCID %d>>" % (pages[page], mark)
        for page, mark in tag.marks
    ]
    parts += [b"%d 0 R" % numbers[kid] for kid in kids]
    parts += [
        b"<</Type/OBJR/Pg %d 0 R/Obj %d 0 R>>" % (pages[page], item) for page, item in tag.objects
    ]
    if parts:
        content.append(b"/K %s" % parts[0] if len(parts) == 1 else b"/K[%s]" % b" ".join(parts))
    if tag.alternative:
        content.append(b"/Alt %s" % text_string(tag.alternative))
    if tag.actual:
        content.append(b"/ActualText %s" % text_string(tag.actual))
    content += [_attributes(tag), b">>"]
    file.put(number, b"".join(content))
    for kid in kids:
        _write_elements(file, kid, number, numbers, pages, beat)


def _attributes(tag: Tag) -> bytes:
    if tag.box is not None:
        left, low, right, top = tag.box
        return b"/A<</O/Layout/Placement/Block/BBox[%.2f %.2f %.2f %.2f]>>" % (
            left,
            low,
            right,
            top,
        )
    found = b""
    if tag.scope:
        found += b"/Scope/%s" % tag.scope.encode()
    if tag.span > 1:
        found += b"/ColSpan %d" % tag.span
    return b"/A<</O/Table%s>>" % found if found else b""


def text_string(text: str) -> bytes:
    """Write a text as a string of the file (ISO 32000-2, 7.9.2.2)."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return b"(%s)" % escaped.encode()
    return b"<FEFF%s>" % text.encode("utf-16-be", "replace").hex().upper().encode()
