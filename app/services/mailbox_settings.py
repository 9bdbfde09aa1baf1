"""The mailboxes that incidents come from: where they are, their passwords, a try-out.

The first one stands in the settings (`incoming.*`), further ones in the catalogue. Passwords are in
the key store of this computer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError, MailHeldError
from app.domain.folding import fold
from app.domain.mailbox import FIRST, INBOX, KIND, Mailbox
from app.intake import mailbox
from app.services import configuration, health, lease, mail_settings
from app.storage import catalogue
from app.system import secrets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.desk import Desk


def first(desk: Desk) -> Mailbox:
    """Return the mailbox of the settings, whether or not it is named there."""
    return Mailbox(
        FIRST,
        _text(desk, "server"),
        int(configuration.get_setting(desk, "incoming.port")),
        _text(desk, "security"),
        _text(desk, "user"),
        _text(desk, "folder") or INBOX,
        _text(desk, "address"),
    )


def every(desk: Desk) -> list[Mailbox]:
    """Return the mailboxes whose server and user are named, that of the settings first."""
    further = [
        Mailbox.from_data(item.name, item.data) for item in catalogue.every(desk.connection, KIND)
    ]
    return [one for one in (first(desk), *further) if one.is_named]


def wanted(desk: Desk) -> list[Mailbox]:
    """Return the mailboxes that this workstation is to fetch from; none where it is switched off.

    The mailbox of the settings is among them, too, when its user is not named yet: that it cannot
    be fetched from is then said.
    """
    if desk.profile.is_sample or not configuration.get_setting(desk, "incoming.fetch_here"):
        return []
    own = first(desk)
    started = [own] if own.server and not own.is_named else []
    return started + every(desk)


def find(desk: Desk, names: Sequence[str]) -> list[Mailbox]:
    """Return the mailboxes that are called so: by name, address, user or server.

    Raises:
        InvalidInputError: nobody knows one of them, or two have the same user or server.
    """
    known = every(desk)
    found: dict[str, Mailbox] = {}
    for name in names:
        fitting = [one for one in known if one.key == fold(name)]
        fitting = fitting or [one for one in known if one.is_called(name)]
        if len(fitting) != 1:
            told = ", ".join(one.shown for one in known) or "none is named in the settings yet"
            how = "There are several mailboxes" if fitting else "There is no mailbox"
            raise InvalidInputError(f'{how} "{name}". Known: {told}.', field="mailbox")
        found[fitting[0].key] = fitting[0]
    return list(found.values())


def lease_of(box: Mailbox) -> str:
    """Return what the team's lease of a mailbox is called."""
    return lease.MAIL if box.is_first else f"{lease.MAIL}:{box.key}"


def problem_key(box: Mailbox) -> str:
    """Return under which key the health notes keep why a mailbox cannot be fetched from."""
    return health.MAIL_PROBLEM if box.is_first else f"{health.MAIL_PROBLEM}:{box.key}"


def server_of(box: Mailbox) -> mailbox.MailboxServer:
    """Return where a mailbox is, with the password from the key store.

    Raises:
        MailHeldError: no server or no user is named, or this computer has no password for it.
        MachineError: the key store cannot be read.
    """
    if not box.is_named:
        raise MailHeldError(
            "No mailbox is named. Name its server and its user in the settings, E-mail and alerts."
        )
    password = secrets.get_secret(secret_name(box.server, box.user))
    if not password:
        raise MailHeldError(
            f"This computer has no password for {box.user} at {box.server}. Type it in the "
            "settings, Mailbox."
        )
    return mailbox.MailboxServer(box.server, box.user, password, box.port, box.folder, box.security)


def of_source(desk: Desk, source: str) -> Mailbox | None:
    """Return the mailbox that a kept mail was fetched from; None for a file."""
    from_here = (
        one for one in every(desk) if source.startswith(f"{one.user}@{one.server}/{one.folder}:")
    )
    return next(from_here, None)


def addresses(desk: Desk) -> set[str]:
    """Return where users write to, in small letters."""
    return {one.address.lower() for one in (first(desk), *every(desk)) if one.address}


def secret_name(host: str, user: str) -> str:
    """Return the name under which the key store keeps the password."""
    return f"imap:{user}@{host}"


def choices(desk: Desk) -> list[tuple[str, str]]:
    """Return what each mailbox is known by, and its name, that of the settings first."""
    return [(one.shown, one.name) for one in every(desk)]


def set_password(desk: Desk, password: str, name: str = "") -> None:
    """Keep the password of a mailbox in the system's key store; "" forgets it.

    Raises:
        InvalidInputError: server and user are not named yet.
        MachineError: there is no usable key store; the password is kept nowhere.
    """
    box = _chosen(desk, name)
    if not box.is_named:
        raise InvalidInputError("Name the server and the user first, then the password.")
    if password:
        secrets.set_secret(secret_name(box.server, box.user), password)
    else:
        secrets.delete_secret(secret_name(box.server, box.user))


def try_mailbox(desk: Desk, name: str = "") -> str:
    """Log in and open the folder as fetching would; return a sentence that it worked.

    Nothing is fetched or marked.

    Raises:
        KnownError: what stands in the way, in a sentence.
    """
    mail_settings.refuse_sample(desk)
    server = server_of(_chosen(desk, name))
    waiting = mailbox.count_unseen(server)
    mails = "1 new mail waits" if waiting == 1 else f"{waiting:,} new mails wait"
    return f"{server.host} has the folder {server.folder} of {server.user}; {mails} in it."


def _chosen(desk: Desk, name: str) -> Mailbox:
    return find(desk, [name])[0] if name else first(desk)


def _text(desk: Desk, name: str) -> str:
    return str(configuration.get_setting(desk, f"incoming.{name}")).strip()
