"""The .app: its layout, what Info.plist says, and the macOS that every file in it allows."""

from __future__ import annotations

import plistlib
import re
import shutil
import struct
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

INTEL, ARM = 0x01000007, 0x0100000C


def thin(processor: int, needs: tuple[int, int], *, old: bool = False) -> bytes:
    """Return a program file of Apple's for one processor, which needs a macOS."""
    version = needs[0] << 16 | needs[1] << 8
    command = (
        struct.pack("<IIII", 0x24, 16, version, 0)
        if old
        else struct.pack("<IIIIII", 0x32, 24, 1, version, 0, 0)
    )
    segment = struct.pack("<II", 0x19, 16) + bytes(8)
    head = struct.pack("<IIIIIIII", 0xFEEDFACF, processor, 0, 6, 2, 16 + len(command), 0, 0)
    return head + segment + command


def fat(*parts: tuple[int, bytes]) -> bytes:
    """Return a file that holds a program for several processors."""
    place = 8 + 20 * len(parts)
    head, body = struct.pack(">II", 0xCAFEBABE, len(parts)), b""
    for processor, part in parts:
        head += struct.pack(">IIIII", processor, 0, place + len(body), len(part), 0)
        body += part
    return head + body


def both(needs: tuple[int, int]) -> bytes:
    """Return a file for both processors."""
    return fat((INTEL, thin(INTEL, (10, 13), old=True)), (ARM, thin(ARM, needs)))


@pytest.fixture
def macos(packaging_module: Callable[[str], ModuleType]) -> ModuleType:
    """Give the module of the disk image."""
    return packaging_module("build_macos")


@pytest.fixture
def payload(tmp_path: Path) -> Path:
    """Give a folder as PyInstaller makes it on a Mac."""
    folder = tmp_path / "payload"
    qt = folder / "_internal" / "PySide6" / "Qt" / "lib" / "QtCore.framework"
    (qt / "Versions" / "A" / "Resources").mkdir(parents=True)
    (folder / "incident-desk").write_bytes(both((11, 0)))
    (qt / "Versions" / "A" / "QtCore").write_bytes(both((13, 0)))
    (qt / "Versions" / "A" / "Resources" / "Info.plist").write_text("<plist/>", "utf-8")
    (qt / "Versions" / "Current").symlink_to("A")
    (qt / "QtCore").symlink_to("Versions/Current/QtCore")
    dynload = folder / "_internal" / "python3.11" / "lib-dynload"
    dynload.mkdir(parents=True)
    (dynload / "_json.so").write_bytes(thin(ARM, (14, 2)))
    (dynload / "words.txt").write_text("plain", "utf-8")
    (folder / "_internal" / "static.a").write_bytes(fat((ARM, b"!<arch>\n")))
    (folder / "_internal" / "Main.class").write_bytes(b"\xca\xfe\xba\xbe\x00\x00\x00\x41java")
    return folder


def laid_out(macos: ModuleType, payload: Path, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """Lay out the program and return its contents and what Info.plist says."""
    app = tmp_path / "dist" / "Incident Desk.app"
    macos.lay_out(payload, "1.2.3", app)
    with (app / "Contents" / "Info.plist").open("rb") as file:
        return app / "Contents", plistlib.load(file)


def test_the_oldest_macos_is_the_newest_that_any_file_needs(
    macos: ModuleType, payload: Path, tmp_path: Path
) -> None:
    assert macos.examine(payload) == ((14, 2), {"arm64"})
    _, info = laid_out(macos, payload, tmp_path)
    assert info["LSMinimumSystemVersion"] == "14.2"
    shutil.rmtree(payload / "_internal" / "python3.11")
    assert macos.examine(payload) == ((13, 0), {"arm64", "x86_64"})


def test_files_for_different_processors_do_not_go_together(
    macos: ModuleType, payload: Path
) -> None:
    (payload / "_internal" / "intel.so").write_bytes(thin(INTEL, (13, 0)))
    with pytest.raises(macos.BuildError, match=r"_json\.so is for arm64 and others are for x86_64"):
        macos.examine(payload)


def test_a_folder_of_another_system_and_damage_are_refused(
    macos: ModuleType, payload: Path, tmp_path: Path
) -> None:
    other = tmp_path / "linux"
    other.mkdir()
    (other / "incident-desk").write_bytes(b"\x7fELF")
    with pytest.raises(macos.BuildError, match="it was frozen elsewhere"):
        macos.lay_out(other, "1.0", tmp_path / "A.app")
    with pytest.raises(macos.BuildError, match="holds no incident-desk"):
        macos.lay_out(tmp_path, "1.0", tmp_path / "A.app")
    (payload / "incident-desk").write_bytes(both((13, 0))[:70])
    with pytest.raises(macos.BuildError, match="incident-desk is a damaged program file"):
        macos.examine(payload)


def test_programs_stand_in_frameworks_and_data_in_resources(
    macos: ModuleType, payload: Path, tmp_path: Path
) -> None:
    contents, info = laid_out(macos, payload, tmp_path)
    assert [each.name for each in (contents / "MacOS").iterdir()] == ["incident-desk"]
    assert (contents / "MacOS" / info["CFBundleExecutable"]).stat().st_mode & 0o111
    assert (contents / "Resources" / info["CFBundleIconFile"]).read_bytes()[:4] == b"icns"
    frameworks = contents / "Frameworks"
    # The loader finds everything below Frameworks by the name that it had in the payload.
    for path in (payload / "_internal").rglob("*"):
        name = path.relative_to(payload / "_internal")
        if path.is_file():
            assert (frameworks / name).read_bytes() == path.read_bytes(), name
    words = frameworks / "python3__dot__11" / "lib-dynload" / "words.txt"
    assert words.is_symlink()
    assert words.resolve().is_relative_to(contents.resolve() / "Resources")
    for folder in frameworks.rglob("*"):
        if folder.is_dir() and not folder.is_symlink() and ".framework" not in str(folder):
            assert "." not in folder.name, "codesign takes it for a bundle"
    assert (frameworks / "PySide6/Qt/lib/QtCore.framework/Versions/Current").is_symlink()


def test_the_system_learns_the_scheme_and_the_packages(macos: ModuleType) -> None:
    info = macos.info("1.2.3", (13, 0))
    assert info["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["incident-desk"]
    tags = info["UTExportedTypeDeclarations"][0]["UTTypeTagSpecification"]
    assert tags == {"public.filename-extension": ["incidents"]}
    assert info["CFBundleDocumentTypes"][0]["LSItemContentTypes"] == [
        info["UTExportedTypeDeclarations"][0]["UTTypeIdentifier"]
    ]
    with (macos.MACOS / "entitlements.plist").open("rb") as file:
        assert "com.apple.security.get-task-allow" not in plistlib.load(file)


def test_info_plist_keeps_apples_rules(macos: ModuleType) -> None:
    # Apple's "Bundle resources: Information Property List", each key's own page.
    info = plistlib.loads(plistlib.dumps(macos.info("1.2.3", (13, 0))))
    assert re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", info["CFBundleIdentifier"])
    for key in ("CFBundleVersion", "CFBundleShortVersionString", "LSMinimumSystemVersion"):
        assert re.fullmatch(r"\d+(\.\d+){0,2}", info[key]), key
    assert len(info["CFBundleName"]) <= 15, "the menu bar cuts a longer one off"
    assert info["CFBundlePackageType"] == "APPL"
    assert info["CFBundleInfoDictionaryVersion"] == "6.0"
    assert info["CFBundleDevelopmentRegion"] == "en"
    assert info["LSApplicationCategoryType"].startswith("public.app-category.")
    assert info["NSPrincipalClass"] == "NSApplication"
    assert info["NSLocalNetworkUsageDescription"].endswith("settings.")
    declared = info["UTExportedTypeDeclarations"][0]["UTTypeIdentifier"]
    assert declared.startswith(info["CFBundleIdentifier"]), "a type of its own, by its own name"


def test_the_signing_script_is_one_that_a_shell_reads(macos: ModuleType) -> None:
    subprocess.run(["sh", "-n", str(macos.MACOS / "sign-and-notarise.sh")], check=True)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="not installed: shellcheck")
def test_shellcheck_finds_nothing_in_our_scripts(root: Path, macos: ModuleType) -> None:
    scripts = [str(macos.MACOS / "sign-and-notarise.sh"), str(root / ".ci" / "run")]
    done = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(shutil.which("genisoimage") is None, reason="not installed: genisoimage")
def test_an_image_holds_the_program_and_the_way_to_the_programs(
    macos: ModuleType, payload: Path, tmp_path: Path
) -> None:
    target = tmp_path / "dist" / "out.dmg"
    words = ["dmg", "--payload", str(payload), "--version", "1.0.0", "--output", str(target)]
    assert macos.run(words) == 0
    listed = subprocess.run(
        ["isoinfo", "-R", "-f", "-i", str(target)], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert "/Incident Desk.app/Contents/MacOS/incident-desk" in listed
    assert "/Applications" in listed
