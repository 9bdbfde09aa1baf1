"""A command line that runs in this process, on a profile of its own and with a pinned clock."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from app import bootstrap, cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CODES = ("--outcome", "fixed", "--fix-type", "bug_fix", "--cause-class", "software")


class Spoken(NamedTuple):
    """What a command that speaks to people has said."""

    code: int
    out: str
    err: str


class Line:
    """The command line on one profile; `at` moves its clock."""

    def __init__(
        self, profile: Path, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
    ) -> None:
        self.profile = profile
        self._capture = capture
        self._patch = patch
        self.at("2026-03-09T09:00:00Z")

    def at(self, instant: str) -> None:
        """Pin the clock (INCIDENT_DESK_NOW)."""
        self._patch.setenv("INCIDENT_DESK_NOW", instant)

    def __call__(self, *words: str) -> tuple[int, Any]:
        """Run with --json; return the exit code and the one document on stdout."""
        code = cli.run(["--json", "--profile", str(self.profile), *words], bootstrap)
        out = self._capture.readouterr().out
        return code, json.loads(out) if out else None

    def done(self, *words: str) -> Any:
        """Run what must work; return its document."""
        code, document = self(*words)
        assert code == 0, document
        return document

    def refused(self, *words: str) -> str:
        """Run what must be a known error; return "code: sentence"."""
        code, document = self(*words)
        assert code == 3, document
        return f"{document['error']['code']}: {document['error']['message']}"

    def said(self, *words: str) -> Spoken:
        """Run without --json."""
        code = cli.run(["--profile", str(self.profile), *words], bootstrap)
        caught = self._capture.readouterr()
        return Spoken(code, caught.out, caught.err)

    def resolved(self, text: str = "printer down @nina") -> str:
        """Log an incident, resolve it, have it confirmed; return its number."""
        number: str = self.done("log", text)["number"]
        self.done("set", number, "status=in_progress")
        self.done("resolve", number, *CODES, "--notes", "Driver replaced")
        self.done("confirm", number, "--by", "Nina")
        return number


@pytest.fixture
def line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Line:
    """Give the command line on a new profile, on Monday 2026-03-09 09:00 UTC."""
    return Line(tmp_path / "profile", capsys, monkeypatch)


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Give the program as a process of its own, on a profile of its own."""

    def run(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "app", *words, "--profile", str(tmp_path / "profile")],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
            **options,
        )

    return run
