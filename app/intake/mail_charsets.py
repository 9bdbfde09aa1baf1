"""Turns the bytes of a mail into text: by the charset that it names or, if that lies, a guess."""

from __future__ import annotations

import codecs
import re

_ALIASES = {
    "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "iso-8859-8-i": "iso-8859-8",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "ascii",
    "x-unknown": "", "unknown-8bit": "", "default": "", "x-user-defined": "", "utf8": "utf-8",
    "windows-874": "cp874", "x-mac-roman": "mac_roman", "iso-2022-jp": "iso2022_jp_ext",
    "utf-7": "utf-7", "unicode-1-1-utf-7": "utf-7", "cp-850": "cp850", "ansi_x3.110-1983": "cp1252",
}  # fmt: skip
_NOT_TEXT = frozenset(
    ("base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "idna", "punycode", "mbcs", "oem",
     "undefined", "unicode_escape", "raw_unicode_escape")
)  # fmt: skip
_EVIDENCE = 1 << 16
_ISO_2022 = re.compile(rb"\x1b\$[@B]|\x1b\([JI]")


def codec_of(charset: str) -> str:
    """Return the name of the codec for a charset as mails name it; "" for none that is known."""
    plain = charset.strip(" \t\"'").lower()
    plain = _ALIASES.get(plain, plain)
    if not plain or len(plain) > 60:
        return ""
    try:
        name = codecs.lookup(plain).name
        b"a".decode(plain)  # some codecs turn text into text
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if name.replace("-", "_") in _NOT_TEXT else plain


def decode(content: bytes, charset: str = "") -> str:
    """Return text for bytes; never raises and never drops what can be read."""
    named = codec_of(charset)
    if content.isascii() and (not named or named in {"ascii", "utf-8", "cp1252"}):
        if _ISO_2022.search(content):
            return content.decode("iso2022_jp_ext", "replace")
        return content.decode("ascii")
    for codec in (named, "utf-8"):
        if codec:
            try:
                return _whole(content.decode(codec))
            except (UnicodeError, ValueError):
                continue
    if named and named not in {"ascii", "utf-8"}:
        told = content.decode(named, "replace")
        if told.count("\ufffd") * 20 <= len(told):  # a few broken letters: it is what it says
            return _whole(told)
    return _guessed(content)


def _whole(text: str) -> str:
    """Replace half characters, which UTF-7 can spell, by U+FFFD."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _guessed(content: bytes) -> str:
    """Guess an old encoding from the lines with bytes over 127."""
    utf8 = content.decode("utf-8", "replace")
    if utf8.count("\ufffd") * 50 < len(utf8) and any(ord(c) > 127 and c != "\ufffd" for c in utf8):
        return utf8
    from charset_normalizer import from_bytes  # loads slowly, and few mails need it

    lines = [line for line in content[: _EVIDENCE * 4].split(b"\n") if not line.isascii()]
    evidence = b"\n".join(lines)[:_EVIDENCE]
    found = from_bytes(evidence).best() if len(evidence) > 3 else None
    for codec in (found.encoding if found is not None and found.coherence > 0 else "", "cp1252"):
        if codec:
            try:
                return content.decode(codec)
            except (UnicodeError, ValueError, LookupError):
                continue
    return content.decode("latin-1")
