"""Runnable steps of diagnosis: what kinds there are, their parameters, and which are refused.

A check is data that the team keeps and shares; it is run by a person, never by itself, and never
through a shell: a program gets a list of words, and no word that comes from data can be an option.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from app.domain.catalogue import CatalogueItem, DataReader, checked_name, described, shortened
from app.domain.errors import InvalidInputError
from app.domain.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KIND: Final = "check"
CI: Final = "{ci}"
NUMBER: Final = "{number}"
"""What a target or an argument may hold: the configuration item and the number of the incident."""
TIMEOUT_S: Final = 10
LONGEST_S: Final = 300
_PORT: Final = 65_535
_HOST = re.compile(r"^[^\W_](?:[\w.-]{0,251}[^\W_])?\.?$")
_UNREADABLE = re.compile(r"[\x00-\x20\x7f]")
_URL = re.compile(
    r"^https?://(?:\[([0-9A-Fa-f:.]+)\]|([^\s/?#@:\[\]\\]+))(?::(\d{1,5}))?(?:[/?#][^\s\\]*)?$",
    re.IGNORECASE,
)
_WHOLE_PATH = re.compile(r"^(?:/|[A-Za-z]:[\\/]|\\\\[^\\])")
_SHELL_SCRIPT = re.compile(r"\.(?:bat|cmd)[ .]*$", re.IGNORECASE)
"""Windows hands these to its shell, and leaves blanks and dots at the end of a name out."""


class CheckKind(StrEnum):
    """What a check does."""

    PING = "ping"
    TCP = "tcp_port"
    DNS = "dns"
    HTTP = "http"
    CERTIFICATE = "certificate"
    DISK = "disk_space"
    SCRIPT = "script"


HTTPS_PORT: Final = 443
"""The port of a check that names none."""
NEEDS_PORT: Final = frozenset({CheckKind.TCP, CheckKind.CERTIFICATE})
_OF_HOST: Final = frozenset({CheckKind.PING, CheckKind.TCP, CheckKind.DNS, CheckKind.CERTIFICATE})


@dataclass(frozen=True, slots=True)
class DiagnosisCheck(CatalogueItem):
    """One check. `category` limits it to a branch, "" is for all incidents.

    `target` is a host, a URL, a folder or the path of a script, by `check`; `limit` is the least
    number of days that a certificate lasts, or of per cent that a disk has free.
    """

    kind: ClassVar[str] = KIND
    label: ClassVar[str] = "Check"

    check: CheckKind = CheckKind.PING
    target: str = CI
    port: int | None = None
    category: str = ""
    arguments: tuple[str, ...] = ()
    limit: int | None = None
    timeout_s: int = TIMEOUT_S

    def to_data(self) -> dict[str, Any]:
        """Return what it does, to what, and when it is given up."""
        return {
            "check": str(self.check),
            "target": self.target,
            "port": self.port,
            "category": self.category,
            "arguments": list(self.arguments),
            "limit": self.limit,
            "timeout_s": self.timeout_s,
        }

    @classmethod
    def from_data(cls, name: str, data: Mapping[str, Any]) -> Self:
        """Read a check; raises InvalidInputError for a target that cannot be run safely."""
        name = checked_name(cls.label, name)
        read = DataReader(cls.label, name, data)
        kind = CheckKind(read.word("check", [str(one) for one in CheckKind], CheckKind.PING))
        made = cls(
            name=name,
            check=kind,
            target=read.text("target", CI) or CI,
            port=read.integer("port", 1, _PORT),
            category=read.text("category"),
            arguments=read.texts("arguments"),
            limit=read.integer("limit", 0, 10_000),
            timeout_s=read.integer("timeout_s", 1, LONGEST_S) or TIMEOUT_S,
        )
        if made.arguments and kind is not CheckKind.SCRIPT:
            raise read.refuse("arguments", "are for scripts only. Remove them.")
        if CI not in made.target:
            _check_target(read, kind, made.target)
        return made

    def for_incident(self, ci: str, number: str) -> DiagnosisCheck:
        """Return this check with the incident's item and number put in, checked once more.

        Raises:
            InvalidInputError: the incident has no item, or one whose name cannot be a target.
        """
        read = DataReader(self.label, self.name, {})
        if CI in "".join((self.target, *self.arguments)) and not ci:
            raise read.refuse("target", "needs the configuration item. Set it in the incident.")
        if CI in self.target:
            if self.check in {CheckKind.SCRIPT, CheckKind.DISK}:
                raise read.refuse("target", f"cannot hold {CI} here. Give a path instead.")
            if not is_host(ci):
                raise read.refuse("target", f'cannot be "{shortened(ci)}": that names no computer.')
        target = self.target.replace(CI, ci)
        _check_target(read, self.check, target)
        arguments = []
        for given in self.arguments:
            word = given.replace(CI, ci).replace(NUMBER, number)
            if word != given and word.startswith(("-", "/", "@")) and not given.startswith(word[0]):
                raise read.refuse("arguments", f'would hold "{shortened(word)}", an option.')
            arguments.append(word)
        return DiagnosisCheck(
            self.name, self.check, target, self.port, self.category, tuple(arguments),
            self.limit, self.timeout_s,
        )  # fmt: skip

    def is_for(self, category: str) -> bool:
        """Tell whether it belongs to incidents of a category: to its branch, or to all."""
        branch, own = fold(category), fold(self.category)
        return not own or branch == own or branch.startswith(f"{own}/")


def checks_for(checks: Iterable[DiagnosisCheck], category: str) -> list[DiagnosisCheck]:
    """Return the checks of a category, those of the nearest branch first."""
    found = [one for one in checks if one.is_for(category)]
    return sorted(found, key=lambda one: (-len(one.category), fold(one.name)))


def _check_target(read: DataReader, kind: CheckKind, target: str) -> None:
    if kind in _OF_HOST:
        if not is_host(target):
            raise read.refuse(
                "target", f"must be the name or address of a computer, not {described(target)}."
            )
    elif kind is CheckKind.HTTP:
        _check_url(read, target)
    elif _UNREADABLE.search(target.replace(" ", "")) or not _WHOLE_PATH.match(target):
        raise read.refuse("target", f"must be a whole path, not {described(target)}.")
    elif kind is CheckKind.SCRIPT and _SHELL_SCRIPT.search(target):
        raise read.refuse(
            "target",
            "is run by a shell, which reads words as commands. Give a program, or a script of "
            "PowerShell or Python with its program as the target.",
        )


def is_host(text: str) -> bool:
    """Tell a name or an address of a computer: nothing else goes to a program or the network."""
    try:
        ip_address(text)
    except ValueError:
        return _HOST.match(text) is not None and ".." not in text
    return "%" not in text


def _check_url(read: DataReader, target: str) -> None:
    found = _URL.match(target)
    port = int(found[3] or HTTPS_PORT) if found is not None else 0
    if (
        found is None
        or not is_host(found[1] or found[2])
        or not 1 <= port <= _PORT
        or _UNREADABLE.search(target)
    ):
        raise read.refuse(
            "target", f"must be an address like https://host/path, not {described(target)}."
        )


def refuse_consent(check: DiagnosisCheck) -> InvalidInputError:
    """Make the error for a check that nobody has allowed on this computer yet."""
    return InvalidInputError(
        f'The check "{check.name}" was not allowed on this computer yet. Read what it does, and '
        "allow it.",
        code="not_allowed",
    )
