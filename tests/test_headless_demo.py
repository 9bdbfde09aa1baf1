"""The whole job without a display: a process of its own leaves a report and a picture."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]


def test_the_demo_does_the_whole_job_where_there_is_no_display(tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    done = subprocess.run(
        [sys.executable, "-m", "app", "demo", "--json", "--out", str(tmp_path / "out")]
        + (["--headless"] if sys.platform in {"win32", "darwin"} else []),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert Path(said["report"]).read_bytes().startswith(b"%PDF-")
    with Image.open(said["screenshot"]) as shown:
        beside_the_list = shown.convert("RGB").crop((1015, 150, 1425, 300))
    colours = beside_the_list.getcolors(1 << 20)
    assert colours is not None
    assert len(colours) > 50, "no incident is shown beside the list"
    assert said["incident"].startswith("INC-")
