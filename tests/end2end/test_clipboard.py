"""What another program has put on the clipboard is pasted into the real window."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Program

pytestmark = pytest.mark.real_window

OWNER = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QImage
application = QGuiApplication([])
if sys.argv[1] == "--picture":
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    application.clipboard().setImage(image)
else:
    application.clipboard().setText(sys.argv[1])
QTimer.singleShot(0, lambda: print("ready", flush=True))
application.exec()
"""


@contextmanager
def clipboard(program: Program, content: str) -> Iterator[None]:
    """Let another program hold a text, or a picture, on the clipboard."""
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, content],
        env=program.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"
    try:
        yield
    finally:
        owner.terminate()
        owner.wait(10)
        owner.stdout.close()


def test_several_lines_are_logged_at_once(program: Program) -> None:
    with clipboard(program, "printer down !2\nscreen flickers !4\nno sound"):
        program.key("ctrl+l", "ctrl+v")
        program.wait_for("dialog_opened", kind="QMessageBox")
        program.key("Return")
        changed = program.wait_for("changed")
    assert len(changed["numbers"]) == 3
    program.wait_for("list_shown", total=3)


def test_a_picture_becomes_a_file_of_the_incident(program: Program) -> None:
    program.key("ctrl+l")
    program.type("screen flickers")
    program.key("Return")
    number = program.wait_for("changed")["numbers"][0]
    program.wait_for("incident_shown", number=number)
    with clipboard(program, "--picture"):
        program.key("F6", "m", "ctrl+v")
        program.wait_for("changed", numbers=[number])
    done = subprocess.run(
        [sys.executable, "-m", "app", "--profile", str(program.profile), "--json", "show", number],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    (file,) = json.loads(done.stdout)["attachments"]
    assert file["name"].startswith("Screenshot ")
    assert file["name"].endswith(".png")
