"""The .app and the disk image of the real libraries for Apple silicon, laid out on this system.

PyInstaller's loader is the program; Python itself is missing, so nothing of this runs.
"""

from __future__ import annotations

import plistlib
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.packaging.real_wheels import MACOS, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

pytestmark = [pytest.mark.packaging, pytest.mark.slow, pytest.mark.timeout(1_800)]
PROMISED = (15, 0)
"""What the README says; a wheel that needs more has to be noticed here."""
UNUSED = ("PySide6/Qt/lib/cmake", "PySide6/Qt/lib/objects-RelWithDebInfo")


@pytest.fixture(scope="module")
def payload(
    tmp_path_factory: pytest.TempPathFactory, packaging_module: Callable[[str], ModuleType]
) -> Path:
    """Give a folder with every file of the wheels that is carried, and the loader."""
    slim = packaging_module("build_slim")
    wheels = unpacked(MACOS)
    folder = tmp_path_factory.mktemp("macos") / "payload"
    for path in sorted(wheels.rglob("*")):
        name = path.relative_to(wheels).as_posix()
        tool = name.startswith(("PyInstaller", "altgraph", "macholib", *UNUSED))
        if path.is_file() and not tool and slim.keeps(name) and ".app/" not in name:
            target = folder / "_internal" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    loader = wheels / "PyInstaller" / "bootloader" / "Darwin-64bit" / "run"
    shutil.copyfile(loader, folder / "incident-desk")
    return folder


def test_every_file_runs_on_the_macos_that_is_promised(
    payload: Path, root: Path, packaging_module: Callable[[str], ModuleType]
) -> None:
    macos, mach_o = packaging_module("build_macos"), packaging_module("mach_o")
    needs = {
        path.relative_to(payload).as_posix(): mach_o.slices(path)
        for path in payload.rglob("*")
        if path.is_file()
    }
    programs = {name: parts for name, parts in needs.items() if parts}
    assert len(programs) > 60, "the reader finds the program files of the real wheels"
    newer = {n: p for n, p in programs.items() if max(part.needs for part in p) > PROMISED}
    assert newer == {}
    assert macos.examine(payload) == (PROMISED, {"arm64"})
    check = (root / "packaging" / "build_check.py").read_text("utf-8")
    assert f"MACOS_MINIMUM = {PROMISED}" in check
    for name, parts in programs.items():
        assert "arm64" in {part.processor for part in parts}, name


@pytest.mark.skipif(shutil.which("genisoimage") is None, reason="not installed: genisoimage")
def test_the_image_holds_the_program_as_the_finder_reads_it(
    payload: Path, tmp_path: Path, packaging_module: Callable[[str], ModuleType]
) -> None:
    macos = packaging_module("build_macos")
    target = tmp_path / "out.dmg"
    words = ["dmg", "--payload", str(payload), "--version", "1.2.3", "--output", str(target)]
    assert macos.run(words) == 0
    contents = tmp_path / "Incident Desk.app" / "Contents"
    with (contents / "Info.plist").open("rb") as file:
        assert plistlib.load(file)["LSMinimumSystemVersion"] == "15.0"
    assert not [p for p in contents.rglob("*") if p.is_symlink() and not p.exists()]
    listed = set(
        subprocess.run(
            ["isoinfo", "-R", "-f", "-i", str(target)], check=True, capture_output=True, text=True
        ).stdout.splitlines()
    )
    files = [path for path in contents.rglob("*") if path.is_file()]
    wanted = {f"/{path.relative_to(tmp_path).as_posix()}" for path in files}
    assert wanted <= listed
    assert "/Applications" in listed
