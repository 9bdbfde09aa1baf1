"""Build what people install, and check it; the workflows call nothing but this and dev.py.

    python packaging/build.py freeze    the program in one folder, with its own Python (PyInstaller;
                                        --if-changed keeps one of the same sources)
    python packaging/build.py deb       a package for Debian and Ubuntu, from the folder
    python packaging/build.py nsis      a setup for one person on Windows
    python packaging/build.py msi       an installer for the administrators of Windows
    python packaging/build.py dmg       a disk image for macOS
    python packaging/build.py sbom      what the program is made of, as CycloneDX
    python packaging/build.py notices   the text of every licence, in one file
    python packaging/build.py check     what may not be shipped, is not

Each command lives in a module of its own beside this one, as `run(words)`: its own name, then the
words after it; it returns the exit code. What is built goes to `build/` and `dist/`, which git
ignores. This front uses the standard library only; commands that need PyInstaller or the libraries
of the program run in `build/venv`, made from the pinned requirements.
"""

import importlib
import sys
from dataclasses import dataclass

import build_place


@dataclass(frozen=True)
class Command:
    """Where a command lives, and whether it needs the libraries of `build/venv`."""

    module: str
    in_venv: bool = False


COMMANDS = {
    "freeze": Command("build_freeze", in_venv=True),
    "deb": Command("build_deb", in_venv=True),
    "nsis": Command("build_windows"),
    "msi": Command("build_windows"),
    "dmg": Command("build_macos", in_venv=True),
    "sbom": Command("build_sbom", in_venv=True),
    "notices": Command("build_notices", in_venv=True),
    "check": Command("build_check", in_venv=True),
}


def main(words: list[str]) -> int:
    """Run the command that the first word names."""
    if not words or words[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0 if words else 2
    name = words[0]
    command = COMMANDS.get(name)
    if command is None:
        print(f"There is no command {name!r}; there are: {', '.join(COMMANDS)}.")
        return 2
    try:
        if command.in_venv and not build_place.is_build_python():
            return build_place.run_in_venv([__file__, *words])
        module = importlib.import_module(command.module)
        code: int = module.run(words)
    except build_place.BuildError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
