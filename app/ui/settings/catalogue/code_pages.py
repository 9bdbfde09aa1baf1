"""The pages of the closure codes: what closing offers, in which order and in which words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from app.domain.closure_code import code_words
from app.domain.setting import Section
from app.ui.settings.catalogue.field_editors import FlagField, NumberField, TextField
from app.ui.settings.catalogue.page import FieldSpec, Listing, PageSpec

if TYPE_CHECKING:
    from app.services.cataloguing import Entry

_STEP = 10


def outcomes() -> PageSpec:
    """Return the page of how an incident ended."""
    return _page("outcome", _tr("Outcomes"), _tr("outcome"), _tr("How an incident ended."))


def fix_types() -> PageSpec:
    """Return the page of what was done."""
    return _page("fix_type", _tr("Fix types"), _tr("fix type"), _tr("What was done about it."))


def cause_classes() -> PageSpec:
    """Return the page of what kind of cause it was."""
    purpose = _tr("What kind of thing was the cause.")
    return _page("cause_class", _tr("Cause classes"), _tr("cause class"), purpose)


def _page(kind: str, title: str, one: str, purpose: str) -> PageSpec:
    hint = _tr("Offered when an incident is resolved, the lowest position first. A retired one is "
               "offered no more and stays on the incidents that have it.")  # fmt: skip
    return PageSpec(
        kind,
        Section.CHECKLISTS,
        title,
        one,
        f"{purpose} {hint}",
        (
            FieldSpec("name", _tr("Code"), TextField, hint=_tr("vendor_replaced_part")),
            FieldSpec("words", _tr("Words"), TextField, hint=_tr("as people read it")),
            FieldSpec("note", _tr("Words in reports"), TextField),
            FieldSpec("position", _tr("Position"), NumberField, hint=_tr("1 stands first")),
            FieldSpec("retired", "", partial(FlagField, _tr("Retired: offer it no more"))),
        ),
        ((_tr("Words"), _words), (_tr("Position"), _position), (_tr("State"), _state)),
        defaults=_at_the_end,
        watched=frozenset({"incident"}),
    )


def _words(entry: Entry) -> str:
    return str(entry.data.get("words") or "") or code_words(entry.name)


def _position(entry: Entry) -> str:
    return str(entry.data.get("position") or "")


def _state(entry: Entry) -> str:
    return _tr("Retired") if entry.data.get("retired") else ""


def _at_the_end(listing: Listing) -> dict[str, Any]:
    taken = [int(one.data.get("position") or 0) for one in listing.entries]
    return {"position": min(max(taken, default=0) + _STEP, 999)}


_tr = partial(QCoreApplication.translate, "CodePages")
