"""The pinned wheels of another system, fetched for a test.

There is no Python of that system among them, so nothing of it runs as the program. They hold the
real program files of every library, whose names, processors and systems can be looked at.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINS = ("requirements-sign.txt", "requirements-freeze.txt")
WINDOWS = ("win_amd64",)
MACOS = tuple(
    f"macosx_{version}_{kind}"
    for version in ("15_0", "14_0", "13_0", "12_0", "11_0", "10_15", "10_14", "10_13", "10_9")
    for kind in ("arm64", "universal2")
)
"""Apple silicon: cryptography has made no wheel for Intel's Macs since its version 49."""


def unpacked(platforms: tuple[str, ...]) -> Path:
    """Return a folder that holds every pinned wheel for a system, unpacked; kept below `build/`."""
    hashed = hashlib.sha256(repr(platforms).encode())
    for name in PINS:
        hashed.update((ROOT / "packaging" / name).read_bytes())
    folder = ROOT / "build" / "wheels" / f"{platforms[0]}-{hashed.hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    fetched = folder.with_suffix(".fetched")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary=:all:", "--python-version", "311", "--implementation", "cp"]
    for abi in ("cp311", "abi3", "none"):
        command += ["--abi", abi]
    for platform in platforms:
        command += ["--platform", platform]
    for name in PINS:
        command += ["-r", str(ROOT / "packaging" / name)]
    done = subprocess.run(
        [*command, "-d", str(fetched)], capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode:
        pytest.skip(f"the wheels for {platforms[0]} could not be fetched: {done.stderr[-300:]}")
    partly = folder.with_suffix(".partly")
    shutil.rmtree(partly, ignore_errors=True)
    for wheel in sorted(fetched.glob("*.whl")):
        with zipfile.ZipFile(wheel) as file:
            file.extractall(partly)
    shutil.rmtree(fetched)
    partly.rename(folder)
    return folder
