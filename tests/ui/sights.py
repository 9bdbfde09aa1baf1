"""Open the window and two dialogs at one setting of the screen; save pictures, print facts.

Run as a process of its own, because Qt takes the scale of the screen once, at its start:
`python -m tests.ui.sights PROFILE OUT SETTING`, with QT_SCALE_FACTOR for the scale. The profile
must hold incidents. SETTING is one of `SETTINGS`.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QWidget

from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui import language
from app.ui import theme as themes
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from tests.ui.cut_words import cut, outside

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
LONGER = 1.4
DIALOGS = {"new": "file.new", "close": "incident.resolve"}


class Setting(NamedTuple):
    """How the screen stands."""

    size: tuple[int, int] = (1280, 720)
    scheme: str = "light"
    contrast: bool = False
    mirrored: bool = False
    longer: bool = False


SETTINGS = {
    "plain": Setting(),
    "dark": Setting(scheme="dark"),
    "smallest": Setting((800, 520)),
    "contrast": Setting(contrast=True),
    "mirrored": Setting(mirrored=True),
    "longer": Setting(longer=True),
    "longer_smallest": Setting((800, 520), longer=True),
}


class Longer(QTranslator):
    """Makes every string of the program 40 % longer, as other languages do."""

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's own name
        return False

    def translate(self, context: str, source: str, comment: str = "", n: int = -1) -> str:
        del context, comment
        words = source.replace("%n", str(n)) if n >= 0 else source
        return words + "x" * round(len(source) * (LONGER - 1) + 0.5)


def turn(milliseconds: int) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def coarse(root: QWidget, ratio: float) -> list[str]:
    """Return the pictures on the screen that have fewer pixels than the screen."""
    found = []
    for label in root.findChildren(QLabel):
        picture: QPixmap = label.pixmap()
        if label.isVisible() and not picture.isNull() and picture.devicePixelRatio() < ratio:
            found.append(f"{type(label.parent()).__name__}: {label.accessibleName()}")
    for button in root.findChildren(QAbstractButton):
        icon = button.icon()
        if button.isVisible() and not icon.isNull():
            picture = icon.pixmap(button.iconSize(), ratio)
            if picture.width() < button.iconSize().width() * ratio * 0.9:
                found.append(f"{type(button.parent()).__name__}: {button.accessibleName()}")
    return found


def odd_edges(image: QImage) -> float:
    """Return which share of the edges in a picture stands between an even and an odd column.

    A picture that was blown up to twice its size has none.
    """
    odd = even = 0
    for y in range(0, image.height(), 7):
        line = [image.pixel(x, y) for x in range(image.width())]
        for x in range(1, len(line)):
            if line[x] != line[x - 1]:
                if x % 2:
                    odd += 1
                else:
                    even += 1
    return odd / max(1, odd + even)


def facts(part: QWidget, path: Path) -> dict[str, Any]:
    """Save a picture of a window and return what it shows."""
    for _ in range(3):
        turn(30)  # what came late is laid out one turn later
    picture = part.grab()
    picture.save(str(path))
    ratio = part.devicePixelRatioF()
    return {
        "size": [part.width(), part.height()],
        "pixels": [picture.width(), picture.height()],
        "ratio": ratio,
        "odd_edges": odd_edges(picture.toImage()),
        "cut": cut(part),
        "outside": outside(part),
        "coarse": coarse(part, ratio),
        "mirrored": part.layoutDirection() == Qt.LayoutDirection.RightToLeft,
    }


def dialog_over(window: QWidget) -> QDialog | None:
    """Return the dialog that stands over the window."""
    shown = [
        one
        for one in QApplication.topLevelWidgets()
        if isinstance(one, QDialog) and one.isVisible() and one is not window
    ]
    return shown[0] if shown else None


def main(profile: str, out: str, name: str) -> None:
    """Print one JSON object: a name of each picture, and its facts."""
    setting, folder = SETTINGS[name], Path(out)
    application = QApplication([])
    language.install(application)
    if setting.longer:
        longer = Longer(application)
        application.installTranslator(longer)
    if setting.mirrored:
        application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    theme = themes.install(setting.scheme, 100)
    if setting.contrast:
        theme.force_high_contrast(on=True)
    desk = open_desk(Profile(Path(profile)), PinnedClock(NOW), person="Ana Ruiz", zone="UTC")
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    window.resize(*setting.size)
    window.show()
    QTest.qWaitForWindowExposed(window)
    window.activateWindow()
    turn(400)
    window.queue.tree.setFocus()
    window.queue.step(+1)
    turn(200)
    told: dict[str, Any] = {"main": facts(window, folder / f"{name}-main.png")}
    told["main"]["rows"] = window.queue.total()
    told["main"]["style"] = application.style().name()
    told["main"]["sheet"] = len(application.styleSheet())
    for key, command in DIALOGS.items():
        window.actions_.run(command)
        turn(500)
        dialog = dialog_over(window)
        assert dialog is not None, command
        told[key] = facts(dialog, folder / f"{name}-{key}.png")
        dialog.close()
        turn(50)
    screen = QGuiApplication.primaryScreen().availableGeometry()
    told["screen"] = [screen.width(), screen.height()]
    print(json.dumps(told), flush=True)  # noqa: T201 - the answer
    window.close()
    desk.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
