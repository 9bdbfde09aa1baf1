"""A format is taught by keys: a payload as a tree, values pointed at, what it would do, saved."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QMenu

from app.services import alert_intake, alert_teaching, drafts
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.alerts.alert_quarantine_dialog import AlertQuarantineDialog
from app.ui.alerts.payload_model import NAME, STEPS_ROLE, TAKEN_AS, VALUE, PayloadModel
from app.ui.alerts.teach_dialog import TeachDialog
from app.ui.change_bus import ChangeBus
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from tests.ui.accessible_walk import chain, faults

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme

BODY = json.dumps(
    {"tool": "vault", "job": {"name": "Backup failed", "result": "broken", "key": 7}, "n": [1, 2]}
).encode()
Key = Qt.Key
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desk: Desk) -> MainWindow:
    window = MainWindow(InlineJobs(desk), ChangeBus(), theme)
    qtbot.addWidget(window)
    window.show()
    return window


def opened(qtbot: QtBot, window: MainWindow) -> TeachDialog:
    window.actions_["tools.teach_alerts"].action.trigger()
    dialog = window.findChildren(TeachDialog)[-1]
    assert isinstance(dialog, TeachDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow, desk: Desk) -> TeachDialog:
    alert_intake.take_payload(desk, BODY, origin="10.0.0.7")
    return opened(qtbot, window)


def choose(dialog: TeachDialog, *steps: str) -> None:
    dialog.tree.setCurrentIndex(dialog.tree.payload.index_of(steps))
    dialog.tree.setFocus()


def first_text(model: PayloadModel, parent: QModelIndex | None = None) -> QModelIndex:
    """Return the first row that has a value and none below it."""
    above = parent or QModelIndex()
    for row in range(model.rowCount(above)):
        index = model.index(row, NAME, above)
        found = first_text(model, index) if model.rowCount(index) else index
        if found.isValid() and found.siblingAtColumn(VALUE).data() not in ("", "0 values", "null"):
            return found
    return QModelIndex()


def test_the_payload_stands_as_a_tree(dialog: TeachDialog) -> None:
    model = dialog.tree.payload
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    index = model.index_of(("job", "key"))
    assert index.data(STEPS_ROLE) == ("job", "key")
    assert index.siblingAtColumn(VALUE).data() == "7"
    assert model.index_of(("job",)).siblingAtColumn(VALUE).data() == "3 values"
    assert model.index_of(("n", "1")).siblingAtColumn(VALUE).data() == "2"
    assert not model.index_of(("job", "nothing")).isValid()
    assert dialog.tree.isExpanded(model.index_of(("job",)))


def test_a_format_is_taught_by_keys_and_takes_what_was_held(
    qtbot: QtBot, dialog: TeachDialog, desk: Desk
) -> None:
    choose(dialog, "job", "name")
    qtbot.keyClick(dialog.tree, Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    qtbot.keyClick(menu, Key.Key_Return)
    for key, steps in ((Key.Key_2, ("job", "result")), (Key.Key_3, ("job", "key"))):
        choose(dialog, *steps)
        qtbot.keyClick(dialog.tree, key, ALT)
    assert dialog.fields.places() == {
        "title": "/job/name", "state": "/job/result", "id": "/job/key",
    }  # fmt: skip
    spoken = dialog.tree.payload.index_of(("job", "name"))
    assert spoken.siblingAtColumn(TAKEN_AS).data() == "Title"
    assert spoken.data(Qt.ItemDataRole.AccessibleTextRole) == "name, Backup failed, Title"
    qtbot.waitUntil(lambda: "resolves its incident" in dialog.preview.toPlainText())
    assert dialog.preview.toPlainText().startswith('Opens the incident "Backup failed"')
    dialog.name.setFocus()
    qtbot.keyClicks(dialog.name, "Vault")
    with qtbot.waitSignal(dialog.saved):
        qtbot.keyClick(dialog.name, Key.Key_Return)
    assert alert_teaching.formats(desk)["Vault"] == dialog.fields.taught("Vault")
    assert drafts.find(desk, "alert_format") is None
    assert alert_intake.take_payload(desk, BODY)[0].action == "opened"


def test_delete_takes_a_place_back_and_a_name_is_asked_for(
    qtbot: QtBot, dialog: TeachDialog, desk: Desk
) -> None:
    choose(dialog, "job", "name")
    qtbot.keyClick(dialog.tree, Key.Key_1, ALT)
    qtbot.keyClick(dialog.tree, Key.Key_Return, CTRL)
    assert "name" in dialog.problem.text()
    assert dialog.focusWidget() is dialog.name
    dialog.fields.view.selectRow(0)
    dialog.fields.view.setFocus()
    qtbot.keyClick(dialog.fields.view, Key.Key_Delete)
    assert dialog.fields.places() == {}
    qtbot.keyClicks(dialog.name, "Vault")
    qtbot.keyClick(dialog.name, Key.Key_Return)
    assert "has no title" in dialog.problem.text()
    assert alert_teaching.formats(desk) == {}


def test_what_was_pointed_at_comes_back_after_esc(
    qtbot: QtBot, window: MainWindow, dialog: TeachDialog
) -> None:
    choose(dialog, "job", "name")
    qtbot.keyClick(dialog.tree, Key.Key_1, ALT)
    qtbot.keyClicks(dialog.name, "Va")
    qtbot.keyClick(dialog, Key.Key_Escape)
    again = opened(qtbot, window)
    assert again is not dialog
    assert again.name.text() == "Va"
    assert again.fields.places() == {"title": "/job/name"}


def test_a_kept_format_is_chosen_changed_and_removed(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    alert_intake.take_payload(desk, BODY, origin="10.0.0.7")
    alert_teaching.save(
        desk, alert_teaching.TaughtFormat("Vault", {"title": "/job/name"}, ("fine",))
    )
    dialog = opened(qtbot, window)
    assert not dialog.gone.isEnabled()
    dialog.known.setFocus()
    qtbot.keyClick(dialog.known, Key.Key_Down)
    assert (dialog.name.text(), dialog.fields.well.text()) == ("Vault", "fine")
    qtbot.keyClick(dialog.gone, Key.Key_Space)
    assert alert_teaching.formats(desk) == {}
    assert dialog.known.count() == 1


def test_entries_of_a_list_are_one_alert_each_or_not(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    body = json.dumps({"x": 1, "all": [{"what": "A"}, {"what": "B"}]}).encode()
    alert_intake.take_payload(desk, body)
    dialog = opened(qtbot, window)
    choose(dialog, "all", "1", "what")
    qtbot.keyClick(dialog.tree, Key.Key_1, ALT)
    assert dialog.fields.places() == {"title": "/all/*/what"}
    for entry in ("0", "1"):
        marked = dialog.tree.payload.index_of(("all", entry, "what")).siblingAtColumn(TAKEN_AS)
        assert marked.data() == "Title"
    assert dialog.fields.each.isVisible()
    qtbot.keyClick(dialog.fields.each, Key.Key_Space)
    assert dialog.fields.places() == {"title": "/all/1/what"}


def test_a_known_tool_is_named_and_gives_way_only_when_that_is_ticked(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    body = b'{"title": "[Alerting] CPU", "ruleId": 1, "ruleName": "CPU", "state": "alerting"}'
    alert_intake.take_payload(desk, body)
    dialog = opened(qtbot, window)
    assert dialog.fields.before.isVisible()
    assert "Grafana" in dialog.fields.before.text()
    assert dialog.fields.taught("x").before == "grafana_legacy"
    qtbot.keyClick(dialog.fields.before, Key.Key_Space)
    assert dialog.fields.taught("x").before == ""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"t": NaN}', "NaN"),
        (b'{"t": 1, "t": 2}', "twice"),
        (b"[" * 900 + b"]" * 900, "levels deep"),
        (b"Subject: hello", "no JSON"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_hostile_payload_is_told_and_shows_nothing(
    qtbot: QtBot, window: MainWindow, desk: Desk, body: bytes, said: str
) -> None:
    alert_intake.quarantine(desk, body, "10.0.0.9", "odd")
    dialog = opened(qtbot, window)
    assert said in dialog.problem.text()
    assert dialog.tree.payload.rowCount() == 0
    assert dialog.preview.toPlainText() == ""


def test_a_deep_or_a_long_payload_opens_and_counts_what_it_leaves_out(theme: Theme) -> None:
    deep: Any = "end"
    for _ in range(38):
        deep = {"a": deep}
    model = PayloadModel()
    model.show_document({"deep": deep, "long": list(range(200_000)), "\ud800": "\ud800" * 999})
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.index_of(("deep", *("a" * 38))).siblingAtColumn(VALUE).data() == "end"
    long = model.index_of(("long",))
    assert model.rowCount(long) == 501
    last = model.index(500, NAME, long)
    assert (last.data(), last.data(STEPS_ROLE)) == ("199500 more", None)


def test_a_file_is_taken_as_the_example(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    dialog = opened(qtbot, window)
    assert dialog.problem.text().startswith("Nothing was received yet.")
    path = tmp_path / "example.json"
    dialog.source.open_file(path)
    assert dialog.problem.text() == "example.json cannot be read: No such file or directory."
    path.write_bytes(BODY)
    dialog.source.open_file(path)
    assert dialog.problem.text() == ""
    assert dialog.tree.payload.rowCount() == 3


def test_every_published_payload_can_be_pointed_at(
    qtbot: QtBot, window: MainWindow, real_data: Path
) -> None:
    dialog = opened(qtbot, window)
    files = sorted((real_data / "alert_payloads").glob("*.json"))
    assert len(files) > 15
    for file in files:
        dialog.source.open_file(file)
        assert dialog.tree.payload.rowCount() > 0, file.name
        index = first_text(dialog.tree.payload)
        dialog.fields.point("title", tuple(index.data(STEPS_ROLE)))
        shown = dialog.fields.table.index(0, 2).data()
        assert shown, file.name
        assert index.siblingAtColumn(TAKEN_AS).data() == "Title", file.name


def test_held_alerts_lead_here_and_offer_the_format_then(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    alert_intake.quarantine(desk, b'{"other": 1}', "a", "odd")
    alert_intake.quarantine(desk, BODY, "b", "odd")
    window.actions_["tools.held_alerts"].action.trigger()
    held = window.findChild(AlertQuarantineDialog)
    assert isinstance(held, AlertQuarantineDialog)
    held.view.selectRow(1)
    qtbot.keyClick(held.teach, Key.Key_Space)
    (dialog,) = held.findChildren(TeachDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    assert dialog.tree.payload.index(0, NAME).data() == "other"
    choose(dialog, "other")
    qtbot.keyClick(dialog.tree, Key.Key_1, ALT)
    qtbot.keyClicks(dialog.name, "Other tool")
    qtbot.keyClick(dialog.name, Key.Key_Return)
    assert held.format.itemText(1) == "other_tool"


def test_every_stop_has_a_name(dialog: TeachDialog) -> None:
    assert faults(dialog) == []
    assert chain(dialog)
