"""Give the tokens of a quick-log line their meaning, or the reason why they have none.

Grammar: ux.md section 5; the words of priorities, channels and statuses are those of domain.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from app.domain.errors import InvalidInputError
from app.domain.incident import Channel, Status
from app.domain.priority import LEVEL_NAMES, PRIORITY_NAMES, priority_label
from app.domain.quick_log_names import NameKind, NameReading, read_name
from app.domain.quick_log_times import InstantReading, TimeContext, read_due, read_occurred
from app.domain.quick_log_tokens import POSSESSIVE, RawToken, TokenKind, english

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from app.domain.priority import PriorityMatrix
    from app.domain.quick_log_names import Candidate, KnownNames

Value: TypeAlias = "str | tuple[int, int] | datetime | Channel | Status | None"

NAME_KINDS: Final = {
    TokenKind.WHO: NameKind.PERSON,
    TokenKind.CATEGORY: NameKind.CATEGORY,
    TokenKind.TAG: NameKind.TAG,
    TokenKind.LOCATION: NameKind.LOCATION,
    TokenKind.ASSIGNEE: NameKind.PERSON,
    TokenKind.TEAM: NameKind.TEAM,
    TokenKind.CI: NameKind.CI,
    TokenKind.SERVICE: NameKind.SERVICE,
}
PRIORITY_WORDS: Final = {
    **{name.casefold(): code for code, name in PRIORITY_NAMES.items()},
    **{code.casefold(): code for code in PRIORITY_NAMES},
    **{code[1:]: code for code in PRIORITY_NAMES},
    "medium": "P3",
}
CHANNEL_WORDS: Final = {
    **{str(channel): channel for channel in Channel},
    "call": Channel.PHONE,
    "tel": Channel.PHONE,
    "e-mail": Channel.EMAIL,
    "mail": Channel.EMAIL,
    "walk-in": Channel.WALK_IN,
    "walkin": Channel.WALK_IN,
    "desk": Channel.WALK_IN,
    "alert": Channel.MONITORING,
}
STATUS_WORDS: Final = {
    "new": Status.NEW,
    "assigned": Status.ASSIGNED,
    "in_progress": Status.IN_PROGRESS,
    "in-progress": Status.IN_PROGRESS,
    "in progress": Status.IN_PROGRESS,
    "progress": Status.IN_PROGRESS,
}
_LEVEL_LETTERS: Final = {"h": 1, "m": 2, "l": 3}


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the line with what it means: `line[start:end] == raw`.

    With a `problem` it has no value and stays in the summary. `shown` is the text of its chip;
    `candidates` and `readings` are what could have been meant.
    """

    kind: TokenKind
    start: int
    end: int
    raw: str
    text: str
    value: Value = None
    shown: str = ""
    problem: str = ""
    is_new: bool = False
    candidates: tuple[Candidate, ...] = ()
    readings: tuple[str, ...] = ()


class _Meaning(NamedTuple):
    """What a token means; `cut` characters at its end (a possessive) are no part of it."""

    value: Value = None
    shown: str = ""
    problem: str = ""
    is_new: bool = False
    candidates: tuple[Candidate, ...] = ()
    readings: tuple[str, ...] = ()
    cut: int = 0


@dataclass(frozen=True, slots=True)
class TokenReader:
    """Everything that the meaning of a token depends on."""

    names: KnownNames
    times: TimeContext
    words: Mapping[str, str]
    matrix: PriorityMatrix
    me: str
    freely: Collection[NameKind]

    def is_token(self, raw: RawToken) -> bool:
        """Tell a token from a word that merely begins like one."""
        if raw.quoted:
            return True
        first = raw.text[:1]
        match raw.sign:
            case "!":
                return first.isalnum()
            case "+":
                return first.isalpha()
            case ":":
                return bool(first)
        if first.isdecimal():
            kind = NAME_KINDS[raw.kind]
            return ":" not in raw.text and bool(self._read_name(kind, raw, raw.text).candidates)
        return first.isalpha()

    def read(self, line: str, raw: RawToken) -> Token:
        """Give the token its meaning, or the reason why it has none."""
        found = self._meaning(raw) if raw.closed else _UNCLOSED
        end = raw.end - found.cut
        text = raw.text[: -found.cut] if found.cut else raw.text
        return Token(raw.kind, raw.start, end, line[raw.start : end], text, *found[:-1])

    def _meaning(self, raw: RawToken) -> _Meaning:
        kind = NAME_KINDS.get(raw.kind)
        if kind is not None:
            return self._name(kind, raw)
        match raw.kind:
            case TokenKind.PRIORITY:
                return self._priority(raw.text)
            case TokenKind.CHANNEL:
                return self._channel(raw.text)
            case TokenKind.STATUS:
                return self._status(raw.text)
            case TokenKind.AT:
                return self._instant(read_occurred(raw.text, self.times), "Occurred")
            case _:
                return self._instant(read_due(raw.text, self.times), "Due")

    def _read_name(self, kind: NameKind, raw: RawToken, text: str) -> NameReading:
        return read_name(kind, text, self.names, exactly=raw.quoted, freely=self.freely)

    def _name(self, kind: NameKind, raw: RawToken) -> _Meaning:
        if self.me and kind is NameKind.PERSON and english(raw.text, self.words) == "me":
            return _Meaning(self.me, self.me)
        reading = self._read_name(kind, raw, raw.text)
        cut = 0
        if not raw.quoted and (reading.is_new or reading.problem):
            owner = POSSESSIVE.search(raw.text)
            if owner is not None:
                cut = len(owner[0])
                reading = self._read_name(kind, raw, raw.text[:-cut])
        shown = reading.name
        if reading.is_new and kind is not NameKind.TAG:
            shown = f"{shown} (new)"
        return _Meaning(
            reading.name or None,
            shown,
            reading.problem,
            reading.is_new,
            reading.candidates,
            cut=cut,
        )

    def _priority(self, text: str) -> _Meaning:
        word = english(text, self.words)
        code = PRIORITY_WORDS.get(word)
        if code is not None:
            try:
                cell = self.matrix.default_cell(code)
            except InvalidInputError as error:
                return _Meaning(problem=error.message)
        else:
            levels = [_LEVEL_LETTERS.get(english(letter, self.words), 0) for letter in word[:3]]
            if len(levels) != 2 or 0 in levels:
                return _Meaning(
                    problem=f'"{text}" is no priority: write 1 to 4, critical, high, moderate or '
                    'low, or two letters for impact and urgency such as "mh".'
                )
            cell = levels[0], levels[1]
        label = priority_label(self.matrix.priority_of(*cell))
        impact, urgency = (LEVEL_NAMES[level].lower() for level in cell)
        return _Meaning(cell, f"{label} ({impact} x {urgency})")

    def _channel(self, text: str) -> _Meaning:
        channel = CHANNEL_WORDS.get(english(text, self.words))
        if channel is None:
            known = ", ".join(one.replace("_", "-") for one in Channel)
            return _Meaning(problem=f'"{text}" is no channel: write one of {known}.')
        return _Meaning(channel, channel.replace("_", "-"))

    def _status(self, text: str) -> _Meaning:
        word = english(text, self.words)
        status = STATUS_WORDS.get(word)
        if status is not None:
            return _Meaning(status, status.replace("_", " "))
        if word in list(Status):
            problem = f"A new incident cannot be {word}: log it first, then set it to {word}."
        else:
            problem = f'"{text}" is no status: write new, assigned or in_progress.'
        return _Meaning(problem=problem)

    def _instant(self, reading: InstantReading, label: str) -> _Meaning:
        if reading.at is None:
            return _Meaning(problem=reading.problem, readings=reading.readings)
        local = reading.at.astimezone(self.times.zone)
        return _Meaning(reading.at, f"{label} {local:%Y-%m-%d %H:%M}")


_UNCLOSED: Final = _Meaning(problem="The quotation mark is not closed.")
