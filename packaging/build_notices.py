"""Command `notices`: the text of every licence in one file, which each package carries.

The file is kept in git, so that a change of the pins shows what changes for whoever ships it.
"""

from __future__ import annotations

import made_of
from build_place import PACKAGING, TITLE, BuildError

NOTICES = PACKAGING / "NOTICES.txt"
_RULE = "=" * 96
_OPENING = f"""{TITLE} is free software under the MIT licence, whose text stands first. It is built
on the work of others; each is named below with its licence and the text of it.

Qt, Qt for Python, psycopg and python-bidi are used unchanged, as shared libraries, under the GNU
Lesser General Public License, version 3. They are plain files in the program's folder (PySide6,
shiboken6, psycopg, psycopg_binary, bidi, under _internal): you may replace any by a
changed version of the same interface, and change the program for that purpose and debug it. Their
sources are to be had from their makers: the Qt Company (download.qt.io), the Psycopg team
(psycopg.org) and the maker of python-bidi, for the versions named here.
"""


def text() -> str:
    """Return the notices as they must be."""
    found = made_of.components()
    width = max(len(f"{one.name} {one.version}") for one in found)
    lines = [f"{f'{one.name} {one.version}'.strip():{width}}  {one.licence}" for one in found]
    parts = [_OPENING, *lines, "", _RULE, f"{TITLE}: MIT", _RULE, ""]
    parts.append((PACKAGING / "LICENSE").read_text("utf-8").strip())
    seen: dict[str, str] = {}
    for one in found:
        for path in one.texts:
            words = "\n".join(line.rstrip() for line in path.read_text("utf-8").splitlines())
            title = f"{one.name} {one.version}".strip()
            parts += ["", _RULE, f"{title}: {one.licence}", _RULE, ""]
            known = seen.setdefault(words, title)
            parts.append(words.strip() if known == title else f"The same text as {known}.")
    return "\n".join(parts) + "\n"


def run(_words: list[str]) -> int:
    """Write the notices anew."""
    NOTICES.write_text(text(), "utf-8", newline="\n")
    print(NOTICES)
    return 0


def refuse_stale() -> None:
    """Raise BuildError where the notices are not those of the pins."""
    if not NOTICES.is_file() or NOTICES.read_text("utf-8") != text():
        raise BuildError(
            "packaging/NOTICES.txt is not that of the pinned libraries: run "
            "`python packaging/build.py notices` and commit the file."
        )
