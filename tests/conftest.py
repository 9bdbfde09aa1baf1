"""What all tests share: real data, a real display, and a log that must stay quiet."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import pdf_inspection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The machine is shared, so a slow example is no bug; a found one is printed, to be replayed.
settings.register_profile("desk", deadline=None, print_blob=True)
settings.load_profile("desk")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Give the folder of real test data, or skip: it is never part of the project."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("INCIDENT_DESK_TEST_DATA", beside))
    if not folder.is_dir():
        pytest.skip("real test data is not beside this checkout (INCIDENT_DESK_TEST_DATA)")
    return folder


@pytest.fixture(scope="session")
def failed_rules() -> Callable[[bytes], list[str]]:
    """Give the function that validates a PDF for PDF/A-3a and PDF/UA-1."""
    return pdf_inspection.failed_rules


@pytest.fixture(scope="session")
def inspection(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[pdf_inspection.Inspection]:
    """Stand behind the places where the program finishes a PDF, and look at what is left over."""
    inspection = pdf_inspection.Inspection()
    with pytest.MonkeyPatch.context() as patch:
        inspection.stand_behind(patch)
        yield inspection
    inspection.paused = False
    inspection.look_through(tmp_path_factory.getbasetemp())
    if found := inspection.found():
        pytest.fail("a PDF that tests share breaks\n" + "\n".join(found[:20]), pytrace=False)


@pytest.fixture(autouse=True)
def _every_pdf_is_an_archive(
    inspection: pdf_inspection.Inspection, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Fail a test that made a PDF which is not PDF/A-3a and PDF/UA-1 in one (pdf.md, 8).

    A benchmark validates for itself: here it would be measured as part of the work. Files that a
    test spoils on purpose are not looked at when it carries the marker `spoils_reports`.
    """
    inspection.paused = request.node.get_closest_marker("benchmark") is not None
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder is not None:
        spoilt = request.node.get_closest_marker("spoils_reports") is not None
        inspection.look_through(folder, spoilt=spoilt)
    found = inspection.found()
    if found:
        pytest.fail("a PDF of this test breaks\n" + "\n".join(found[:20]), pytrace=False)


@pytest.fixture(scope="session", autouse=True)
def _away_from_real_profiles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep a test that forgets its profile away from the data and passwords of a person."""
    home = str(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
            patch.setenv(name, home)
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        for name in ("INCIDENT_DESK_PROFILE", "INCIDENT_DESK_NOW"):
            patch.delenv(name, raising=False)
        yield


class _Loud(logging.Handler):
    """Collects what our own code logged as WARNING or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _own_log_is_quiet(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which our own log warned, unless it asks for `caplog` and so looks itself."""
    if "caplog" in request.fixturenames:
        yield
        return
    listener = _Loud()
    ours = logging.getLogger("app")
    ours.addHandler(listener)
    yield
    ours.removeHandler(listener)
    if listener.heard:
        pytest.fail("our own log warned:\n" + "\n".join(listener.heard), pytrace=False)


@pytest.fixture(scope="session")
def x_display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Give the environment in which a child process opens a real window, on an X server of its own.

    A window manager runs there. Tests that use it carry the marker `real_window` and start the
    program as a process of its own, because this process draws offscreen.
    """
    missing = [name for name in ("Xvfb", "openbox") if shutil.which(name) is None]
    if sys.platform != "linux" or missing:
        pytest.skip(f"a real window needs Linux with Xvfb and openbox (missing: {missing})")
    log = (tmp_path_factory.mktemp("display") / "log").open("wb")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stdout=log,
        stderr=log,
    )
    os.close(write)
    with os.fdopen(read, encoding="ascii") as answer:
        number = answer.readline().strip()  # comes when the server is ready; empty when it died
    if not number:
        server.wait()
        pytest.skip("Xvfb could not start here")
    environment = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    environment.pop("WAYLAND_DISPLAY", None)
    manager = subprocess.Popen(["openbox"], env=environment, stdout=log, stderr=log)
    _wait_for_window_manager(environment)
    yield environment
    for process in (manager, server):
        process.terminate()
        process.wait()
    log.close()


def _wait_for_window_manager(environment: dict[str, str]) -> None:
    """Return when the window manager answers: before that, windows get no focus."""
    if shutil.which("xdotool") is None:
        return
    for _ in range(100):
        asked = subprocess.run(
            ["xdotool", "get_num_desktops"], env=environment, capture_output=True, check=False
        )
        if asked.returncode == 0:
            return
        time.sleep(0.05)
