"""How the findings of a period report word shares, counts and ages; what has no data says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.domain.period_figures import TARGET, UNASSIGNED
from app.reports.language import Message

if TYPE_CHECKING:
    from app.domain.metric_values import Figure
    from app.reports.language import Language

DEFINITIONS: Final = {
    "sla_resolution": Message(
        "Resolution met / (met + breached) of incidents last resolved in the period, "
        "and breached by those that were open and overdue at its end; no target: left out."
    ),
    "backlog_age": Message(
        "Age of the backlog: end of the period - registered, with how many are how many days old."
    ),
    "csat": Message(
        "Answers of 4 or 5 / answers given in the period; surveys sent and response rate beside."
    ),
    "time_split": Message(
        "Where the time of incidents last resolved in the period went, elapsed time."
    ),
}
"""What the printed metrics are, by key; in English word for word as the domain has them."""
_SMALL = (
    Message("no", "small number"),
    Message("one", "small number"),
    Message("two", "small number"),
    Message("three", "small number"),
    Message("four", "small number"),
    Message("five", "small number"),
    Message("six", "small number"),
    Message("seven", "small number"),
    Message("eight", "small number"),
    Message("nine", "small number"),
    Message("ten", "small number"),
)


def no_data(words: Language) -> str:
    """Return what stands where there is nothing to count."""
    return words.text("no data")


def per_cent(words: Language, figure: Figure) -> str:
    """Return a share as "89%", with one digit more where rounding would hide a miss; no data so."""
    if figure.value is None:
        return no_data(words)
    return per_cent_of(words, figure.value, TARGET)


def per_cent_of(words: Language, value: float, target: float | None = None) -> str:
    """Return a share as "89%"; with a digit more where rounding would say something else.

    That is where it would hide on which side of a `target` it lies, or that it is not all or none.
    """
    shown = round(value * 100)
    hides = shown in {0, 100} and value % 1
    if target is not None and (shown / 100 >= target) != (value >= target):
        hides = True
    if not hides:
        return words.text("{number}%", number=words.number(value * 100))
    tenths = int(value * 1000) / 10
    if not tenths:
        return words.text("under {number}%", number=words.number(0.1, 1))
    return words.text("{number}%", number=words.number(tenths, 1))


def small_number(words: Language, n: int) -> str:
    """Return a number up to ten as a word."""
    return words.of(_SMALL[n]) if n < len(_SMALL) else words.number(n)


def holder(words: Language, name: str) -> str:
    """Return the name of a team or a person; the work of nobody has none."""
    return words.text("Nobody") if name == UNASSIGNED else name


def listed(words: Language, names: list[str]) -> str:
    """Join names as a sentence does: "P1, P2 and P3"."""
    if len(names) < 2:
        return "".join(names)
    return words.text("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def capitalised(text: str) -> str:
    """Return a text as a sentence begins."""
    return text[:1].upper() + text[1:]
