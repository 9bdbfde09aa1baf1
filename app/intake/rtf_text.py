"""Reads the text of formatted bodies (RTF), which Outlook packs by a scheme of its own (LZFu).

[MS-OXRTFCP] is the packing, [MS-OXRTFEX] the way in which HTML hides in RTF. Both are bounded: a
few bytes cannot become a gigabyte.
"""

from __future__ import annotations

import re
from struct import error as unpack_error
from struct import unpack_from

from app.intake.mail_charsets import decode

_LARGEST = 16 * 1024 * 1024
_PRIMER = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|"
    rb"[\r\n]+|([^\\{}\r\n]+|.)",
    re.DOTALL,
)
_SILENT = frozenset(
    ("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "listtable", "themedata",
     "listoverridetable", "datastore", "generator", "header", "footer", "xmlnstbl", "latentstyles",
     "rsidtbl", "htmltag", "mhtmltag")
)  # fmt: skip
_SIGNS = {
    "par": "\n", "line": "\n", "tab": "\t", "emdash": "\u2014", "endash": "\u2013",
    "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d",
    "bullet": "\u2022", "cell": " ", "row": "\n", "sect": "\n", "page": "\n",
}  # fmt: skip


def unpacked(content: bytes) -> bytes:
    """Return the RTF of a packed body as far as it is whole."""
    try:
        _, size, kind = unpack_from("<III", content)
    except unpack_error:
        return b""
    if kind == 0x414C454D:
        return content[16 : 16 + min(size, _LARGEST)]
    if kind != 0x75465A4C:
        return b""
    window = bytearray(_PRIMER.ljust(_WINDOW, b"\x00"))
    write, read, out, end = len(_PRIMER), 16, bytearray(), min(size, _LARGEST)
    while read < len(content) and len(out) < end:
        control = content[read]
        read += 1
        for bit in range(8):
            if read >= len(content):
                break
            if control >> bit & 1:
                if read + 1 >= len(content):
                    return bytes(out)
                told = content[read] << 8 | content[read + 1]
                read += 2
                offset, length = told >> 4, (told & 15) + 2
                if offset == write:
                    return bytes(out)
                copied = (window[(offset + step) % _WINDOW] for step in range(length))
                for sign in copied:
                    out.append(sign)
                    window[write] = sign
                    write = (write + 1) % _WINDOW
            else:
                out.append(content[read])
                window[write] = content[read]
                write = (write + 1) % _WINDOW
                read += 1
    return bytes(out[:end])


def text_of_rtf(content: bytes) -> str:
    """Return the text of RTF; never raises."""
    codepage = "cp1252"
    found = re.search(rb"\\ansicpg(\d{3,5})", content[:4_096])
    if found:
        codepage = f"cp{int(found[1])}"
    out: list[str] = []
    waiting = bytearray()
    stack: list[tuple[bool, int]] = []
    silent, skip, following = False, 1, 0
    begin = False

    def flush() -> None:
        if waiting:
            out.append(decode(bytes(waiting), codepage))
            waiting.clear()

    for token in _TOKEN.finditer(content[:_LARGEST]):
        word, number, byte, sign, brace, plain = token.groups()
        if brace == b"{":
            stack.append((silent, skip))
            begin = True
            continue
        if brace == b"}":
            silent, skip = stack.pop() if stack else (False, 1)
        elif word is not None:
            name = word.decode("ascii")
            silent = silent or (begin and name in _SILENT) or (name == "htmlrtf" and number != b"0")
            if name == "htmlrtf" and number == b"0":
                silent = False
            elif name == "uc" and number:
                skip = min(abs(int(number)), 10)
            elif name == "u" and number and not silent:
                flush()
                code = int(number) & 0xFFFF
                out.append(chr(code))
                following = skip
            elif name in _SIGNS and not silent:
                flush()
                out.append(_SIGNS[name])
        elif byte is not None:
            if following:
                following -= 1
            elif not silent:
                waiting.append(int(byte, 16))
        elif sign is not None:
            if sign == b"*":
                silent = True
            elif not silent:
                waiting += {b"~": b" ", b"_": b"-", b"-": b""}.get(sign, sign)
        elif plain is not None and not silent:
            waiting += plain[following:] if following else plain
            following = 0
        begin = False
    flush()
    text = "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return re.sub(r"\n{3,}", "\n\n", text).strip()
