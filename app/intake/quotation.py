"""Tells what somebody wrote in a mail from what they quoted and from their signature.

Nothing is dropped: a text becomes segments, which together are the text again.
"""

from __future__ import annotations

import re
from typing import NamedTuple

FRESH, QUOTED, SIGNATURE = "fresh", "quoted", "signature"
_SPLITTERS = re.compile(
    r"^[> ]*(?:-{2,}\s*(?:Original[- ]?(?:Message|Nachricht|bericht)|Forwarded message|"
    r"Urspr\w+ Nachricht|Weitergeleitete Nachricht|Message d'origine|Mensaje original|"
    r"Messaggio originale|Oorspronkelijk bericht|Исходное сообщение|原始邮件)\s*-{2,}.*"
    r"|_{20,}\s*|Begin forwarded message:.*)$",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^[> ]*(?:On\b.{3,200}\bwrote:|Am\b.{3,200}\bschrieb.{0,120}:|Le\b.{3,200}\ba écrit\s*:|"
    r"El\b.{3,200}\bescribió:|Il\b.{3,200}\bha scritto:|Op\b.{3,200}\bschreef.{0,120}:|"
    r"Em\b.{3,200}\bescreveu:|W dniu\b.{3,200}\bnapisał.{0,20}:|.{3,120}\bпис(?:ал|ала|ал\(а\)):|"  # noqa: RUF001
    r".{3,160}[<\[(][^<>\s]{1,100}@[^<>\s]{1,100}[>\])]\s*(?:wrote|schrieb|пишет|escribió)?:)\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^[> *]*(?:From|Von|De|Da|Van|От|发件人|Od)\s*:\*?\s*\S", re.IGNORECASE)
_HEADER = re.compile(
    r"^[> *]*(?:Sent|Gesendet|Envoyé|Enviado|Inviato|Verzonden|Date|Datum|Fecha|To|An|À|Para|A|"
    r"Aan|Subject|Betreff|Objet|Asunto|Oggetto|Onderwerp|Cc|Дата|Кому|Тема|收件人|主题)\s*:\*?",
    re.IGNORECASE,
)
_SIGNS = re.compile(
    r"^(?:-- ?|—|Sent from my .{1,60}|Sent from .{1,40} for .{1,40}|Von meinem .{1,40} gesendet|"
    r"Envoyé de mon .{1,40}|Get Outlook for .{1,40}|Sent with .{1,40}|Отправлено с .{1,40})\s*$",  # noqa: RUF001
    re.IGNORECASE,
)
_LONGEST_SIGNATURE = 15


class Segment(NamedTuple):
    """A run of lines of one kind."""

    kind: str
    text: str


def segments_of(text: str) -> tuple[Segment, ...]:
    """Split a text; where everything looks quoted, all of it is what was written."""
    lines = text.split("\n")
    kinds = _kinds(lines)
    if not any(kind == FRESH and line.strip() for kind, line in zip(kinds, lines, strict=True)):
        kinds = [FRESH] * len(lines)
    found: list[tuple[str, list[str]]] = []
    for kind, line in zip(kinds, lines, strict=True):
        if found and found[-1][0] == kind:
            found[-1][1].append(line)
        else:
            found.append((kind, [line]))
    return tuple(Segment(kind, "\n".join(run)) for kind, run in found)


def _kinds(lines: list[str]) -> list[str]:
    kinds = [FRESH] * len(lines)
    for index, line in enumerate(lines):
        begin = _begins_quotation(lines, index, line)
        if begin:
            kinds[index:] = [QUOTED] * (len(lines) - index)
            break
        if line.lstrip().startswith(">"):
            kinds[index] = QUOTED
    _mark_introductions(lines, kinds)
    _mark_signature(lines, kinds)
    return kinds


def _begins_quotation(lines: list[str], index: int, line: str) -> bool:
    """Tell whether everything from this line on is an earlier mail."""
    if len(line) > 400:
        return False
    if _SPLITTERS.match(line):
        return True
    if _FROM.match(line):
        return sum(bool(_HEADER.match(other[:400])) for other in lines[index + 1 : index + 6]) >= 2
    following = next((one for one in lines[index + 1 : index + 4] if one.strip()), "")
    is_introduction = _is_introduction(lines, index)
    return bool(is_introduction and following and not _is_quoted_below(lines, index))


def _is_introduction(lines: list[str], index: int) -> bool:
    line = lines[index]
    if not 10 < len(line) < 400:
        return False
    if _WROTE.match(line):
        return True
    joined = f"{line} {lines[index + 1].strip()}" if index + 1 < len(lines) else line
    starts = line.lstrip("> ").startswith(("On ", "Am ", "Le ", "El ", "Il "))
    return starts and len(joined) < 400 and bool(_WROTE.match(joined))


def _is_quoted_below(lines: list[str], index: int) -> bool:
    """Tell whether the quotation has marks of its own, so that answers may stand between them."""
    return any(line.lstrip().startswith(">") for line in lines[index + 1 : index + 5])


def _mark_introductions(lines: list[str], kinds: list[str]) -> None:
    for index, line in enumerate(lines):
        if kinds[index] == FRESH and 10 < len(line) < 400 and _is_introduction(lines, index):
            kinds[index] = QUOTED
            if index + 1 < len(lines) and not _WROTE.match(line):
                kinds[index + 1] = QUOTED


def _mark_signature(lines: list[str], kinds: list[str]) -> None:
    """Mark the signature: from its sign to the next quotation or the end."""
    for index, line in enumerate(lines):
        if kinds[index] != FRESH or not _SIGNS.match(line[:200]):
            continue
        end = index
        while end < len(lines) and kinds[end] == FRESH:
            end += 1
        words = sum(bool(one.strip()) for one in lines[index:end])
        written = any(
            k == FRESH and one.strip() for k, one in zip(kinds[:index], lines, strict=False)
        )
        if words <= _LONGEST_SIGNATURE and written:
            kinds[index:end] = [SIGNATURE] * (end - index)
            return
