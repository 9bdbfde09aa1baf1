"""People and the teams they work in: requesters, assignees, stakeholders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from app.domain.catalogue import CatalogueItem, DataReader, checked_name, coded

if TYPE_CHECKING:
    from collections.abc import Mapping

ADMINISTRATOR_ROLES = frozenset({"administrator", "admin"})
READER_ROLES = frozenset({"reader", "viewer", "read_only", "auditor"})


@dataclass(frozen=True, slots=True)
class Person(CatalogueItem):
    """Somebody who reports, works on or is told of incidents; `team` and `location` are names.

    `role` is free text ("Accountant"); "administrator" and "reader" also carry rights.
    """

    kind: ClassVar[str] = "person"
    label: ClassVar[str] = "Person"

    login: str = ""
    mail: str = ""
    phone: str = ""
    department: str = ""
    location: str = ""
    role: str = ""
    team: str = ""

    @property
    def is_administrator(self) -> bool:
        """Tell whether this person may change the team's configuration."""
        return coded(self.role) in ADMINISTRATOR_ROLES

    @property
    def is_reader(self) -> bool:
        """Tell whether this person may look but not write."""
        return coded(self.role) in READER_ROLES

    @property
    def initials(self) -> str:
        """Return one or two letters for the round mark beside the name."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        letters = [word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)]
        return "".join(letters).upper() or self.name[0].upper()

    def to_data(self) -> dict[str, Any]:
        """Return login, mail, phone, department, location, role and team."""
        return {
            "login": self.login,
            "mail": self.mail,
            "phone": self.phone,
            "department": self.department,
            "location": self.location,
            "role": self.role,
            "team": self.team,
        }

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a person; a mail address needs a name, an @ and a domain (RFC 5321, 4.1.2)."""
        name = checked_name(cls.label, name)
        read = DataReader(cls.label, name, data)
        return cls(
            name=name,
            login=read.text("login"),
            mail=checked_mail(read, "mail"),
            phone=read.text("phone"),
            department=read.text("department"),
            location=read.text("location"),
            role=read.text("role"),
            team=read.text("team"),
        )


@dataclass(frozen=True, slots=True)
class Team(CatalogueItem):
    """A group that incidents are assigned to; its members are the people who name it."""

    kind: ClassVar[str] = "team"
    label: ClassVar[str] = "Team"

    lead: str = ""
    mail: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return lead and mail."""
        return {"lead": self.lead, "mail": self.mail}

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a team; `lead` is the name of a person."""
        name = checked_name(cls.label, name)
        read = DataReader(cls.label, name, data)
        return cls(name=name, lead=read.text("lead"), mail=checked_mail(read, "mail"))


def checked_mail(read: DataReader, field: str) -> str:
    """Return the mail address, or "" when none is given; refuse what cannot be one."""
    mail = read.text(field)
    if not mail:
        return ""
    before, at, domain = mail.rpartition("@")
    if not (before and at and domain) or any(c.isspace() for c in mail):
        raise read.refuse(field, f'cannot be "{mail}". Write it like name@company.example.')
    return mail
