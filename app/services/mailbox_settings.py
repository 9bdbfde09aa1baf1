"""The mailbox that incidents come from: where it is, its password in the key store, a try-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError, MailHeldError
from app.intake import mailbox
from app.services import configuration, mail_settings
from app.system import secrets

if TYPE_CHECKING:
    from app.services.desk import Desk


def is_wanted(desk: Desk) -> bool:
    """Tell whether this workstation is to fetch mails: it is switched on, and a server is named."""
    if desk.profile.is_sample or not configuration.get_setting(desk, "incoming.fetch_here"):
        return False
    return bool(_text(desk, "server"))


def mailbox_of(desk: Desk) -> mailbox.MailboxServer:
    """Return the mailbox of the settings, with the password from the key store.

    Raises:
        MailHeldError: no server or no user is named, or this computer has no password for it.
        MachineError: the key store cannot be read.
    """
    host, user = _text(desk, "server"), _text(desk, "user")
    if not (host and user):
        raise MailHeldError(
            "No mailbox is named. Name its server and its user in the settings, E-mail and alerts."
        )
    password = secrets.get_secret(secret_name(host, user))
    if not password:
        raise MailHeldError(
            f"This computer has no password for {user} at {host}. Type it in the settings, Mailbox."
        )
    return mailbox.MailboxServer(
        host,
        user,
        password,
        int(configuration.get_setting(desk, "incoming.port")),
        _text(desk, "folder") or "INBOX",
        _text(desk, "security"),
    )


def check_name(desk: Desk, name: str) -> None:
    """Refuse a mailbox that is not the team's; it is called by its address, its user or server."""
    known = {_text(desk, "address"), _text(desk, "user"), _text(desk, "server")} - {""}
    if name.strip().lower() not in {one.lower() for one in known}:
        told = ", ".join(sorted(known)) or "none is named in the settings yet"
        raise InvalidInputError(f'There is no mailbox "{name}". Known: {told}.', field="mailbox")


def secret_name(host: str, user: str) -> str:
    """Return the name under which the key store keeps the password."""
    return f"imap:{user}@{host}"


def set_password(desk: Desk, password: str) -> None:
    """Keep the password of the mailbox in the system's key store; "" forgets it.

    Raises:
        InvalidInputError: server and user are not named yet.
        MachineError: there is no usable key store; the password is kept nowhere.
    """
    host, user = _text(desk, "server"), _text(desk, "user")
    if not (host and user):
        raise InvalidInputError("Name the server and the user first, then the password.")
    if password:
        secrets.set_secret(secret_name(host, user), password)
    else:
        secrets.delete_secret(secret_name(host, user))


def try_mailbox(desk: Desk) -> str:
    """Log in and open the folder as fetching would; return a sentence that it worked.

    Nothing is fetched or marked.

    Raises:
        KnownError: what stands in the way, in a sentence.
    """
    mail_settings.refuse_sample(desk)
    server = mailbox_of(desk)
    waiting = mailbox.count_unseen(server)
    mails = "1 new mail waits" if waiting == 1 else f"{waiting:,} new mails wait"
    return f"{server.host} has the folder {server.folder} of {server.user}; {mails} in it."


def _text(desk: Desk, name: str) -> str:
    return str(configuration.get_setting(desk, f"incoming.{name}")).strip()
