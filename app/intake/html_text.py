"""Turns the HTML of a mail into plain text: nothing of it is run, loaded or followed.

Scripts, styles and hidden heads are dropped, links keep their address beside their words, pictures
their words. Quotations (blockquote, and the marks of known mail programs) come out with "> ".
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_DROPPED = frozenset({"script", "style", "head", "title", "template", "noframes", "object"})
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_LARGEST = 4_000_000
"""Characters of HTML that are read; the original keeps the rest."""
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_SAFE = re.compile(r"(?i)^(https?|ftp|mailto|tel):")
_TAG = re.compile(r"<[^<>]{0,2000}>")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._line: list[str] = []
        self._depth = 0
        self._dropped = 0
        self._pre = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropped += 1
            return
        if self._dropped and tag == "body":
            self._dropped = 0  # a head that was never closed
        if tag == "br":
            self.end_line()
        elif tag in _BLOCKS:
            self.end_block(wide=tag in {"p", "blockquote", "table"})
        if tag == "blockquote":
            self._depth = min(self._depth + 1, 20)
        elif tag == "pre":
            self._pre += 1
        elif tag == "li":
            self._line.append("- ")
        elif tag in {"td", "th"} and self._line:
            self._line.append(" ")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._line)))
        elif tag == "img" and not self._dropped:
            words = (dict(attrs).get("alt") or "").strip()
            if words:
                self._line.append(f"[{words}]")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif tag == "blockquote":
            self.end_block(wide=True)
            self._depth = max(0, self._depth - 1)
        elif tag == "pre":
            self.end_block(wide=False)
            self._pre = max(0, self._pre - 1)
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            words = "".join(self._line[start:]).strip()
            bare = (
                address.partition(":")[2].lstrip("/") if address.startswith("mailto:") else address
            )
            if _SAFE.match(address) and bare.rstrip("/") not in words and not self._dropped:
                self._line.append(f" ({bare[:500]})" if words else bare[:500])
        elif tag in _BLOCKS:
            self.end_block(wide=tag in {"p", "table"})

    def handle_data(self, data: str) -> None:
        if self._dropped or not data:
            return
        if self._pre:
            first, *rest = data.split("\n")
            self._line.append(first)
            for line in rest:
                self.end_line()
                self._line.append(line)
            return
        text = _BLANKS.sub(" ", data)
        if text == " " and (not self._line or self._line[-1].endswith(" ")):
            return
        self._line.append(text)

    def end_line(self) -> None:
        text = "".join(self._line)
        text = text.rstrip() if self._pre else text.strip()
        self.lines.append(("> " * self._depth + text).rstrip() if self._depth else text)
        self._line.clear()
        self._links = [(address, 0) for address, _ in self._links]

    def end_block(self, *, wide: bool) -> None:
        if "".join(self._line).strip():
            self.end_line()
        self._line.clear()
        self._links = [(address, 0) for address, _ in self._links]
        if wide and self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * self._depth if self._depth else "")


def text_of_html(html: str) -> str:
    """Return the text of an HTML body; never raises, whatever the HTML is."""
    reader = _Reader()
    try:
        reader.feed(html[:_LARGEST].replace("\x00", ""))
        reader.close()
        reader.end_block(wide=False)
        lines = reader.lines
    except (AssertionError, ValueError, RecursionError, IndexError):
        lines = _TAG.sub(" ", html[:_LARGEST]).splitlines()
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
    if not text and html.strip():  # a page that is all dropped parts: show its bare words
        text = _BLANKS.sub(" ", _TAG.sub(" ", html[:_LARGEST])).strip()
    return text
