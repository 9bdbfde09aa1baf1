"""What screens need is loaded ahead, in its order, and not at all once the program ends."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from app.ui import warm_up
from app.ui.warm_up import MODULES, WarmUp

LOADS = """
import sys
import app.ui.main_window
from app.ui.warm_up import MODULES, WarmUp
before = [name for name in MODULES if name in sys.modules]
one = WarmUp()
one.start()
one._thread.join(60)
print(before, one.is_done, [name for name in MODULES if name not in sys.modules])
"""


@pytest.mark.parametrize("name", MODULES)
def test_it_loads_what_there_is(name: str) -> None:
    assert find_spec(name) is not None


def test_the_window_does_without_them_and_then_they_are_there() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADS], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split("\n")[0] == "[] True []"


def test_it_ends_when_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    one = WarmUp()

    def load(name: str) -> None:
        loaded.append(name)
        one._stopped.set()

    monkeypatch.setattr(warm_up, "import_module", load)
    one.start()
    assert one.stop()
    assert loaded == [MODULES[0]]
    assert not one.is_done


def test_a_module_that_cannot_be_loaded_does_not_end_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(warm_up, "MODULES", ("app.ui.no_such_screen",))
    one = WarmUp()
    one.start()
    one._thread.join(10)
    assert one.is_done
    assert "no_such_screen" in caplog.text
    caplog.clear()
