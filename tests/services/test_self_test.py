"""The self-test of an installed program: what it does, and that it can fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.domain.errors import InvalidInputError
from app.services import self_test
from app.storage import schema
from app.ui.self_test import SCREENS

ROOT = Path(__file__).resolve().parents[2]


def test_it_migrates_works_proves_and_opens_every_screen(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "--selftest", str(tmp_path / "it")],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    told = json.loads(done.stdout)
    assert done.returncode == 0, told
    steps = {step["step"]: step for step in told["steps"]}
    assert list(steps) == ["migrate", "work", "report", "sign", "screens"]
    assert (steps["migrate"]["from"], steps["migrate"]["to"]) == (1, schema.NEWEST)
    assert steps["report"]["verdict"] == "genuine"
    assert (steps["sign"]["signs"], steps["sign"]["signature"]) == (True, "valid")
    assert set(SCREENS) < set(steps["screens"]["screens"])
    pictures = {path.stem for path in (tmp_path / "it" / "screens").glob("*.png")}
    assert pictures == set(steps["screens"]["screens"])
    assert (tmp_path / "it" / "work" / "window.png").stat().st_size > 10_000
    assert json.loads((tmp_path / "it" / "selftest.json").read_text("utf-8")) == told


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me", "utf-8")
    with pytest.raises(InvalidInputError, match="is not empty: name a new one"):
        self_test.run(bootstrap, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


class _Broken:
    """A composition root that opens nothing, as where a library is missing from a bundle."""

    def __getattr__(self, name: str) -> Any:
        raise ImportError(f"no module named {name}")


def test_a_step_that_fails_is_told_and_hides_none_of_the_others(tmp_path: Path) -> None:
    told = self_test.run(_Broken(), tmp_path / "it")
    assert told["ok"] is False
    assert [step["ok"] for step in told["steps"]] == [False] * 5
    assert "no module named open_profile" in told["steps"][0]["error"]


def test_a_screen_that_does_not_open_fails(tmp_path: Path) -> None:
    class Opener:
        @staticmethod
        def open_every_screen(_profile: Any, _folder: Path) -> dict[str, Any]:
            return {"screens": {"file.new": ""}, "failures": ["file.new: nothing opened"]}

    told = self_test.run(Opener(), tmp_path / "it")
    assert told["steps"][4]["ok"] is False
    assert told["steps"][4]["failures"] == ["file.new: nothing opened"]
