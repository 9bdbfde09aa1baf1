"""Under wine the setup and the MSI install, upgrade and remove silently, and the data stay.

Each test asserts on files and the registry: an installer's exit code proves nothing.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from app.system import identity
from tests.packaging.windows_parts import Wine, make_payload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

MISSING = [tool for tool in ("wine", "makensis", "wixl", "msibuild") if shutil.which(tool) is None]
pytestmark = [
    pytest.mark.packaging,
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]
CLASSES = "Software\\Classes"
COMMAND = f"{CLASSES}\\incident-desk\\shell\\open\\command"
UNINSTALL = "Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\IncidentDesk"
RUN = "Software\\Microsoft\\Windows\\CurrentVersion\\Run"
PUT_AND_READ = """
Unicode true
Target amd64-unicode
Name "put"
OutFile "${OUTPUT}"
SilentInstall silent
RequestExecutionLevel user
!include "${HEADER}"
Section
  System::Call 'PROPSYS::PSCreateMemoryPropertyStore(g "${IID_IPropertyStore}", *p.r6)'
  !insertmacro PUT_APP_USER_MODEL_ID $6
  System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r3'
  System::Call '*(&i2,&i6,p,&i8)p.r5'
  ${IPropertyStore::GetValue} $6 '(r3,r5)'
  System::Call '*$5(&i2.r8,&i6,w.r9,&i8)'
  FileOpen $1 "C:\\read.txt" w
  FileWriteUTF16LE $1 "$2 $8 $9"
  FileClose $1
SectionEnd
"""
"""A program that puts the name into a property store by the lines of the setup, and reads it."""


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    """Give a fresh drive of wine."""
    wine = Wine(tmp_path_factory.mktemp("wine") / "prefix")
    yield wine
    wine.stop()


@pytest.fixture(scope="module")
def made(
    packaging_module: Callable[[str], ModuleType], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Give a folder with both installers of 1.0.0 and of 1.1.0."""
    folder = tmp_path_factory.mktemp("installers")
    build = packaging_module("build_windows")
    own = {"1.0.0": "_internal/gone/old ä.txt", "1.1.0": "_internal/new.txt"}
    for version, name in own.items():
        payload = make_payload(folder / version, version, "_internal/both.dll", name)
        for kind, ending in (("nsis", "exe"), ("msi", "msi")):
            output = folder / f"{version}.{ending}"
            words = [kind, "--payload", str(payload), "--version", version]
            assert build.run([*words, "--output", str(output)]) == 0
    return folder


def tree(folder: Path) -> set[str]:
    """Return the files of a folder by their paths in it."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def write_data(windows: Wine) -> Path:
    """Put a database where the program keeps it."""
    data = windows.local / "incident-desk" / "incident-desk.sqlite"
    data.parent.mkdir(parents=True, exist_ok=True)
    data.write_bytes(b"all incidents")
    return data


def test_the_setup_of_one_person_installs_upgrades_and_removes(windows: Wine, made: Path) -> None:
    home = windows.local / "Programs" / "Incident Desk"
    data = write_data(windows)
    windows.run(str(made / "1.0.0.exe"), "/S")
    common = {"incident-desk.exe", "uninstall.exe", "_internal/both.dll"}
    assert tree(home) == {*common, "_internal/gone/old ä.txt"}
    link = windows.home / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Incident Desk.lnk"
    assert "Incident Desk\\incident-desk.exe".encode("utf-16-le") in link.read_bytes()
    command = windows.registry(COMMAND)
    assert command is not None
    assert command[""].endswith('\\Incident Desk\\incident-desk.exe" "%1"')
    assert windows.registry(f"{CLASSES}\\.incidents") == {"": "IncidentDesk.Package"}
    scheme = windows.registry(f"{CLASSES}\\incident-desk")
    assert scheme == {"": "URL:Incident Desk", "URL Protocol": ""}
    assert windows.registry(COMMAND, machine=True) is None, "nothing for other people"
    # Wine's shell knows no scheme of one person: its command is run as it stands.
    windows.run(*shlex.split(command[""].replace("\\", "/").replace("%1", "incident-desk:INC-7")))
    assert windows.started_with().rstrip() == "1.0.0 incident-desk:INC-7"

    (home / "mine.txt").write_text("of a person", "utf-8")
    windows.run("reg", "add", f"HKCU\\{RUN}", "/v", "Incident Desk", "/d", "x", "/f")
    windows.run(str(made / "1.1.0.exe"), "/S")
    assert tree(home) == {*common, "_internal/new.txt", "mine.txt"}
    assert (home / "_internal/both.dll").read_text("utf-8").endswith("of 1.1.0")
    entry = windows.registry(UNINSTALL)
    assert entry is not None
    assert entry["DisplayVersion"] == "1.1.0"
    autostart = windows.registry(RUN)
    assert autostart is not None
    assert autostart["Incident Desk"] == "x", "an upgrade keeps what was chosen"
    assert data.read_bytes() == b"all incidents"

    windows.run(str(made / "1.0.0.exe"), "/S")
    entry = windows.registry(UNINSTALL)
    assert entry is not None
    assert entry["DisplayVersion"] == "1.1.0", "an older one does not replace a newer"
    assert (home / "_internal/new.txt").is_file()

    windows.run(*shlex.split(entry["QuietUninstallString"].replace("\\", "/")))
    assert tree(home) == {"mine.txt"}
    assert not link.exists()
    for key in (COMMAND, f"{CLASSES}\\IncidentDesk.Package", f"{CLASSES}\\.incidents", UNINSTALL):
        assert windows.registry(key) is None, key
    assert "Incident Desk" not in (windows.registry(RUN) or {})
    assert data.read_bytes() == b"all incidents"


def test_the_setup_takes_another_folder_as_its_last_word(windows: Wine, made: Path) -> None:
    home = windows.drive / "Our Tools" / "Desk ä"
    # NSIS takes everything behind /D= as it stands, without quotation marks.
    windows.run(str(made / "1.0.0.exe"), "/S", "/D=C:\\Our", "Tools\\Desk", "ä")
    common = {"incident-desk.exe", "uninstall.exe", "_internal/both.dll"}
    assert tree(home) == {*common, "_internal/gone/old ä.txt"}
    windows.run(str(made / "1.1.0.exe"), "/S")
    assert tree(home) == {*common, "_internal/new.txt"}, "an upgrade stays where the program is"
    entry = windows.registry(UNINSTALL)
    assert entry is not None
    assert entry["InstallLocation"].startswith("C:\\Our Tools\\Desk ")
    windows.run(str(home / "uninstall.exe"), "/S")
    assert not home.exists()
    usual = windows.local / "Programs" / "Incident Desk" / "incident-desk.exe"
    assert not usual.exists()


def test_the_name_for_the_task_bar_is_put_as_windows_reads_it(
    windows: Wine, tmp_path: Path, packaging_module: Callable[[str], ModuleType]
) -> None:
    # Wine's own links keep no such property, its property stores do: the same lines, one of those.
    build = packaging_module("build_windows")
    script, program = tmp_path / "put.nsi", tmp_path / "put.exe"
    script.write_text(PUT_AND_READ, "utf-8")
    names = {"OUTPUT": program, "HEADER": build.WINDOWS / "app-user-model-id.nsh"}
    names["APP_USER_MODEL_ID"] = build.build_place.app_user_model_id()
    defined = [f"-D{name}={value}" for name, value in names.items()]
    subprocess.run(["makensis", "-V1", *defined, str(script)], check=True)
    windows.run(str(program))
    read = (windows.drive / "read.txt").read_text("utf-16-le")
    assert read == f"0 31 {identity.APP_USER_MODEL_ID}", "taken, a text (VT_LPWSTR), the name"


def test_the_installer_of_administrators_installs_upgrades_and_removes(
    windows: Wine, made: Path
) -> None:
    home = windows.drive / "Program Files" / "Incident Desk"
    data = write_data(windows)
    windows.run("msiexec", "/i", str(made / "1.0.0.msi"), "/qn")
    assert tree(home) == {"incident-desk.exe", "_internal/both.dll", "_internal/gone/old ä.txt"}
    assert list(windows.drive.rglob("Start Menu/Programs/Incident Desk.lnk"))
    named = subprocess.run(
        ["msiinfo", "export", str(made / "1.0.0.msi"), "MsiShortcutProperty"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    assert "\tprogram_link\tSystem.AppUserModel.ID\tIncidentDesk.IncidentDesk" in named[-1]
    command = windows.registry(COMMAND, machine=True)
    assert command == {"": '"C:\\Program Files\\Incident Desk\\incident-desk.exe" "%1"'}
    windows.run("start", "incident-desk://INC-000042")
    assert windows.started_with() == '1.0.0 "incident-desk://INC-000042"'

    windows.run("msiexec", "/i", str(made / "1.1.0.msi"), "/qn")
    assert tree(home) == {"incident-desk.exe", "_internal/both.dll", "_internal/new.txt"}
    assert (home / "_internal/both.dll").read_text("utf-8").endswith("of 1.1.0")
    windows.run("msiexec", "/i", str(made / "1.0.0.msi"), "/qn")
    assert (home / "_internal/new.txt").is_file(), "an older one does not replace a newer"

    windows.run("msiexec", "/x", str(made / "1.1.0.msi"), "/qn")
    assert not home.exists()
    assert not list(windows.drive.rglob("Start Menu/Programs/Incident Desk.lnk"))
    assert windows.registry(COMMAND, machine=True) is None
    assert data.read_bytes() == b"all incidents"


@pytest.mark.skipif(shutil.which("osslsigncode") is None, reason="not installed: osslsigncode")
@pytest.mark.parametrize("kind", ["nsis", "msi"])
def test_what_is_signed_is_refused_once_a_byte_of_it_has_changed(
    kind: str, packaging_module: Callable[[str], ModuleType], tmp_path: Path, windows: Wine
) -> None:
    openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    openssl += ["-subj", "/CN=Throw-away", "-addext", "extendedKeyUsage=codeSigning"]
    key, pem, bundle = tmp_path / "key.pem", tmp_path / "own.pem", tmp_path / "own.p12"
    subprocess.run([*openssl, "-keyout", key, "-out", pem], check=True, capture_output=True)
    password = tmp_path / "password"
    password.write_text("throw-away", "utf-8")
    export = ["openssl", "pkcs12", "-export", "-inkey", key, "-in", pem, "-out", bundle]
    subprocess.run([*export, "-passout", f"file:{password}"], check=True)
    payload = make_payload(tmp_path / "payload", "1.0.0", "a.dll")
    output = tmp_path / ("out.exe" if kind == "nsis" else "out.msi")
    words = [kind, "--payload", str(payload), "--version", "1.0.0", "--output", str(output)]
    words += ["--certificate", str(bundle), "--password-file", str(password)]
    assert packaging_module("build_windows").run(words) == 0

    def verified(file: Path) -> bool:
        command = ["osslsigncode", "verify", "-CAfile", str(pem), "-in", str(file)]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        return done.returncode == 0 and "Signature verification: ok" in done.stdout

    assert verified(output)
    if kind == "nsis":
        windows.run(str(output), "/S")
        home = windows.local / "Programs" / "Incident Desk"
        assert verified(home / "incident-desk.exe")
        assert verified(home / "uninstall.exe")
    damaged = bytearray(output.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    output.write_bytes(damaged)
    assert not verified(output)
