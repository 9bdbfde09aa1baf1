"""The page of the checks: steps of diagnosis that people run on an incident."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from app.domain.diagnosis_check import CI, NEEDS_PORT, NUMBER, CheckKind
from app.domain.setting import Section
from app.services import cataloguing
from app.ui.settings.catalogue.field_editors import ChoiceField, ListField, NumberField, TextField
from app.ui.settings.catalogue.page import FieldSpec, Listing, PageSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.cataloguing import Entry
    from app.services.desk import Desk

_tr = partial(QCoreApplication.translate, "CheckPage")
_WITH_LIMIT = frozenset({CheckKind.CERTIFICATE, CheckKind.DISK})


def checks() -> PageSpec:
    """Return the page of the checks."""
    kinds = [(kind_words(one), str(one)) for one in CheckKind]
    return PageSpec(
        "check",
        Section.CHECKLISTS,
        _tr("Checks"),
        _tr("check"),
        _tr("Steps of diagnosis that somebody runs on an incident; what they say is kept as "
            "evidence. None runs by itself, and each computer allows a check before its first "
            "run there."),
        (
            FieldSpec("name", _tr("Name"), TextField),
            FieldSpec("check", _tr("Does"), partial(ChoiceField, kinds)),
            FieldSpec("target", _tr("To what"), TextField,
                      hint=_tr("a computer, an address, a path, or {0} for the item").format(CI)),
            FieldSpec("port", _tr("Port"), NumberField, hint=_tr("443 if empty"), shown=_has_port),
            FieldSpec("arguments", _tr("Arguments"), ListField,
                      hint=_tr("one a line; {0} and {1} are put in").format(CI, NUMBER),
                      shown=_is_script),
            FieldSpec("limit", _tr("At least"), NumberField,
                      hint=_tr("days left, or per cent free"), shown=_has_limit),
            FieldSpec("timeout_s", _tr("Seconds at most"), NumberField),
            FieldSpec("category", _tr("Only in the category"),
                      partial(ChoiceField.of_names, _tr("All categories")), "category"),
        ),
        ((_tr("Does"), _kind_of), (_tr("To what"), _target_of), (_tr("Category"), _category_of)),
        {"category": _categories},
        _ping,
        watched=frozenset({"category"}),
    )  # fmt: skip


def kind_words(kind: CheckKind) -> str:
    """Say what a kind of check does."""
    return {
        CheckKind.PING: _tr("Ping a computer"),
        CheckKind.TCP: _tr("Connect to a TCP port"),
        CheckKind.DNS: _tr("Look up a name (DNS)"),
        CheckKind.HTTP: _tr("Get a page (HTTP, HTTPS)"),
        CheckKind.CERTIFICATE: _tr("Certificate: when it ends"),
        CheckKind.DISK: _tr("Disk space here"),
        CheckKind.SCRIPT: _tr("Run a program or script of ours"),
    }[kind]


def _kind_of(entry: Entry) -> str:
    return kind_words(CheckKind(str(entry.data.get("check") or CheckKind.PING)))


def _target_of(entry: Entry) -> str:
    return str(entry.data.get("target") or "")


def _category_of(entry: Entry) -> str:
    return str(entry.data.get("category") or "")


def _categories(desk: Desk) -> list[str]:
    return cataloguing.names(desk, "category")


def _ping(_listing: Listing) -> dict[str, Any]:
    return {"check": str(CheckKind.PING), "target": CI}


def _has_port(values: Mapping[str, Any]) -> bool:
    return values.get("check") in NEEDS_PORT


def _has_limit(values: Mapping[str, Any]) -> bool:
    return values.get("check") in _WITH_LIMIT


def _is_script(values: Mapping[str, Any]) -> bool:
    return values.get("check") == CheckKind.SCRIPT
