"""What the window's listener for alerts is to do on this computer, its token, and why it fails.

The listener is a process of its own (`intake serve`), so that a storm never holds up the window.
"""

from __future__ import annotations

import secrets as chance
from typing import TYPE_CHECKING, NamedTuple

from app.domain.changes import ChangeSet
from app.domain.errors import InvalidInputError
from app.services import configuration, health
from app.system import secrets

if TYPE_CHECKING:
    from app.services.desk import Desk

TOKEN_VARIABLE = "INCIDENT_DESK_TOKEN"
_OPTIONS = {"webhook": "--webhook", "syslog": "--syslog", "drop": "--drop", "log": "--log"}


class Listener(NamedTuple):
    """The words of the command line behind the program's own, and the token of the webhook."""

    words: tuple[str, ...]
    token: str


def wanted(desk: Desk) -> Listener | None:
    """Return what to listen to; None where that is switched off, and for the sample data.

    Raises:
        InvalidInputError: it is switched on, and nothing is named.
        MachineError: the key store, which has the token, cannot be used.
    """
    if desk.profile.is_sample or not configuration.get_setting(desk, "listener.on"):
        return None
    words = ["--profile", str(desk.profile.directory), "intake", "serve", "--until-closed"]
    named = {option: _text(desk, name) for name, option in _OPTIONS.items()}
    if not any(named.values()):
        raise InvalidInputError(
            "Nothing to listen to is named. Name an address, a folder or a log in the settings, "
            "E-mail and alerts."
        )
    for option, value in named.items():
        words += [option, value] if value else []
    if certificate := _text(desk, "certificate"):
        words += ["--certificate", certificate]
    if named["--drop"]:
        words.append("--in-turn")
    return Listener(tuple(words), token(desk) if named["--webhook"] else "")


def address(desk: Desk) -> str:
    """Return where a tool posts its alerts; "" when no webhook is set."""
    place = _text(desk, "webhook")
    if not place:
        return ""
    host, _, port = place.rpartition(":")
    scheme = "https" if _text(desk, "certificate") else "http"
    return f"{scheme}://{host or '127.0.0.1'}:{port}/alerts"


def token(desk: Desk) -> str:
    """Return what a client of the webhook has to know; made when it is first asked for.

    Raises:
        MachineError: this computer has no usable key store.
    """
    return secrets.get_secret(_secret_name(desk)) or _make_token(desk)


def renew_token(desk: Desk) -> ChangeSet:
    """Make another token: whoever knows the old one is refused from now on.

    Raises:
        MachineError: this computer has no usable key store.
    """
    _make_token(desk)
    return ChangeSet(None, "New token", {"setting": ()})


def note_problem(desk: Desk, problem: str) -> None:
    """Keep among the health notes why it cannot be listened, or "" that it can."""
    health.note_problem(desk, health.ALERTS_PROBLEM, problem)


def _make_token(desk: Desk) -> str:
    made = chance.token_urlsafe(24)
    secrets.set_secret(_secret_name(desk), made)
    return made


def _secret_name(desk: Desk) -> str:
    return f"webhook:{desk.store.station.hex()}"


def _text(desk: Desk, name: str) -> str:
    return str(configuration.get_setting(desk, f"listener.{name}")).strip()
