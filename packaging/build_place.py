"""Where a build finds its sources and leaves its results; shared by every command of build.py.

Standard library only, because it runs before anything is installed.
"""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
BUILD = ROOT / "build"
DIST = ROOT / "dist"
FROZEN = DIST / "incident-desk"
"""The folder that `freeze` makes; every installer carries it."""
VENV = BUILD / "venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = ("requirements-sign.txt", "requirements-freeze.txt")
"""What is frozen: the program with the part that signs, and the tools that do it."""
NAME = "incident-desk"
TITLE = "Incident Desk"


class BuildError(Exception):
    """Something a person can put right: one sentence, what is wrong and what to do."""


def version() -> str:
    """Return the program's version from its one place, `app/__init__.py`."""
    return constant("app/__init__.py", "__version__")


def app_user_model_id() -> str:
    """Return by which name Windows knows the program, from its one place."""
    return constant("app/system/identity.py", "APP_USER_MODEL_ID")


def constant(module: str, name: str) -> str:
    """Return a plain string of a module of the program, without running the module."""
    tree = ast.parse((ROOT / module).read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if name in names:
                return str(node.value.value)
    raise BuildError(f"{module} names no {name}: write it there as a plain string.")


def environment(**more: str) -> dict[str, str]:
    """Return the caller's environment less what would lead a child to other packages."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    return {**kept, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **more}


def run(command: list[str], *, cwd: Path = ROOT, **more: str) -> None:
    """Run a program, show what it prints, and stop the build when it fails."""
    try:
        done = subprocess.run(command, cwd=cwd, env=environment(**more), check=False)
    except OSError as error:
        raise BuildError(f"{command[0]} cannot be run ({error}): install it.") from error
    if done.returncode:
        raise BuildError(f"{Path(command[0]).name} failed with exit code {done.returncode}.")


def output(command: list[str], *, cwd: Path = ROOT, **more: str) -> str:
    """Run a program and return what it prints; stop the build, with its words, when it fails."""
    try:
        done = subprocess.run(
            command, cwd=cwd, env=environment(**more), check=False, capture_output=True, text=True
        )
    except OSError as error:
        raise BuildError(f"{command[0]} cannot be run ({error}): install it.") from error
    if done.returncode:
        # makensis says on one of them that it fails and on the other why.
        said = "\n".join(
            part.strip() for part in (done.stdout[-1_000:], done.stderr) if part.strip()
        )
        raise BuildError(f"{Path(command[0]).name} failed: {said}")
    return done.stdout


def is_build_python() -> bool:
    """Tell whether this process runs in `build/venv`."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def run_in_venv(words: list[str]) -> int:
    """Make `build/venv` as pinned, run a Python script of this folder in it, return its code."""
    make_venv()
    code = subprocess.run(
        [str(PYTHON), *words], cwd=ROOT, env=environment(), check=False
    ).returncode
    return code if code >= 0 else 128 - code


def make_venv() -> None:
    """Make `build/venv` from the pinned requirements, unless exactly that was done before."""
    stamp = VENV / "incident-desk-pins"
    hashed = hashlib.sha256(sys.version.encode())
    for name in REQUIREMENTS:
        hashed.update((PACKAGING / name).read_bytes())
    wanted = hashed.hexdigest()
    if stamp.is_file() and stamp.read_text("ascii") == wanted:
        return
    print(f"Making {VENV}", file=sys.stderr, flush=True)
    base: str = getattr(sys, "_base_executable", sys.executable)
    run([base, "-m", "venv", "--clear", str(VENV)])
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--no-deps"]
    pins = [word for name in REQUIREMENTS for word in ("-r", str(PACKAGING / name))]
    run([*pip, "--require-hashes", *pins])
    stamp.write_text(wanted, "ascii")


def size_of(folder: Path) -> int:
    """Return the bytes of the files in a folder; a link counts as the link it is."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
