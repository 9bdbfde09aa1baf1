"""Where the data of one person on this computer lives, and how its folder is laid out.

The default is the OS's place for local application data (never the roaming one: a database that a
logon script copies over the network is a damaged database).
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.system.faults import MachineError

if TYPE_CHECKING:
    from collections.abc import Mapping

APP_NAME = "incident-desk"
DEMO_NAME = "incident-desk-demo"
PROFILE_VARIABLE = "INCIDENT_DESK_PROFILE"
"""The same as `--profile` (cli.md, points of detail)."""
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


@dataclass(frozen=True, slots=True)
class Profile:
    """The data directory of one person and the places in it."""

    directory: Path

    @property
    def database(self) -> Path:
        """Return the file of the database."""
        return self.directory / "incident-desk.sqlite"

    @property
    def is_sample(self) -> bool:
        """Tell whether this is the place of the sample data."""
        return self.directory.name == DEMO_NAME

    @property
    def attachments(self) -> Path:
        """Return the folder of the files by SHA-256."""
        return self.directory / "attachments"

    @property
    def drafts(self) -> Path:
        """Return the folder of what was typed and not yet logged."""
        return self.directory / "drafts"

    @property
    def logs(self) -> Path:
        """Return the folder of the program's own log."""
        return self.directory / "logs"

    @property
    def preferences(self) -> Path:
        """Return the file of what this person prefers on this computer."""
        return self.directory / "window.json"

    @property
    def crashes(self) -> Path:
        """Return the folder of crash files."""
        return self.directory / "crashes"

    @property
    def backups(self) -> Path:
        """Return the folder of copies made before a migration."""
        return self.directory / "backups"

    @property
    def window_lock(self) -> Path:
        """Return the file that the one open window of this profile locks."""
        return self.directory / "window.lock"

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return every folder that `create` makes, the profile itself first."""
        inner = (self.attachments, self.drafts, self.logs, self.crashes, self.backups)
        return (self.directory, *inner)

    def exists(self) -> bool:
        """Tell whether a database was ever made here."""
        return self.database.exists()

    @property
    def is_read_only(self) -> bool:
        """Tell whether the database is there and this person may look at it but not write."""
        places = (self.database, self.directory)
        return os.access(self.database, os.R_OK) and not all(
            os.access(place, os.W_OK) for place in places
        )

    def create(self) -> None:
        """Make the folders, readable by this person only, and check that they can be written.

        Raises:
            MachineError: with one sentence that names the folder and what is in the way.
        """
        for folder in self.folders:
            make_private_folder(folder)
        _check_writable(self.directory)


def make_private_folder(folder: Path) -> None:
    """Make `folder` with its parents for this person only; a folder that is there stays as it is.

    Raises:
        MachineError: if it cannot be made.
    """
    try:
        if folder.is_dir():
            return
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        if os.name == "posix":
            folder.chmod(PRIVATE_FOLDER)
    except (OSError, ValueError) as refusal:
        raise MachineError(_sentence(folder, refusal), code="profile") from refusal


def open_private(path: str | os.PathLike[str], flags: int) -> int:
    """Open a file for this person only; give it to `open` as its `opener`."""
    return os.open(path, flags | getattr(os, "O_BINARY", 0), PRIVATE_FILE)


def default_profile() -> Profile:
    """Return the profile in the OS's place for local application data."""
    import platformdirs  # not needed where a folder is named

    return Profile(platformdirs.user_data_path(APP_NAME, appauthor=False, roaming=False))


def demo_profile() -> Profile:
    """Return the profile of sample data, apart from the real one."""
    import platformdirs  # not needed where a folder is named

    return Profile(platformdirs.user_data_path(DEMO_NAME, appauthor=False, roaming=False))


def choose_profile(given: str | os.PathLike[str] | None, environ: Mapping[str, str]) -> Profile:
    """Return the profile of `--profile`, else of INCIDENT_DESK_PROFILE, else the default one.

    Raises:
        MachineError: if the path is empty or cannot be a path.
    """
    chosen = environ.get(PROFILE_VARIABLE) or None if given is None else os.fspath(given)
    if chosen is None:
        return default_profile()
    if not chosen.strip():
        raise MachineError(
            "The profile has no name: give a folder after --profile.", code="profile"
        )
    if "\0" in chosen:
        raise MachineError(
            "The profile's path holds a null character: give a plain folder.", code="profile"
        )
    try:
        return Profile(Path(os.path.abspath(Path(chosen).expanduser())))  # noqa: PTH100
    except (OSError, RuntimeError, ValueError) as refusal:
        raise MachineError(
            f"The profile folder {chosen} cannot be found: {refusal}.", code="profile"
        ) from refusal


def _check_writable(folder: Path) -> None:
    probe = folder / f".writable-{os.getpid()}"
    try:
        with open(probe, "wb", opener=open_private) as file:
            file.write(b"incident-desk")
    except OSError as refusal:
        raise MachineError(_sentence(folder, refusal), code="profile") from refusal
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)


def _sentence(folder: Path, refusal: OSError | ValueError) -> str:
    number = refusal.errno if isinstance(refusal, OSError) else None
    if number in {errno.EEXIST, errno.ENOTDIR}:
        return (
            f"The data folder {folder} cannot be made because {_file_in_the_way(folder)} is a "
            "file: choose another folder with --profile."
        )
    if number in {errno.EACCES, errno.EPERM}:
        return (
            f"The data folder {folder} cannot be written: give yourself the right to write there "
            "or choose another folder with --profile."
        )
    if number == errno.EROFS:
        return (
            f"The data folder {folder} is on a read-only disk: choose another folder with "
            "--profile."
        )
    if number in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk of the data folder {folder} is full: free some space and try again."
    if number == errno.ENAMETOOLONG:
        return "The path of the data folder is too long: choose a shorter one with --profile."
    reason = refusal.strerror if isinstance(refusal, OSError) else str(refusal)
    return f"The data folder {folder} cannot be used ({reason}): choose another with --profile."


def _file_in_the_way(folder: Path) -> Path:
    for place in (folder, *folder.parents):
        with suppress(OSError):
            if not stat.S_ISDIR(place.stat().st_mode):
                return place
    return folder
