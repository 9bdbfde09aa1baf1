"""The mappings that a person has made in the import screen, kept by name in the profile.

Each is a mapping file (intake.user_mapping) in the folder `mappings`, so it can be copied to
another computer and named with `import --mapping` there too.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError, KnownError
from app.intake.mappings import MAPPINGS
from app.intake.safe_write import whole_file
from app.intake.user_mapping import is_mapping_file, read_user_mapping
from app.system.paths import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.intake.user_mapping import UserMapping
    from app.services.desk import Desk

_FOLDER = "mappings"
_SUFFIX = ".json"
_NAME = re.compile(r"[^\W_][\w .-]{0,58}[^\W_]|[^\W_]")
_RESERVED = frozenset(("con", "prn", "aux", "nul"))


def saved(desk: Desk) -> list[tuple[str, str]]:
    """Return name and file of every mapping that was saved here, by name."""
    folder = desk.profile.directory / _FOLDER
    try:
        files = sorted(folder.iterdir())
    except OSError:
        return []
    return [(file.stem, str(file)) for file in files if file.suffix == _SUFFIX]


def to_guess(desk: Desk) -> list[tuple[str, UserMapping]]:
    """Return the mappings that were saved here, each with its file; what is damaged is left out."""
    found = []
    for _, file in saved(desk):
        with suppress(KnownError):  # choosing it by name says what is wrong
            found.append((file, read_user_mapping(file)))
    return found


def named(desk: Desk, name: str) -> str:
    """Return the file of a saved mapping, or the name as it is when none is called so."""
    wanted = name.strip().casefold()
    return next((file for known, file in saved(desk) if known.casefold() == wanted), name)


def save(
    desk: Desk, name: str, columns: Mapping[str, str], *, base: str = "", date_order: str = ""
) -> Path:
    """Keep a mapping under a name; one of that name is replaced.

    Args:
        desk: in whose profile.
        name: what it is called, and its key space: external ids are unique within it.
        columns: column of the file -> field of the incident, "" to leave it out.
        base: the mapping (or file of one) whose words of status and priority are used.
        date_order: "dmy" or "mdy", where no date of a file decides.

    Raises:
        InvalidInputError: the name cannot be used, or no column is the title.
    """
    name = name.strip()
    known = {mapping.name for mapping in MAPPINGS}
    if not _NAME.fullmatch(name) or name.casefold() in _RESERVED:
        raise InvalidInputError(
            "Name the mapping with letters, digits, blanks, dots and hyphens.", field="name"
        )
    if name.casefold() in known:
        raise InvalidInputError(
            f"{name} is a mapping of this program; choose another name.", field="name"
        )
    if not {"title", "description"} & set(columns.values()):
        raise InvalidInputError("Say which column is the title before saving.", field="columns")
    told: dict[str, object] = {"name": name, "title": name, "columns": dict(columns)}
    if is_mapping_file(base):
        old = read_user_mapping(base)
        told["values"] = old.values
    elif base:
        told["base"] = base
    if date_order:
        told["date_order"] = date_order
    folder = desk.profile.directory / _FOLDER
    make_private_folder(folder)
    path = folder / f"{name}{_SUFFIX}"
    with whole_file(path) as file:
        file.write(json.dumps(told, indent=1, ensure_ascii=False).encode())
    return path
