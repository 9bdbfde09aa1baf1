"""The page of the mailboxes beside the first one: where they are, who takes what arrives."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from app.domain.mailbox import INBOX, KIND, SECURITIES
from app.domain.setting import Section
from app.services import cataloguing
from app.ui.settings.catalogue.field_editors import ChoiceField, NumberField, TextField
from app.ui.settings.catalogue.page import FieldSpec, Listing, PageSpec

if TYPE_CHECKING:
    from app.services.cataloguing import Entry
    from app.services.desk import Desk

_tr = partial(QCoreApplication.translate, "MailboxPage")


def mailboxes() -> PageSpec:
    """Return the page of the further mailboxes."""
    words = {"tls": _tr("TLS"), "starttls": _tr("STARTTLS"), "none": _tr("None")}
    securities = [(words[one], one) for one in SECURITIES]
    return PageSpec(
        KIND,
        Section.EMAIL_AND_ALERTS,
        _tr("Further mailboxes"),
        _tr("mailbox"),
        _tr("Each is fetched by one computer of the team. Its password is typed on the page "
            "Mailbox, on each computer that may fetch."),
        (
            FieldSpec("name", _tr("Name"), TextField),
            FieldSpec("server", _tr("Server"), TextField, hint=_tr("imap.example.org")),
            FieldSpec("security", _tr("Security"), partial(ChoiceField, securities)),
            FieldSpec("port", _tr("Port"), NumberField,
                      hint=_tr("empty for 993 with TLS, 143 with STARTTLS")),
            FieldSpec("user", _tr("User"), TextField),
            FieldSpec("folder", _tr("Folder"), TextField),
            FieldSpec("address", _tr("Address"), TextField,
                      hint=_tr("where users write to; mails from it are our own")),
            FieldSpec("team", _tr("Team"), partial(ChoiceField.of_names, _tr("As usual")), "team"),
            FieldSpec("category", _tr("Category"), partial(ChoiceField.of_names, _tr("None")),
                      "category"),
        ),
        ((_tr("User"), _user_of), (_tr("Team"), _team_of)),
        {"team": _teams, "category": _categories},
        _inbox,
        watched=frozenset({"team", "category"}),
    )  # fmt: skip


def _user_of(entry: Entry) -> str:
    user, server = (str(entry.data.get(field) or "") for field in ("user", "server"))
    return _tr("{0} at {1}").format(user, server) if user and server else user or server


def _team_of(entry: Entry) -> str:
    return str(entry.data.get("team") or "")


def _teams(desk: Desk) -> list[str]:
    return cataloguing.names(desk, "team")


def _categories(desk: Desk) -> list[str]:
    return cataloguing.names(desk, "category")


def _inbox(_listing: Listing) -> dict[str, Any]:
    return {"security": "tls", "port": 993, "folder": INBOX}
