"""What the installers of Windows are made from: names that stay, versions, refusals in words."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageChops

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


@pytest.fixture
def windows(packaging_module: Callable[[str], ModuleType]) -> ModuleType:
    """Give the module of both installers."""
    return packaging_module("build_windows")


@pytest.fixture
def payload(tmp_path: Path) -> Path:
    """Give a folder that looks like a program."""
    folder = tmp_path / "payload"
    (folder / "_internal").mkdir(parents=True)
    (folder / "incident-desk.exe").write_bytes(b"MZ")
    (folder / "_internal" / "a.dll").write_bytes(b"a")
    return folder


def test_a_folder_without_the_program_is_refused(windows: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(windows.BuildError, match=r"holds no incident-desk\.exe"):
        windows.run(["nsis", "--payload", str(tmp_path)])


def test_names_that_windows_cannot_hold_are_refused(windows: ModuleType, payload: Path) -> None:
    (payload / "a:b").write_bytes(b"")
    with pytest.raises(windows.BuildError, match="cannot hold the file a:b"):
        windows.payload_files(payload)
    (payload / "a:b").unlink()
    (payload / "_internal" / "A.DLL").write_bytes(b"")
    with pytest.raises(windows.BuildError, match="are one file on Windows"):
        windows.payload_files(payload)


@pytest.mark.parametrize(
    ("version", "wanted"), [("1", "1.0.0.0"), ("0.1.0", "0.1.0.0"), ("2.10", "2.10.0.0")]
)
def test_a_version_has_four_numbers(windows: ModuleType, version: str, wanted: str) -> None:
    assert windows.version_of_four(version) == wanted


@pytest.mark.parametrize("version", ["", "1.0b1", "1.2.3.4", "999999"])
def test_what_is_no_version_is_refused(windows: ModuleType, version: str) -> None:
    with pytest.raises(windows.BuildError, match="is no version"):
        windows.version_of_four(version)


def test_signing_without_a_password_is_refused(windows: ModuleType, payload: Path) -> None:
    words = ["msi", "--payload", str(payload), "--certificate", str(payload / "incident-desk.exe")]
    with pytest.raises(windows.BuildError, match="--password-file"):
        windows.run(words)


def test_a_setup_that_is_too_large_is_not_left_behind(
    windows: ModuleType, payload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "setup.exe"

    def pretend(*words: object) -> None:
        output.write_bytes(bytes(61))

    monkeypatch.setattr(windows, "make_setup", pretend)
    words = ["nsis", "--payload", str(payload), "--output", str(output), "--largest", "60"]
    with pytest.raises(windows.BuildError, match="is the most"):
        windows.run(words)
    assert not output.exists()
    assert windows.LARGEST_SETUP == 60_000_000


def test_a_component_keeps_its_guid_from_version_to_version(
    packaging_module: Callable[[str], ModuleType],
) -> None:
    msi = packaging_module("build_msi")
    files = [Path("_internal/a.dll"), Path("incident-desk.exe")]

    def guids(version: str) -> dict[str, str]:
        wix = msi.document(files, version)
        return {each.get("Id"): each.get("Guid") for each in wix.iter("Component")}

    assert guids("1.0.0") == guids("1.1.0")
    assert len(set(guids("1.0.0").values())) == len(files) + 2
    products = [next(msi.document(files, v).iter("Product")) for v in ("1.0.0", "1.1.0")]
    assert products[0].get("Id") != products[1].get("Id")
    # Whoever changes it leaves two programs side by side on every computer.
    assert {each.get("UpgradeCode") for each in products} == {
        "6B0C2F4E-6C5B-4D0B-9C0B-3D2C5E0A7F11"
    }


def test_every_file_is_installed_and_removed_by_name(windows: ModuleType, payload: Path) -> None:
    files = windows.payload_files(payload)
    assert windows.lines_that_remove(files).splitlines() == [
        'Delete "$INSTDIR\\_internal\\a.dll"',
        'Delete "$INSTDIR\\incident-desk.exe"',
        'RMDir "$INSTDIR\\_internal"',
    ]
    assert windows.lines_that_install(payload, files).splitlines() == [
        'SetOutPath "$INSTDIR\\_internal"',
        f'File "{payload / "_internal" / "a.dll"}"',
        'SetOutPath "$INSTDIR"',
        f'File "{payload / "incident-desk.exe"}"',
    ]


@pytest.mark.parametrize("kind", ["ico", "icns"])
def test_the_icons_are_what_the_script_draws(
    kind: str, packaging_module: Callable[[str], ModuleType]
) -> None:
    drawing = packaging_module("program_icon")
    path = drawing.ICO if kind == "ico" else drawing.ICNS
    with Image.open(path) as file:
        kept = file.convert("RGBA")
    with Image.open(io.BytesIO(getattr(drawing, kind)())) as file:
        drawn = file.convert("RGBA")
    assert kept.size == drawn.size
    assert max(high for _, high in ImageChops.difference(kept, drawn).getextrema()) < 16
