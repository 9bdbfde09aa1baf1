"""The server and the sender of outgoing mail, and the password in the system's key store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError, MailHeldError
from app.intake import outgoing_mail, smtp_client
from app.services import configuration
from app.system import secrets

if TYPE_CHECKING:
    from app.domain.letter import Recipient
    from app.services.desk import Desk


def sends(desk: Desk) -> bool:
    """Tell whether this profile sends mail itself; else drafts go to the mail program."""
    return not desk.profile.is_sample and bool(configuration.get_setting(desk, "outgoing.server"))


def server_of(desk: Desk) -> smtp_client.MailServer:
    """Return the server of the settings, with the password from the key store.

    Raises:
        MailHeldError: no server is named.
        MachineError: the key store cannot be read.
    """
    host = str(configuration.get_setting(desk, "outgoing.server")).strip()
    if not host:
        raise MailHeldError("No server for outgoing mail is named. Name one in the settings.")
    user = str(configuration.get_setting(desk, "outgoing.user")).strip()
    return smtp_client.MailServer(
        host,
        int(configuration.get_setting(desk, "outgoing.port")),
        str(configuration.get_setting(desk, "outgoing.security")),
        user,
        (secrets.get_secret(secret_name(host, user)) or "") if user else "",
    )


def sender_of(desk: Desk) -> Recipient:
    """Return name and address that letters come from; raises MailHeldError without an address."""
    text = str(configuration.get_setting(desk, "outgoing.sender"))
    found = outgoing_mail.read_recipients(text)
    if len(found) != 1 or not found[0].address:
        raise MailHeldError(
            "The sender of outgoing mail has no address. Write one in the settings, like "
            "IT desk <desk@example.org>."
        )
    return found[0]


def secret_name(host: str, user: str) -> str:
    """Return the name under which the key store keeps the password."""
    return f"smtp:{user}@{host}"


def set_password(desk: Desk, password: str) -> None:
    """Keep the password of outgoing mail in the system's key store; "" forgets it.

    Raises:
        MachineError: there is no usable key store; the password is kept nowhere.
    """
    host = str(configuration.get_setting(desk, "outgoing.server")).strip()
    user = str(configuration.get_setting(desk, "outgoing.user")).strip()
    if not (host and user):
        raise InvalidInputError("Name the server and the user first, then the password.")
    if password:
        secrets.set_secret(secret_name(host, user), password)
    else:
        secrets.delete_secret(secret_name(host, user))


def try_server(desk: Desk) -> str:
    """Log in at the server as a letter would; return a sentence that it worked."""
    refuse_sample(desk)
    server, sender = server_of(desk), sender_of(desk)
    smtp_client.check(server, sender.address)
    how = {"starttls": "STARTTLS", "tls": "TLS"}.get(server.security, "no encryption")
    return f"{server.host} takes mail from {sender.address}, with {how}."


def refuse_sample(desk: Desk) -> None:
    """Keep whatever is made up from being mailed to anybody."""
    if desk.profile.is_sample:
        raise InvalidInputError("This is the sample data: nothing in it is mailed.")
