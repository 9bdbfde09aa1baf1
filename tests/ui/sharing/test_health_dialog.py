"""Health notes are one click away from the status line; each says what, when and what to do."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.standing import Standing
from app.services import quick_logging, sharing
from app.services.desk import Desk, open_desk
from app.storage import exchange_rows
from app.system.clock import PinnedClock, SystemClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.sharing.health_dialog import HealthDialog
from app.ui.sharing.health_words import advice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
SENTENCES = {
    "damaged": "st/ab/seg/1-9-ff.sqlite in the shared folder cannot be used (it is cut short). It "
    "is skipped; the work of Jon (A4) is complete again as soon as a station that has it is here.",
    "restored": "The shared folder was restored; published 12 again",
    "epoch": "/mnt/desk was begun again; everything is published again.",
    "copied": "This profile was restored or copied. It goes on as a new station, and 3 entries "
    "that had not been sent are kept under it.",
    "clock": "The clock of station Jon (A4) is 12 min off",
    "number": "INC-000007 was handed out twice, by a copied profile. Both incidents are kept: one "
    "of them is INC-000007-A4 from now on, and INC-000007 finds both.",
    "repaired": "Repaired, 12 recovered, 0 lost",
    "snapshot": "A replica on the hub was not used: it is damaged.",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(Profile(tmp_path / "ana"), PinnedClock(NOW), person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams"])
    sharing.create(desk, str(tmp_path / "share"))
    return desk


@pytest.fixture
def window(qtbot: QtBot, desk: Desk, theme: Theme) -> Iterator[MainWindow]:
    made = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    if made.keeper is not None:
        made.keeper.stop()


def opened(window: MainWindow) -> HealthDialog:
    """Open the list from the status line, by its button."""
    window.status.show_sharing(sharing.standing(window.bench.jobs._context))
    assert not window.status.notes.isHidden()
    window.status.notes.click()
    dialog = window.findChild(HealthDialog)
    assert dialog is not None
    return dialog


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_a_note_says_what_when_and_what_to_do(window: MainWindow, desk: Desk, kind: str) -> None:
    at_ms = int(NOW.timestamp() * 1000)
    note = exchange_rows.Note(kind, bytes(16), SENTENCES[kind], at_ms)
    exchange_rows.say(desk.connection, note)
    dialog = opened(window)
    assert window.status.notes.text() == "1 note"
    assert dialog.shown() == [SENTENCES[kind]]
    texts = [label.text() for label in dialog._parts[0].findChildren(QLabel)]
    assert SENTENCES[kind] in texts
    assert advice(kind) in texts
    assert any("9" in text and ":" in text and len(text) < 30 for text in texts), texts


def test_a_dismissed_note_is_gone(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    for kind in ("clock", "damaged"):
        note = exchange_rows.Note(kind, bytes(16), SENTENCES[kind], 1_000)
        exchange_rows.say(desk.connection, note)
    dialog = opened(window)
    (button,) = (b for part in dialog._parts for b in part.findChildren(QPushButton))
    assert button.accessibleName() == f"Dismiss: {SENTENCES['clock']}"
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert dialog.shown() == [SENTENCES["damaged"]]


def test_nothing_to_know_is_said_and_offered_by_no_button(window: MainWindow, desk: Desk) -> None:
    window.status.show_sharing(sharing.standing(desk))
    assert window.status.notes.isHidden()
    window.actions_.run("tools.health")
    dialog = window.findChild(HealthDialog)
    assert dialog is not None
    assert dialog.shown() == []
    assert not dialog.nothing.isHidden()


def test_a_share_that_is_away_is_offered_and_tested_by_one_click(
    window: MainWindow, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "share").rename(tmp_path / "unplugged")
    for title in ("one", "two"):
        quick_logging.log_lines(desk, [title])
    sharing.sync(desk)
    dialog = opened(window)
    assert window.status.notes.text() == "What to do"
    assert dialog.shown() == ["Offline, 2 changes waiting"]
    qtbot.keyClick(dialog.test, Qt.Key.Key_Space)
    found = [dialog.checks.item(n).text() for n in range(dialog.checks.count())]
    assert found[0].startswith("Folder: failed. ")
    assert found[0].endswith("is not there or cannot be reached.")
    (tmp_path / "unplugged").rename(tmp_path / "share")
    qtbot.keyClick(dialog.test, Qt.Key.Key_Space)
    found = [dialog.checks.item(n).text() for n in range(dialog.checks.count())]
    assert "Exclusive create: passed. A file is made once only." in found


def test_a_wiped_share_asks_and_one_click_publishes_everything(
    window: MainWindow, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    share = tmp_path / "share"
    shutil.rmtree(share)
    share.mkdir()
    profile = desk.profile
    window.keep_in_step(lambda: open_desk(profile, SystemClock(), person="Ana Ruiz"))
    assert window.keeper is not None
    qtbot.waitUntil(lambda: window.keeper.error is not None, timeout=20_000)
    assert not window.status.notes.isHidden()
    window.status.notes.click()
    dialog = window.findChild(HealthDialog)
    assert dialog is not None
    assert dialog.shown() == [
        f"{share} is empty: it was wiped, or it is not connected. Your work is kept here. If it "
        "was wiped, share rebuild publishes everything again."
    ]
    assert not (share / "st").exists(), "it was asked first"
    qtbot.keyClick(dialog.publish, Qt.Key.Key_Space)
    assert dialog.shown() == []
    assert list((share / "st").glob("*/seg/*.sqlite"))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Standing(True, "in_sync", 0, 0, "", 2), "2 notes"),
        (Standing(True, "hub_full", 0, 0, "full"), "What to do"),
        (Standing(False, "not_shared", 0, 0, ""), None),
        (Standing(True, "not_synced", 0, 0, ""), None),
    ],
)
def test_the_status_line_offers_the_notes(
    window: MainWindow, told: Standing, words: str | None
) -> None:
    window.status.show_sharing(told)
    assert window.status.notes.isHidden() == (words is None)
    assert words is None or window.status.notes.text() == words
