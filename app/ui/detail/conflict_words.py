"""How a conflict is said: who set what when, and what each button keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui.detail.timeline_words import clock

if TYPE_CHECKING:
    from app.services.choosing import Contested, Said

CONTEXT = "Conflict"
_LONG = 48
"""A longer value, or one of several lines, is compared in a dialog."""


def is_long(said: Said) -> bool:
    """Tell whether a value has no room in a sentence."""
    text = str(said.value or "")
    return len(text) > _LONG or "\n" in text


def field_word(field: str) -> str:
    """Return what people call a field."""
    return field.removeprefix("custom.").replace("_", " ").capitalize()


def sentence(one: Contested) -> str:
    """Say who set what when, the newest first: "Jon set P3 at 10:02, you set P2 at 10:01."."""
    told = []
    long = any(is_long(said) for said in one.values)
    for said in one.values:
        who = _tr("you") if said.own else said.author or _tr("another station")
        when = clock(said.at)
        if said.value in (None, ""):
            told.append(_tr("{0} emptied it at {1}").format(who, when))
        elif long:
            told.append(_tr("{0} changed it at {1}").format(who, when))
        else:
            told.append(_tr("{0} set {1} at {2}").format(who, value_word(said), when))
    return f"{field_word(one.field)}: {', '.join(told)}."


def keep_words(one: Contested, said: Said) -> str:
    """Return what the button of a value says."""
    if said.own and sum(value.own for value in one.values) == 1:
        return _tr("Keep mine")
    whose = [value for value in one.values if value.author == said.author and not value.own]
    if said.author and len(whose) == 1 and not said.own:
        return _tr("Keep {0}'s").format(said.author)
    if is_long(said):
        return _tr("Keep this one")
    return _tr("Keep {0}").format(value_word(said))


def value_word(said: Said) -> str:
    """Return a value as people read it."""
    if said.value in (None, ""):
        return _tr("nothing")
    text = str(said.value)
    if isinstance(said.value, bool):
        return _tr("yes") if said.value else _tr("no")
    if text.isascii() and text.islower() and text.replace("_", "").isalpha():
        return text.replace("_", " ").capitalize()
    return text


def _tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
