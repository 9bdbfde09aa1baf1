"""Turns the HTML of a mail into plain text: nothing of it is run, loaded or followed.

Scripts, styles and hidden heads are dropped, links keep their address beside their words, pictures
their words. Quotations (blockquote, and the marks of known mail programs) come out with "> ".
"""

from __future__ import annotations

import re
from html import unescape

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
_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_ATTRIBUTE = re.compile(r"([a-zA-Z]{1,20})\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))")
_LONGEST_TAG = 20_000
_TAG = re.compile(r"<[^<>]{0,2000}>")


class _Reader:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self._line: list[str] = []
        self._depth = 0
        self._dropped = 0
        self._pre = 0
        self._links: list[tuple[str, int]] = []

    def begin_tag(self, tag: str, attrs: dict[str, str]) -> None:
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
            self._links.append((attrs.get("href", ""), len(self._line)))
        elif tag == "img" and not self._dropped:
            words = attrs.get("alt", "").strip()
            if words:
                self._line.append(f"[{words}]")

    def end_tag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif tag == "blockquote":
            self.end_block(wide=False)
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

    def add_text(self, data: str) -> None:
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


def _feed(reader: _Reader, html: str) -> None:
    """Tell the reader of tags and text in one pass, which no text makes slow.

    The standard library's parser takes minutes for tags that never end.
    """
    place, raw = 0, ""
    while place < len(html):
        begin = html.find("<", place)
        if begin < 0:
            begin = len(html)
        if begin > place and not raw:
            reader.add_text(unescape(html[place:begin]))
        if begin == len(html):
            break
        if html.startswith("<!--", begin) and not raw:
            end = html.find("-->", begin + 4)
            if end < 0:
                end = html.find(">", begin)  # a comment that never ends hides nothing
            place = end + 3 if end >= 0 else len(html)
            if end < 0:
                reader.add_text(unescape(html[begin + 4 :]))
            continue
        found = _NAME.match(html, begin)
        end = _end_of_tag(html, begin) if found else -1
        if found is None or end < 0:
            if html[begin : begin + 2] in {"<!", "<?"}:
                stop = html.find(">", begin, begin + _LONGEST_TAG)
                place = stop + 1 if stop >= 0 else begin + 2
                continue
            if not raw:
                reader.add_text("<")
            place = begin + 1
            continue
        closing, tag = bool(found[1]), found[2].lower()
        place = end + 1
        if raw:
            if closing and tag == raw:
                raw = ""
                reader.end_tag(tag)
            continue
        if closing:
            reader.end_tag(tag)
            continue
        inside = html[found.end() : end]
        wanted = tag in {"a", "img"}
        attrs = {
            told[1].lower(): unescape(told[2] or told[3] or told[4] or "")
            for told in (_ATTRIBUTE.finditer(inside) if wanted else ())
        }
        reader.begin_tag(tag, attrs)
        if tag in {"script", "style"}:
            raw = tag


def _end_of_tag(html: str, begin: int) -> int:
    """Return where a tag ends; a ">" within quotes does not end it."""
    end = html.find(">", begin, begin + _LONGEST_TAG)
    for _ in range(4):
        if end < 0:
            break
        inside = html[begin:end]
        if inside.count('"') % 2 == 0:
            return end
        following = html.find(">", end + 1, begin + _LONGEST_TAG)
        if following < 0:
            return end
        end = following
    return html.find(">", begin, begin + _LONGEST_TAG)


def text_of_html(html: str) -> str:
    """Return the text of an HTML body; never raises, whatever the HTML is."""
    reader = _Reader()
    _feed(reader, html[:_LARGEST].replace("\x00", ""))
    reader.end_block(wide=False)
    lines = reader.lines
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
    if not text and html.strip():  # a page that is all dropped parts: show its bare words
        text = _BLANKS.sub(" ", _TAG.sub(" ", html[:_LARGEST])).strip()
    return text
