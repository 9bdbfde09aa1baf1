"""Who is here is said in the status bar, in the dialog and beside the status of an incident."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.domain.standing import Present
from app.services import browsing, quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock, SystemClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.sharing import presence_words
from app.ui.sharing.presence_sayer import PresenceSayer
from app.ui.sharing.sharing_dialog import SharingDialog
from app.ui.widgets.cut_label import CutLabel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

UID, OTHER = bytes([1]) * 16, bytes([2]) * 16


def present(number: int, person: str, viewing: bytes = UID, *, writing: bool = False) -> Present:
    return Present(bytes([number]) * 16, person, viewing, writing)


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ((), ("", "")),
        ((present(1, "Jon", OTHER),), ("", "")),
        ((present(1, "Jon Park"),), ("Jon is viewing", "Jon viewing")),
        (
            (present(1, "Jon Park"), present(2, "Jon Hill")),
            ("Jon Park and Jon Hill are viewing", "Jon Park +1 viewing"),
        ),
        ((present(1, "Jon"), present(2, "Mia")), ("Jon and Mia are viewing", "Jon +1 viewing")),
        ((present(1, "Jon"), present(2, "Jon")), ("Jon is viewing", "Jon viewing")),
        (
            (present(1, "Jon"), present(2, "Mia"), present(3, "Ola")),
            ("Jon and 2 others are viewing", "Jon +2 viewing"),
        ),
        (
            (present(1, "Jon"), present(2, "Mia", writing=True)),
            ("Mia is writing a reply", "Mia writing"),
        ),
    ],
)
def test_who_has_the_incident_in_front(there: tuple[Present, ...], words: tuple[str, str]) -> None:
    assert presence_words.beside_status(there, UID) == words


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ((), ""),
        ((present(1, "Jon", b""),), "Jon is here"),
        ((present(1, "Jon"), present(2, "Mia")), "2 others are here"),
    ],
)
def test_who_is_here(there: tuple[Present, ...], words: str) -> None:
    assert presence_words.count(there) == words


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    desk = open_desk(Profile(tmp_path / "ana"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams", "disk full"])
    return desk


@pytest.fixture
def window(qtbot: QtBot, desk: Desk, theme: Theme) -> Iterator[MainWindow]:
    made = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    yield made
    if made.keeper is not None:
        made.keeper.stop()


def test_the_window_says_who_is_here_and_who_looks_at_the_same(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    first, second = browsing.ids_in(desk, "")
    window.bench.open_incident(first)
    assert window.status.here.isHidden()
    window.bench.meet((present(1, "Jon", first),))
    assert window.status.here.text() == "Jon is here"
    header = window.detail.header
    assert header.here.whole() == "Jon is viewing"
    assert header.here.isVisible()
    qtbot.waitUntil(lambda: header.here.text() == "Jon is viewing")
    window.bench.open_incident(second)
    assert header.here.isHidden()
    window.bench.meet((present(1, "Jon", second, writing=True),))
    assert header.here.whole() == "Jon is writing a reply"
    window.bench.meet(())
    assert header.here.isHidden()
    assert window.status.here.isHidden()


class Keeper:
    """Notes what it is to say."""

    def __init__(self) -> None:
        self.said: list[tuple[bytes, bool]] = []

    def say_doing(self, viewing: bytes, *, writing: bool = False) -> None:
        self.said.append((viewing, writing))


def test_what_is_in_front_is_said_and_a_reply_too(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    keeper = Keeper()
    sayer = PresenceSayer(window, keeper)  # type: ignore[arg-type]
    first = browsing.ids_in(desk, "")[0]
    window.bench.open_incident(first)
    composer = window.detail.composer
    sayer.look()
    composer.focus(reply=False)
    qtbot.keyClicks(composer.text, "looked at it")
    sayer.look()
    composer.focus(reply=True)
    sayer.look()
    window.setWindowState(Qt.WindowState.WindowMinimized)
    sayer.look()
    assert keeper.said == [(first, False), (first, False), (first, True), (b"", False)]


def test_two_real_windows_meet_through_a_folder(
    qtbot: QtBot, window: MainWindow, desk: Desk, tmp_path: Path, theme: Theme
) -> None:
    (tmp_path / "share").mkdir()
    jon = open_desk(Profile(tmp_path / "jon"), SystemClock(), person="Jon")
    sharing.create(desk, str(tmp_path / "share"))
    sharing.join(jon, str(tmp_path / "share"))
    other = MainWindow(InlineJobs(jon), ChangeBus(), theme)
    qtbot.addWidget(other)
    other.show()
    uid = browsing.ids_in(jon, "")[0]
    other.bench.open_incident(uid)
    window.bench.open_incident(uid)
    for one, profile, name in ((other, jon.profile, "Jon"), (window, desk.profile, "Ana Ruiz")):
        one.keep_in_step(lambda p=profile, n=name: open_desk(p, SystemClock(), person=n))
    try:
        qtbot.waitUntil(
            lambda: window.detail.header.here.whole() == "Jon is viewing", timeout=20_000
        )
        assert window.status.here.text() == "Jon is here"
        qtbot.waitUntil(
            lambda: other.detail.header.here.whole() == "Ana is viewing", timeout=20_000
        )
        window.status.here.click()
        dialog = window.findChild(SharingDialog)
        assert dialog is not None
        names = [part.text() for part in dialog.team._parts if hasattr(part, "text")]
        assert any(name.startswith("Jon on ") and name.endswith(", here now") for name in names)
    finally:
        other.keeper.stop()


def test_a_label_without_room_is_cut_and_told_whole(qtbot: QtBot) -> None:
    label = CutLabel()
    qtbot.addWidget(label)
    label.show_text("Jonathan Featherstonehaugh is writing a reply")
    label.resize(90, 20)
    assert label.text().endswith("…")
    assert label.accessibleName() == "Jonathan Featherstonehaugh is writing a reply"
    label.show_text(label.whole(), "Jon writing")
    assert label.text() == "Jon writing"
    label.resize(900, 20)
    assert label.text() == label.whole()
