"""The sidebar: views with counts, headings that cannot be chosen, saved views in their order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.domain.incident_record import IncidentDraft
from app.services import configuration, logging_incidents, moves
from app.services.desk import Desk, open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from app.ui.sidebar import SidebarPanel
from app.ui.views import SAVED, move_saved, read_sidebar, saved_views
from app.ui.views_list import COUNT_ROLE, VIEW_ROLE, ViewsModel

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.ui.theme import Theme


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


def save(desk: Desk, name: str, text: str, *, shared: bool = True, owner: str = "") -> None:
    data = {"filter": text, "shared": shared, "owner": owner}
    configuration.put_item(desk, "saved_view", name, data)


def test_every_view_is_counted(desk: Desk) -> None:
    first = logging_incidents.log(desk, IncidentDraft(title="printer down")).ids["incident"]
    logging_incidents.log(desk, IncidentDraft(title="disk full"))
    moves.assign(desk, first, desk.person)
    shown = read_sidebar(desk)
    counted = {view.key: n for view, n in zip(shown.views, shown.counts, strict=True)}
    assert counted == {
        "queue": 2,
        "assigned": 1,
        "unassigned": 1,
        "due": 0,
        "breached": 0,
        "open": 2,
        "pending": 0,
        "resolved": 0,
        "closed": 0,
    }


def test_the_desk_queue_is_that_of_my_team(desk: Desk) -> None:
    configuration.put_item(desk, "team", "Network", {})
    configuration.put_item(desk, "person", "Ana Ruiz", {"team": "Network"})
    shown = read_sidebar(desk)
    assert shown.place == "Network"
    assert shown.views[0].filter == "team:Network is:open"


def test_a_private_view_is_shown_to_its_owner_only(desk: Desk) -> None:
    save(desk, "Everybody's", "is:open")
    save(desk, "Mine", "is:open", shared=False, owner="ana ruiz")
    save(desk, "Jon's", "is:open", shared=False, owner="Jon Park")
    assert [view.title for view in saved_views(desk)] == ["Everybody's", "Mine"]


def test_saved_views_keep_the_order_given_to_them(desk: Desk) -> None:
    for name in ("A", "B", "C"):
        save(desk, name, "is:open")
    move_saved(desk, "C", -1)
    assert [view.title for view in saved_views(desk)] == ["A", "C", "B"]
    move_saved(desk, "C", -5)
    assert [view.title for view in saved_views(desk)] == ["C", "A", "B"]


def test_the_model_is_sound_and_headings_cannot_be_chosen(desk: Desk, theme: Theme) -> None:
    del theme
    model = ViewsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    save(desk, "VPN rollout", "vpn")
    shown = read_sidebar(desk)
    model.show_views(shown.views, shown.counts)
    headings = [row for row in range(model.rowCount()) if not model.index(row).data(VIEW_ROLE)]
    assert [model.index(row).data() for row in headings] == ["My work", "Team", "Saved views"]
    assert all(model.flags(model.index(row)) == Qt.ItemFlag.NoItemFlags for row in headings)
    saved = model.index(model.row_of("saved:VPN rollout"))
    assert saved.data(VIEW_ROLE).section == SAVED
    assert saved.data(COUNT_ROLE) == 0
    assert saved.data(Qt.ItemDataRole.AccessibleTextRole) == "VPN rollout, 0"


def test_arrows_choose_views_and_step_over_headings(qtbot: QtBot, desk: Desk, theme: Theme) -> None:
    del theme
    panel = SidebarPanel()
    qtbot.addWidget(panel)
    panel.show_sidebar(read_sidebar(desk))
    panel.show()
    qtbot.waitExposed(panel)
    panel.choose("breached")
    panel.list.setFocus()
    with qtbot.waitSignal(panel.view_chosen) as chosen:
        qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert chosen.args is not None
    assert chosen.args[0].key == "open"


def test_the_chosen_view_stays_chosen_when_counts_and_views_change(
    qtbot: QtBot, desk: Desk, theme: Theme
) -> None:
    del theme
    panel = SidebarPanel()
    qtbot.addWidget(panel)
    panel.show_sidebar(read_sidebar(desk))
    panel.choose("pending")
    save(desk, "A", "is:open")
    with qtbot.assertNotEmitted(panel.view_chosen):
        panel.show_sidebar(read_sidebar(desk))
    current = panel.current()
    assert current is not None
    assert current.key == "pending"


def test_alt_and_an_arrow_order_the_saved_views(qtbot: QtBot, desk: Desk, theme: Theme) -> None:
    del theme
    save(desk, "A", "is:open")
    panel = SidebarPanel()
    qtbot.addWidget(panel)
    panel.show_sidebar(read_sidebar(desk))
    panel.show()
    qtbot.waitExposed(panel)
    panel.choose("saved:A")
    panel.list.setFocus()
    with qtbot.waitSignal(panel.move_requested) as moved:
        qtbot.keyClick(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert moved.args == ["A", -1]


def test_a_narrow_sidebar_shows_icons_with_tooltips(qtbot: QtBot, desk: Desk, theme: Theme) -> None:
    del theme
    panel = SidebarPanel()
    qtbot.addWidget(panel)
    panel.show_sidebar(read_sidebar(desk))
    panel.set_narrow(True)
    assert panel.width() < 80
    assert panel.search.isHidden()
    index = panel.model.index(panel.model.row_of("open"))
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "All open, 0"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_painted_in_both_schemes_and_from_right_to_left(
    qtbot: QtBot, desk: Desk, theme: Theme, scheme: Literal["light", "dark"]
) -> None:
    theme.set_scheme(scheme)
    logging_incidents.log(desk, IncidentDraft(title="printer down"))
    panel = SidebarPanel()
    qtbot.addWidget(panel)
    panel.resize(224, 700)
    panel.show_sidebar(read_sidebar(desk))
    panel.choose("queue")
    left = panel.grab().toImage()
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    right = panel.grab().toImage()
    assert left.pixelColor(2, 400).name().upper() == theme.tokens.canvas
    assert left != right
