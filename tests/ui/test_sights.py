"""The window and two dialogs at the settings of ux.md 12: size, scale, contrast, mirrored, longer.

Each setting is a process of its own, see `tests.ui.sights`; its pictures are kept where
INCIDENT_DESK_PICTURES names a folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QPushButton

from app.services import quick_logging
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui import icons
from app.ui.closing.people_told import WhenField
from tests.ui.sights import NOW, SETTINGS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

ROOT = Path(__file__).parents[2]
PARTS = ("main", "new", "close")
LINES = [
    "Card payments failing at all HQ tills !1",
    "VPN drops every few minutes after client 5.2 update on laptops @nina !2",
    "Second monitor flickers on docking station !3",
    "Old projector in room 4 to be retired !4",
]


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sights")
    desk = open_desk(Profile(folder / "profile"), PinnedClock(NOW), person="Ana Ruiz", zone="UTC")
    quick_logging.log_lines(desk, LINES)
    desk.close()
    return folder


def seen(folder: Path, setting: str, screen: tuple[int, int], scale: int = 1) -> dict[str, Any]:
    """Return what the window shows at a setting, on a screen of so many pixels."""
    pictures = Path(os.environ.get("INCIDENT_DESK_PICTURES") or folder).absolute()
    pictures.mkdir(parents=True, exist_ok=True)
    screens = folder / f"screen-{screen[0]}.json"
    one = {"name": "screen", "x": 0, "y": 0, "width": screen[0], "height": screen[1]}
    screens.write_text(json.dumps({"screens": [{**one, "logicalDpi": 96, "dpr": 1}]}))
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.sights", folder / "profile", pictures, setting],
        cwd=folder,  # a path of Windows would hold the colon that ends an argument of the platform
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "QT_QPA_PLATFORM": f"offscreen:configfile={screens.name}",
            "QT_SCALE_FACTOR": str(scale),
        },
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("setting", "screen", "scale"),
    [
        ("plain", (1920, 1080), 1),
        ("contrast", (1920, 1080), 1),
        ("mirrored", (1920, 1080), 1),
        ("longer", (1920, 1080), 1),
        ("longer_smallest", (960, 540), 1),
        ("smallest", (1920, 1080), 2),
    ],
)
def test_nothing_is_cut_coarse_or_out_of_reach(
    profile: Path, setting: str, screen: tuple[int, int], scale: int
) -> None:
    told, wanted = seen(profile, setting, screen, scale), SETTINGS[setting]
    assert told["screen"] == [screen[0] // scale, screen[1] // scale]
    assert told["main"]["rows"] == len(LINES)
    assert told["main"]["size"] == list(wanted.size)
    for name in PARTS:
        part = told[name]
        assert part["cut"] == [], name
        assert part["outside"] == [], name
        assert part["coarse"] == [], name
        assert part["ratio"] == scale
        assert part["pixels"] == [side * scale for side in part["size"]]
        assert part["mirrored"] is wanted.mirrored
        # A picture that was blown up to twice its size has no edge in every other column.
        assert part["odd_edges"] > 0.3, name
        if name != "main":
            assert all(
                side <= room for side, room in zip(part["size"], told["screen"], strict=True)
            )
    assert (told["main"]["sheet"] == 0) is wanted.contrast


def test_the_icon_of_the_chief_button_is_seen_on_the_platforms_own_ground(
    qtbot: QtBot, theme: Theme
) -> None:
    button = QPushButton("New incident")
    qtbot.addWidget(button)
    icons.bind(button, "plus", "on_accent")

    def colours() -> set[str]:
        image = button.icon().pixmap(16).toImage()
        places = ((x, y) for x in range(image.width()) for y in range(image.height()))
        pixels = [QColor(image.pixelColor(x, y)) for x, y in places]
        return {pixel.name().upper() for pixel in pixels if pixel.alpha() > 200}

    assert colours() == {theme.tokens.on_accent}
    theme.force_high_contrast(on=True)
    assert colours() == {theme.tokens.text}


def test_an_instant_keeps_the_order_of_its_parts_where_the_window_is_mirrored(
    qtbot: QtBot, qapp: QApplication, theme: Theme
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        field = WhenField()
        qtbot.addWidget(field)
        words = QLocale().toString(field.dateTime(), "d MMM HH:mm")
        assert field.lineEdit().text() == words
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
