"""The certificate of a person is chosen or made in the settings, and verify shows the signature."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

pytest.importorskip("pyhanko")

from app.services import configuration, quick_logging, reporting
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.verifying.sign_page import SignSettings
from app.ui.verifying.verify_dialog import VerifyDialog
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    passwords: dict[str, str] = {}
    monkeypatch.setattr("app.system.secrets.set_secret", passwords.__setitem__)
    monkeypatch.setattr("app.system.secrets.get_secret", passwords.get)
    clock = PinnedClock(datetime.now(UTC))
    desk = open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")
    quick_logging.log_lines(desk, ["printer jams @Nina"])
    return desk


def test_a_certificate_is_made_and_what_it_signs_is_shown(
    qtbot: QtBot, theme: Theme, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Workbench(InlineJobs(desk), ChangeBus(), theme)
    page = SignSettings(bench)
    qtbot.addWidget(page)
    page.show()
    answer = staticmethod(lambda *_given: (str(tmp_path / "ana.p12"), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    qtbot.keyClick(page.make, Qt.Key.Key_Space)
    assert "Give a password" in page.words.text()
    qtbot.keyClicks(page.password, "open sesame")
    qtbot.keyClick(page.make, Qt.Key.Key_Space)
    assert "signed by Ana Ruiz from now on" in page.words.text()
    assert page.password.text() == ""
    assert configuration.get_setting(desk, "sign.reports") is True

    reporting.write_report(desk, "1", tmp_path / "signed.pdf")
    dialog = VerifyDialog(bench)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    dialog.verify(tmp_path / "signed.pdf")
    assert dialog.verdict.text() == "Genuine"
    assert "Signature: valid, by Ana Ruiz" in dialog.facts.text()

    qtbot.keyClicks(page.password, "wrong")
    qtbot.keyClick(page.choose, Qt.Key.Key_Space)
    assert "password is wrong" in page.words.text()
