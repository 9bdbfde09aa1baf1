"""The pinned wheels of another system, fetched for a test, and a payload laid out from them.

Nothing that is laid out here runs: there is no Python of that system among the wheels. It holds the
real program files of every library, so their sizes, names, processors and systems can be measured.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
PINS = ("requirements-sign.txt", "requirements-freeze.txt")
WINDOWS = ("win_amd64",)
MACOS = tuple(
    f"macosx_{version}_{kind}"
    for version in ("15_0", "14_0", "13_0", "12_0", "11_0", "10_15", "10_14", "10_13", "10_9")
    for kind in ("arm64", "universal2")
)
"""Apple silicon: cryptography has made no wheel for Intel's Macs since its version 49."""
STAND_INS = {
    "libpython3.11.so.1.0": "python311.dll",
    "psycopg_binary.libs/libcrypto-": "libcrypto-3.dll",
    "psycopg_binary.libs/libssl-": "libssl-3.dll",
}
"""What stands for a file of Python for Windows, by the beginning of its name."""
LINUX_ENDINGS = (".cpython-311-x86_64-linux-gnu.so", ".abi3.so", ".so")


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


@dataclass
class WindowsPayload:
    """A folder like the one that PyInstaller makes on Windows, and how far it is real."""

    folder: Path
    wheels: Path
    frozen: Path
    keeps: Callable[[str], bool]

    def lay_out(self) -> list[str]:
        """Fill the folder; return the modules of the Linux program that Windows has no file for."""
        inner = self.folder / "_internal"
        inner.mkdir(parents=True)
        without = self._modules(inner)
        for path in sorted((self.wheels / "PySide6" / "plugins").rglob("*.dll")):
            name = path.relative_to(self.wheels).as_posix()
            if self.keeps(name) and path.parent.name in {
                *("iconengines", "imageformats", "platforminputcontexts", "platforms", "styles"),
            }:
                _copy(path, inner / name)
        self._libraries(inner)
        shutil.copytree(self.wheels / "tzdata", inner / "tzdata")
        self._stand_ins(inner)
        return without

    def _modules(self, inner: Path) -> list[str]:
        """Copy what is no program file as it is, and each module in its form for Windows."""
        without = []
        source = self.frozen.parent / "_internal"
        for path in sorted(source.rglob("*")):
            name = path.relative_to(source).as_posix()
            if path.is_dir() or path.is_symlink():
                continue
            if path.read_bytes()[:4] != b"\x7fELF":
                _copy(path, inner / name)
                continue
            stem = next((name.removesuffix(e) for e in LINUX_ENDINGS if name.endswith(e)), "")
            if not stem or ".libs/" in name or name.startswith(("python3.11/", "PySide6/Qt/")):
                continue
            package, _, library = stem.rpartition("/")
            pattern = f"{package}/{library[3:]}.dll" if library[:3] == "lib" else f"{stem}.*pyd"
            found = sorted(self.wheels.glob(pattern))
            for each in found:
                _copy(each, inner / each.relative_to(self.wheels))
            if not found:
                without.append(stem)
        return without

    def _libraries(self, inner: Path) -> None:
        """Copy each DLL of the wheels whose name stands in a file that was copied, to the end."""
        known = {
            path.name.lower().encode(): path
            for path in self.wheels.rglob("*.dll")
            if "plugins" not in path.parts and self.keeps(path.relative_to(self.wheels).as_posix())
        }
        looked_at: set[Path] = set()
        while new := {p for p in inner.rglob("*") if p.suffix in {".pyd", ".dll"}} - looked_at:
            looked_at |= new
            told = b"\0".join(path.read_bytes().lower() for path in new)
            for name in [name for name in known if name in told]:
                path = known.pop(name)
                _copy(path, inner / path.relative_to(self.wheels))

    def _stand_ins(self, inner: Path) -> None:
        """Let files of the Linux program of the same kind stand for those of Python for Windows."""
        source = self.frozen.parent / "_internal"
        for beginning, name in STAND_INS.items():
            (path,) = source.glob(f"{beginning}*")
            _copy(path, inner / name)
        for path in sorted((source / "python3.11" / "lib-dynload").iterdir()):
            _copy(path, inner / f"{path.name.split('.')[0]}.pyd")
        loader = self.wheels / "PyInstaller" / "bootloader" / "Windows-64bit-intel" / "run.exe"
        (self.folder / "incident-desk.exe").write_bytes(
            loader.read_bytes() + self.frozen.read_bytes()
        )


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
