"""Starts the program: the window when no command is given, else the command line."""

from __future__ import annotations

import os
import re
import sys

_VALUED = ("--profile", "--as", "--zone")
_NUMBER = re.compile(r"(?:incident-desk:/{0,2})?([^\W\d_]{2,}-[\w-]*\d)/?", re.IGNORECASE)
"""The number of an incident, or a link to it (incident-desk:INC-000042); no command is so."""
_PACKAGE = ".incidents"
"""The ending of a package of incidents, which a double click hands over (see build_msi.py)."""

_SELF_TEST_WORDS = 2
"""`--selftest DIR`: for installers and their tests, so no help names it."""


def window_options(words: list[str]) -> dict[str, str] | None:
    """Return the common options when they are all there is, None when a command is given.

    One incident to open may be named too, or a file of incidents ("number"). The window reads its
    few options here, because it starts faster without the command line.
    """
    found: dict[str, str] = {}
    waiting = iter(words)
    for word in waiting:
        named = _NUMBER.fullmatch(word)
        if named is not None and "number" not in found:
            found["number"] = named[1]
            continue
        if word.lower().endswith(_PACKAGE) and not word.startswith("-") and "number" not in found:
            # Another start, which shows it, has another folder.
            found["number"] = os.path.abspath(word)  # noqa: PTH100
            continue
        name, equals, value = word.partition("=")
        if name not in _VALUED:
            return None
        given = value if equals else next(waiting, None)
        if given is None:
            return None
        found[name] = given
    return found


def main() -> int:
    """Run the program and return its exit code."""
    if getattr(sys, "frozen", False) and "--multiprocessing-fork" in sys.argv:
        from multiprocessing import freeze_support  # a program in one file is its own worker

        freeze_support()
    from app import bootstrap

    words = sys.argv[1:]
    options = window_options(words)
    testing = len(words) == _SELF_TEST_WORDS and words[0] == "--selftest"
    if options is None and not testing:
        from app import cli

        return cli.run(words, bootstrap)
    from app.domain.errors import KnownError
    from app.system.faults import MachineError
    from app.system.paths import choose_profile

    try:
        if options is None:
            return bootstrap.self_test(words[1])
        profile = choose_profile(options.get("--profile"), os.environ)
        return bootstrap.run_window(
            profile,
            person=options.get("--as", ""),
            own_zone=options.get("--zone", ""),
            number=options.get("number", ""),
        )
    except (KnownError, MachineError) as error:
        sys.stderr.write(f"{error.message}\n")
        return 3


if __name__ == "__main__":
    sys.exit(main())
