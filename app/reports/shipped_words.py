"""The words that a new team starts with, as messages: closure codes, checklist steps, names.

They are the team's own data from then on. A word that is still as it was shipped is printed in the
language of the report; what the team wrote itself stays as it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.reports.language import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.closure_code import ClosureCodes
    from app.reports.language import Language

CODES: Final = "closure code"
STEPS: Final = "checklist"
CLASSIFICATION: Final = "classification"
ORGANISATION: Final = "organisation"
SHIPPED: Final = (
    Message("fixed", CODES),
    Message("workaround", CODES),
    Message("no fault found", CODES),
    Message("cannot reproduce", CODES),
    Message("resolved by caller", CODES),
    Message("duplicate", CODES),
    Message("not an incident", CODES),
    Message("assistance", CODES),
    Message("bug fix", CODES),
    Message("hardware repair", CODES),
    Message("software patch", CODES),
    Message("system update", CODES),
    Message("configuration change", CODES),
    Message("training", CODES),
    Message("other", CODES),
    Message("hardware", CODES),
    Message("software", CODES),
    Message("configuration", CODES),
    Message("capacity", CODES),
    Message("network", CODES),
    Message("power", CODES),
    Message("human", CODES),
    Message("third party", CODES),
    Message("security", CODES),
    Message("undetermined", CODES),
    Message("solved, permanent", CODES),
    Message("solved by a workaround", CODES),
    Message("solved by the caller", CODES),
    Message("Resolution note", STEPS),
    Message("Outcome, fix type, cause class", STEPS),
    Message("Requester confirmed", STEPS),
    Message("Time logged", STEPS),
    Message("Similar incidents linked", STEPS),
    Message("Save as knowledge article", STEPS),
    Message("Service restored and tested", STEPS),
    Message("Stakeholders told", STEPS),
    Message("Root cause recorded", STEPS),
    Message("Problem opened or ruled out", STEPS),
    Message("Post-incident review held", STEPS),
    Message("Written", STEPS),
    Message("Made", STEPS),
    Message("Recorded", STEPS),
    Message("Ticked by hand", STEPS),
    Message("Internal", CLASSIFICATION),
    Message("IT service desk", ORGANISATION),
)
_BY_WORDS: Final = {(message.context, message.text): message for message in SHIPPED}


def step(words: Language, text: str) -> str:
    """Return the text of a step of a checklist, or the note of one that the program wrote."""
    return _shipped(words, STEPS, text)


def code(words: Language, codes: ClosureCodes, kind: str, given: str) -> str:
    """Return a closure code as it reads inside a sentence."""
    return _shipped(words, CODES, codes.plain(kind, given))


def note(words: Language, codes: ClosureCodes, kind: str, given: str) -> str:
    """Return what a report says of a closure code."""
    return _shipped(words, CODES, codes.note(kind, given))


def ticked_by_codes(given: Sequence[str]) -> str:
    """Return the note by which the program ticks the step of the closure codes."""
    return " · ".join(one.replace("_", " ") for one in given).capitalize()


def code_list(words: Language, given: Sequence[str]) -> str:
    """Return closure codes as the note of their step: "Fixed · bug fix · software"."""
    told = " · ".join(_shipped(words, CODES, one.replace("_", " ")) for one in given)
    return told[:1].upper() + told[1:]


def classification(words: Language, text: str) -> str:
    """Return the word at the start of the footer."""
    return _shipped(words, CLASSIFICATION, text)


def organisation(words: Language, name: str) -> str:
    """Return the name in the running head."""
    return _shipped(words, ORGANISATION, name)


def _shipped(words: Language, context: str, text: str) -> str:
    message = _BY_WORDS.get((context, text))
    return text if message is None else words.of(message)
