"""Where the program's own data files are, the same in a wheel, a bundle, a clone and in place.

A wheel and a frozen bundle carry `resources` inside the package; a clone and an editable install
have it beside the package (house.md). One rule finds both, so nothing else needs to know how the
program was installed. Any thread may ask.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import app


@cache
def resources_folder() -> Path:
    """Return the folder `resources`.

    Raises FileNotFoundError where the installation has none: a bug of packaging, not of the user.
    """
    package = Path(app.__file__).resolve().parent
    for folder in (package / "resources", package.parent / "resources"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the folder resources is neither in {package} nor beside it")


def asset_path(*parts: str) -> Path:
    """Return the path of one data file or folder, for example `asset_path("icons", "bell.svg")`.

    Raises FileNotFoundError where it is not there, so that a wrong name fails where it is written.
    """
    path = resources_folder().joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"no resource {'/'.join(parts)} in {resources_folder()}")
    return path
