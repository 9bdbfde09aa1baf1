"""What the program is made of: each library and part with its version, licence and texts.

The pins say which libraries (packaging/requirements-sign.txt), licences.toml says under which
licence each is shipped, and `licences/` holds the texts. Anything without a licence or a text stops
here.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from build_place import PACKAGING, ROOT, BuildError

if TYPE_CHECKING:
    from pathlib import Path

_PIN = re.compile(
    r"^([a-z0-9-]+)==(\S+)(?: ; ([^\\\n]+?))? \\\n((?:    --hash=sha256:.*\n)+)", re.M
)


@dataclass(frozen=True)
class Component:
    """One thing in the package that somebody else wrote, under a licence of its own."""

    name: str
    licence: str
    texts: tuple[Path, ...]
    version: str = ""
    hashes: tuple[str, ...] = field(default=(), repr=False)
    only_where: str = ""
    """The marker of a library that not every system needs."""
    holds: str = ""
    """A pattern for the files in the frozen folder that are this part."""


def components(
    pins: Path = PACKAGING / "requirements-sign.txt", table: Path = PACKAGING / "licences.toml"
) -> list[Component]:
    """Return everything that ships, in alphabetical order.

    Raises BuildError for a library without a licence, or a licence without its text.
    """
    told: dict[str, dict[str, Any]] = tomllib.loads(table.read_text("utf-8"))
    libraries: dict[str, str] = told["libraries"]
    found = []
    for name, version, marker, hashes in _PIN.findall(pins.read_text("utf-8")):
        text = PACKAGING / "licences" / f"{name}.txt"
        digests = tuple(re.findall(r"sha256:([0-9a-f]{64})", hashes))
        licence = libraries.get(name, "")
        found.append(Component(name, licence, (text,), version, digests, marker))
    strangers = libraries.keys() - {one.name for one in found}
    if strangers:
        raise BuildError(
            f"{table.name} names {', '.join(sorted(strangers))}, which no pin asks for: "
            "take the line out."
        )
    for name, part in told["parts"].items():
        texts = tuple(ROOT / text for text in part["texts"])
        found.append(Component(name, part["licence"], texts, holds=part.get("holds", "")))
    for one in found:
        if not one.licence:
            raise BuildError(
                f"{one.name} has no licence in {table.name}: read it in the library's own files "
                "and write it there as SPDX names it."
            )
        for path in one.texts:
            if not path.is_file() or not path.read_text("utf-8").strip():
                raise BuildError(
                    f"The licence text of {one.name} is missing: put it into "
                    f"{path.relative_to(ROOT)}."
                )
    return sorted(found, key=lambda one: one.name)
