"""Files written whole or not at all: under a temporary name beside the target, then moved there."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from app.domain.errors import InvalidInputError, KnownError

if TYPE_CHECKING:
    from collections.abc import Iterator


class WriteError(KnownError):
    """A file cannot be written (disk full, no permission); nothing of it is left."""

    code = "cannot_write"


@contextmanager
def whole_file(path: Path | str) -> Iterator[IO[bytes]]:
    """Give a binary file that takes the place of `path` when the block ends well.

    Raises WriteError in one sentence when it cannot; then, and after any error in the block, the
    old file is untouched and nothing new is left.
    """
    path = Path(path)
    if path.is_dir():
        raise InvalidInputError(f"{path} is a folder; name a file to write to.")
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent
        )
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _usual_rights(temporary)
        temporary.replace(path)
    except OSError as error:
        raise WriteError(_sentence(path, error)) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _usual_rights(path: Path) -> None:
    """Give the rights that a new file usually has (a temporary file is made private)."""
    if os.name == "posix":
        mask = os.umask(0)
        os.umask(mask)
        path.chmod(0o666 & ~mask)


def _sentence(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full: {path} was not written. Free some space or choose another place."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{path} may not be written there; choose another folder."
    if error.errno == errno.ENOENT:
        return f"The folder {path.parent} is not there; make it or choose another."
    return f"{path} was not written: {error.strerror or error}."
