"""A mailbox that incidents come from: where it is, and who takes what arrives in it.

A team has one in its settings (`incoming.*`) and further ones as catalogue items; the password is
never among the data, it stays in the key store of each computer that fetches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from app.domain.catalogue import CatalogueItem, DataReader, checked_name
from app.domain.folding import fold
from app.domain.people import checked_mail

if TYPE_CHECKING:
    from collections.abc import Mapping

KIND: Final = "mailbox"
SECURITIES: Final = ("tls", "starttls", "none")
_PORTS: Final = {"tls": 993, "starttls": 143, "none": 143}
_MOST_PORT: Final = 65_535
INBOX: Final = "INBOX"
FIRST: Final = "Mailbox"
"""The name of the mailbox that stands in the settings; no other one has it."""


@dataclass(frozen=True, slots=True)
class Mailbox(CatalogueItem):
    """One mailbox. `team` and `category` are those of a new incident, "" as is usual.

    `address` is where users write to, so that mails from it are known as our own.
    """

    kind: ClassVar[str] = KIND
    label: ClassVar[str] = "Mailbox"

    server: str = ""
    port: int = _PORTS["tls"]
    security: str = "tls"
    user: str = ""
    folder: str = INBOX
    address: str = ""
    team: str = ""
    category: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return where it is and who takes its mails."""
        return {
            "server": self.server,
            "port": self.port,
            "security": self.security,
            "user": self.user,
            "folder": self.folder,
            "address": self.address,
            "team": self.team,
            "category": self.category,
        }

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a mailbox; without a port that of its security holds (RFC 8314, 3.2)."""
        name = checked_name(cls.label, name)
        read = DataReader(cls.label, name, data)
        if fold(name) == fold(FIRST):
            raise read.refuse("name", "is that of the mailbox in the settings. Choose another.")
        security = read.word("security", SECURITIES, "tls")
        return cls(
            name=name,
            server=read.text("server"),
            port=read.integer("port", 1, _MOST_PORT) or _PORTS[security],
            security=security,
            user=read.text("user"),
            folder=read.text("folder") or INBOX,
            address=checked_mail(read, "address"),
            team=read.text("team"),
            category=read.text("category"),
        )

    @property
    def is_first(self) -> bool:
        """Tell whether it is the mailbox of the settings."""
        return self.name == FIRST

    @property
    def shown(self) -> str:
        """Return what people know it by."""
        return (self.address or self.user or self.name) if self.is_first else self.name

    @property
    def is_named(self) -> bool:
        """Tell whether server and user are known, without which nothing is fetched."""
        return bool(self.server and self.user)

    def is_called(self, name: str) -> bool:
        """Tell whether a name is this mailbox's: its own, its address, its user or its server."""
        wanted = name.strip().lower()
        known = (self.name, self.address, self.user, self.server)
        return bool(wanted) and wanted in {one.lower() for one in known}
