"""Comments and work notes of other tools, read as entries of the timeline.

Three ways of writing them are known: ServiceNow's journal (a head line with instant, author and
kind before each entry, Vancouver release), Jira's cell `instant;author;text` (one column for each
comment, Cloud and Data Center 9) and lists of objects as the interfaces of the others give them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from app.domain.incident import EntryKind
from app.intake.code_words import read_flag
from app.intake.field_values import html_to_text, text_of
from app.intake.import_record import ImportedEvent, RowError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from app.intake.instants import InstantReader

COMMENTS = "comments"
"""A pseudo field, which any number of columns may fill."""

_JOURNAL = re.compile(
    r"^(\d[\d/.:\- T]{9,24}(?: ?[AP]M)?) - (.{1,200}?) \(([^()\n]{1,60})\)[ \t]*$", re.MULTILINE
)
_AT = ("created_at", "createdAt", "created", "date", "created_on", "updated_at")
_AUTHORS = ("author", "user", "from", "created_by", "from_email", "user_id")
_TEXTS = ("body_text", "body", "comment", "text", "content")
_LISTS = ("comments", "nodes", "notes", "articles")
_DEEPEST = 40


def read_comments(value: Any, instants: InstantReader) -> list[ImportedEvent]:
    """Return the comments of a cell; raise RowError when it is not written in a known way."""
    if isinstance(value, dict):
        value = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), [])
    if isinstance(value, list):
        return [event for one in value if (event := _of_object(one, instants)) is not None]
    if not isinstance(value, str):
        return []  # interfaces that only count them give a number
    text = value.strip()
    if not text:
        return []
    if _JOURNAL.match(text):
        return list(_of_journal(text, instants))
    return [_of_cell(text, instants)]


def _of_journal(text: str, instants: InstantReader) -> Iterator[ImportedEvent]:
    heads = list(_JOURNAL.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=True):
        inner = "note" in head[3].lower()
        kind = EntryKind.NOTE if inner else EntryKind.REPLY
        words = text[head.end() : end].strip()
        if words:
            yield ImportedEvent(_instant(head[1], instants), head[2].strip(), kind, words)


def _of_cell(text: str, instants: InstantReader) -> ImportedEvent:
    parts = text.split(";", 2)
    if len(parts) < 3 or not parts[2].strip():
        raise RowError("It has no instant and author before its text.")
    at = _instant(parts[0].strip(), instants)
    return ImportedEvent(at, parts[1].strip(), EntryKind.NOTE, parts[2].strip())


def _of_object(one: Any, instants: InstantReader) -> ImportedEvent | None:
    if isinstance(one, dict) and len(one) == 1:  # {"note": {...}}
        one = next(iter(one.values()))
    if not isinstance(one, dict):
        return None
    told = next((one[name] for name in _TEXTS if one.get(name)), "")
    text = document_text(told) if isinstance(told, dict) else html_to_text(text_of(told))
    if not text.strip():
        return None
    at = _instant(next((one[name] for name in _AT if one.get(name)), None), instants)
    author = next((text_of(one[name]) for name in _AUTHORS if one.get(name)), "")
    inner = any(read_flag(one.get(name)) for name in ("private", "internal"))
    public = read_flag(one.get("incoming")) or read_flag(one.get("jsdPublic", ""))
    sent = one.get("private") is False or one.get("internal") is False
    kind = EntryKind.REPLY if (public or sent) and not inner else EntryKind.NOTE
    return ImportedEvent(at, author, kind, text.strip())


def _instant(value: Any, instants: InstantReader) -> datetime:
    at = instants.read(value)
    if at is None:
        raise RowError("It does not say when it was written.")
    return at


def document_text(node: Any, depth: int = 0) -> str:
    """Return the words of a document in Atlassian's format (version 1), a line per block."""
    if isinstance(node, list):
        return "".join(document_text(inner, depth + 1) for inner in node)
    if not isinstance(node, dict) or depth > _DEEPEST:
        return ""
    if node.get("type") == "hardBreak":
        return "\n"
    words = str(node.get("text") or "") + document_text(node.get("content", []), depth + 1)
    block = node.get("type") in ("paragraph", "heading", "listItem", "codeBlock")
    return words.rstrip("\n") + "\n" if block else words
