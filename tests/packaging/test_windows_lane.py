"""The program's own Windows code paths under wine, as far as their parts are there.

Never "Windows": what passes here is called "wine". Three parts are no packages of a registry and
are asked for: a Python 3.11 for Windows (the folder of python.org's embeddable one, named by
INCIDENT_DESK_WINDOWS_PYTHON), a wine with Windows' icuuc.dll, which Qt 6.11 loads, and wine itself.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.packaging.real_wheels import WINDOWS, unpacked
from tests.packaging.windows_parts import Wine

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
MISSING = [tool for tool in ("wine", "makensis") if shutil.which(tool) is None]
pytestmark = [pytest.mark.packaging, pytest.mark.slow, pytest.mark.timeout(1_800)]
under_wine = [
    pytest.mark.wine,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]
PROBE = """
import json, sys
from pathlib import Path
out = Path(sys.argv[1])
from PySide6.QtWidgets import QApplication, QLabel, QSystemTrayIcon
from app.system import identity, paths
from app.ui.one_window import Seat
identity.tell_windows()
application = QApplication(["desk"])
profile = paths.Profile(out / "profile ä")
profile.create()
first, second = Seat(profile.window_lock), Seat(profile.window_lock)
taken = [first.take(), second.take()]
first.leave()
application.clipboard().setText("INC-000042 ä")
label = QLabel("INC-000042")
label.show()
told = {
    "platform": sys.platform,
    "data": str(paths.default_profile().directory),
    "taken": [*taken, second.take()],
    "clipboard": application.clipboard().text(),
    "painted": label.grab().save(str(out / "painted.png")),
    "tray": QSystemTrayIcon.isSystemTrayAvailable(),
}
(out / "told.json").write_text(json.dumps(told), "utf-8")
"""
LOAD = r"""
Unicode true
Target amd64-unicode
Name "load"
OutFile "${OUTPUT}"
SilentInstall silent
RequestExecutionLevel user
!include FileFunc.nsh
Section
  ${GetParameters} $2
  ${GetParent} $2 $3
  System::Call 'KERNEL32::SetDllDirectoryW(w r3)'
  System::Call 'KERNEL32::LoadLibraryW(w r2)p.r0 ?e'
  Pop $1
  FileOpen $4 "C:\loaded.txt" w
  FileWrite $4 "$0 $1"
  FileClose $4
SectionEnd
"""
"""A program for Windows that loads the library that it is named and tells its handle and error."""


def assert_it_keeps_its_manners(told: dict[str, Any], out: Path) -> None:
    """Check what the probe told, which is the same on every system."""
    assert told["taken"] == [True, False, True], "one window a profile, until the first leaves"
    assert told["clipboard"] == "INC-000042 ä"
    assert told["painted"]
    assert (out / "painted.png").stat().st_size > 200
    assert isinstance(told["tray"], bool)


def test_the_probe_of_the_lane_passes_on_this_system(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    assert_it_keeps_its_manners(json.loads((tmp_path / "told.json").read_text("utf-8")), tmp_path)


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    """Give a fresh drive of wine."""
    wine = Wine(tmp_path_factory.mktemp("lane") / "prefix")
    yield wine
    wine.stop()


def _need_icu(windows: Wine) -> None:
    if not (windows.drive / "windows" / "system32" / "icuuc.dll").is_file():
        pytest.skip("this wine has no icuuc.dll, which Qt 6.11 loads and Windows 10 has")


class TestUnderWine:
    """What needs wine."""

    pytestmark = under_wine

    @pytest.mark.parametrize(
        "library",
        ["pypdfium2_raw/pdfium.dll", "pikepdf.libs/qpdf30-*.dll", "PySide6/Qt6Widgets.dll"],
    )
    def test_a_real_library_loads(self, library: str, windows: Wine, tmp_path: Path) -> None:
        (path,) = unpacked(WINDOWS).glob(library)
        if library.startswith("PySide6"):
            _need_icu(windows)
        script, program = tmp_path / "load.nsi", tmp_path / "load.exe"
        script.write_text(LOAD, "utf-8")
        subprocess.run(["makensis", "-V1", f"-DOUTPUT={program}", str(script)], check=True)
        windows.run(str(program), "Z:" + str(path).replace("/", "\\"))
        handle, error = (windows.drive / "loaded.txt").read_text("ascii").split()
        assert int(handle) > 0, f"Windows' error {error}"

    def test_the_program_keeps_its_manners(self, windows: Wine) -> None:
        python = Path(os.environ.get("INCIDENT_DESK_WINDOWS_PYTHON", "")) / "python.exe"
        if not python.is_file():
            pytest.skip("INCIDENT_DESK_WINDOWS_PYTHON names no folder with a Python for Windows")
        _need_icu(windows)
        out = windows.drive / "probe"
        out.mkdir()
        # The embeddable Python reads no PYTHONPATH.
        places = [f"Z:{ROOT}", f"Z:{unpacked(WINDOWS)}"]
        script = out / "probe.py"
        script.write_text(f"import sys\nsys.path[:0] = {places!r}\n{PROBE}", "utf-8")
        windows.run(str(python), "C:\\probe\\probe.py", "C:\\probe", timeout=600)
        told = json.loads((out / "told.json").read_text("utf-8"))
        assert_it_keeps_its_manners(told, out)
        assert told["platform"] == "win32"
        assert told["data"].endswith("\\AppData\\Local\\incident-desk")
