"""Starts the program: the window without arguments, else the command line."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the program and return its exit code."""
    from app import bootstrap, cli

    if len(sys.argv) > 1:
        return cli.run(sys.argv[1:], bootstrap)
    from app.domain.errors import KnownError
    from app.system.paths import choose_profile

    try:
        return bootstrap.run_window(choose_profile(None, os.environ))
    except KnownError as error:
        sys.stderr.write(f"{error.message}\n")
        return 3


if __name__ == "__main__":
    sys.exit(main())
