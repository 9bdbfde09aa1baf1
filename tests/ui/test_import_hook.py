"""PySide's hook into `import` is out, so that a start does not read the sources of its modules."""

from __future__ import annotations

import subprocess
import sys

LOADS = """
import linecache
import app.ui.main_window
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel("still there")
print(label.text(), "-", *linecache.cache, sep="\\n")
"""


def test_no_source_is_read_for_its_words() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADS], capture_output=True, text=True, check=True, timeout=60
    )
    said, _, *files = done.stdout.splitlines()
    assert said == "still there"
    assert [file for file in files if "main_window" in file or "queue" in file] == []
