"""The check finds what is planted, and says what to do about it."""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
HOST = "pypi." + "org"


@pytest.fixture
def check(
    packaging_module: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> ModuleType:
    """Give the check; the library that writes bills of materials is not needed for the plants."""
    for name in ("build_sbom",):
        monkeypatch.setitem(sys.modules, name, type(sys)(name))
    monkeypatch.delitem(sys.modules, "build_check", raising=False)
    return packaging_module("build_check")


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """Give a frozen folder in which nothing is wrong."""
    folder = tmp_path / "incident-desk"
    for name in (
        "incident-desk",
        "_internal/libpython3.11.so.1.0",
        "_internal/PySide6/Qt/lib/libQt6Core.so.6",
        "_internal/PySide6/Qt/lib/libicuuc.so.73",
        "_internal/psycopg_binary.libs/libpq-e9b5c9ac.so.5.18",
        "_internal/app/resources/sample/problems.toml",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x7fELF" if ".so" in name else b"x = 1\n")
    return folder


def test_a_clean_folder_has_no_findings(check: ModuleType, frozen: Path) -> None:
    assert check.frozen(frozen) == []


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("PySide6/Qt/lib/libQt6Charts.so.6", b"\x7fELF", "is under the GPL alone: leave it out"),
        ("PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so", b"", "GPL"),
        ("libreadline.so.8", b"\x7fELF", "is under the GPL alone"),
        ("python3.11/lib-dynload/_gdbm.cpython-311-x86_64-linux-gnu.so", b"", "the GPL alone"),
        ("tool/COPYING", b"  GNU General Public License\n", "holds the GPL: find out what"),
        ("PySide6/QtCore.pyi", b"", "of no use to a person who runs the program"),
        ("reportlab/tests/case.txt", b"", "of no use"),
        ("PySide6/Qt/lib/libQt6WebEngineCore.so.6", b"\x7fELF", "belongs to Qt's Addons"),
        ("app/pip.ini", f"index-url = https://{HOST}/simple".encode(), "names a package registry"),
        ("strange.libs/libnew-1234.so.1", b"\x7fELF", "has no licence in licences.toml"),
    ],
)
def test_what_is_planted_in_the_folder_is_found(
    name: str, content: bytes, sentence: str, check: ModuleType, frozen: Path
) -> None:
    planted = frozen / "_internal" / name
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_bytes(content)
    found = check.frozen(frozen)
    assert found
    assert any(sentence in line and planted.name in line for line in found), found


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("", ""),
        ("dist/incident-desk/_internal/libreadline.so.8", "\x7fELF"),
        ("dist/incident-desk/_internal/PySide6/QtCore.pyi", ""),
        ("dist/incident-desk/_internal/app/pip.ini", f"index-url = https://{HOST}/simple"),
        ("packaging/requirements-x.txt", f"--index-url https://{HOST}/simple\na==1\n"),
        (".github/workflows/x.yml", "      - uses: actions/checkout@v4"),
    ],
)
def test_the_command_fails_with_any_plant_and_passes_without(
    name: str,
    content: str,
    check: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dist = tmp_path / "dist"
    (dist / "incident-desk").mkdir(parents=True)
    for constant, place in (("ROOT", tmp_path), ("DIST", dist), ("FROZEN", dist / "incident-desk")):
        monkeypatch.setattr(check, constant, place)
    monkeypatch.setattr(check, "_stale", list)
    if name:
        planted = tmp_path / name
        planted.parent.mkdir(parents=True, exist_ok=True)
        planted.write_text(content, "utf-8")
    assert check.run(["check"]) == (1 if name else 0)
    assert Path(name).name in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("      - uses: actions/checkout@v4", "can change under us: pin it by its commit"),
        ("      - uses: actions/checkout@" + "a" * 40, "with the version in a comment"),
        ("      - uses: actions/checkout@main # v4", "can change under us"),
    ],
)
def test_an_unpinned_action_is_found(
    line: str, sentence: str, check: ModuleType, tmp_path: Path
) -> None:
    flows = tmp_path / ".github" / "workflows"
    flows.mkdir(parents=True)
    (flows / "x.yml").write_text(f"{line}\n      - uses: a/b@{'0' * 40} # v1\n", "utf-8")
    found = check.sources(tmp_path)
    assert len(found) == 1
    assert sentence in found[0]


@pytest.mark.parametrize("line", [f"--index-url https://{HOST}/simple", "--pre"])
def test_a_registry_or_option_among_the_pins_is_found(
    line: str, check: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "requirements-x.txt").write_text(f"{line}\na==1\n", "utf-8")
    assert "pin by version and hash only" in check.sources(tmp_path)[0]


def test_the_clone_itself_has_no_findings(check: ModuleType) -> None:
    assert check.sources(ROOT) == []
    assert check.licences() == []


@pytest.mark.parametrize(
    ("licence", "bad"),
    [
        ("GPL-3.0-only", True),
        ("AGPL-3.0-or-later", True),
        ("GPL-2.0-only OR GPL-3.0-only", True),
        ("LGPL-3.0-only OR GPL-2.0-only", False),
        ("GPL-2.0-or-later WITH Bootloader-exception", False),
    ],
)
def test_a_library_under_the_gpl_alone_is_found(
    licence: str, bad: bool, check: ModuleType, tmp_path: Path
) -> None:
    table = tmp_path / "licences.toml"
    table.write_text(f'[libraries]\nplanted = "{licence}"\n[parts]\n', "utf-8")
    assert bool(check.licences(table)) is bad


def test_a_package_over_its_limit_is_found(check: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "x.deb").write_bytes(b"0" * 1_100_000)
    assert check.sizes(tmp_path, {"*.deb": 2}) == []
    assert "x.deb is 1.1 MB, more than 1" in check.sizes(tmp_path, {"*.deb": 1})[0]


def _refused(made_of: ModuleType, pins: str, table: str, tmp_path: Path) -> str:
    (tmp_path / "requirements.txt").write_text(pins, "utf-8")
    (tmp_path / "licences.toml").write_text(table, "utf-8")
    with pytest.raises(made_of.BuildError) as caught:
        made_of.components(tmp_path / "requirements.txt", tmp_path / "licences.toml")
    return str(caught.value)


def test_a_library_without_licence_or_text_is_refused(
    packaging_module: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    made_of = packaging_module("made_of")
    pin = f"planted==1.0 \\\n    --hash=sha256:{'0' * 64}\n"
    said = _refused(made_of, pin, "[libraries]\n[parts]\n", tmp_path)
    assert said.startswith("planted has no licence in licences.toml")
    said = _refused(made_of, pin, '[libraries]\nplanted = "MIT"\n[parts]\n', tmp_path)
    assert said.startswith("The licence text of planted is missing")
    gone = '[libraries]\ngone = "MIT"\n[parts]\n'
    assert "which no pin asks for" in _refused(made_of, "", gone, tmp_path)


def test_the_notices_are_those_of_the_pins(
    packaging_module: Callable[[str], ModuleType],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notices: Any = packaging_module("build_notices")
    notices.refuse_stale()
    stale = tmp_path / "NOTICES.txt"
    stale.write_text(notices.text().replace("MIT", "Apache-2.0", 1), "utf-8")
    monkeypatch.setattr(notices, "NOTICES", stale)
    with pytest.raises(notices.BuildError, match=r"run `python packaging/build.py notices`"):
        notices.refuse_stale()


def test_a_mach_o_file_for_a_newer_macos_is_found(check: ModuleType, tmp_path: Path) -> None:
    for minimum, found in (((15, 0), False), ((15, 2), True)):
        # A header and one LC_BUILD_VERSION (0x32) for macOS (1), as a linker writes them.
        packed = minimum[0] << 16 | minimum[1] << 8
        header = struct.pack("<8I", 0xFEEDFACF, 0x100000C, 0, 6, 1, 24, 0, 0)
        (tmp_path / "lib.dylib").write_bytes(
            header + struct.pack("<6I", 0x32, 24, 1, packed, packed, 0)
        )
        said = "".join(check.mach_o(tmp_path / "lib.dylib", "lib.dylib"))
        assert ("needs macOS 15.2, and the program promises 15.0" in said) is found, said
