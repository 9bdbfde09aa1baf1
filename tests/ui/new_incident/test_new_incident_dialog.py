"""The dialog over a real profile: typed with real keys, logged, kept, brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from app.domain.incident import Channel, Status
from app.domain.incident_record import IncidentDraft
from app.services import browsing, configuration, drafts, logging_incidents
from app.services.desk import open_desk
from app.ui.change_bus import ChangeBus
from app.ui.jobs import JobRunner
from app.ui.new_incident.new_incident_dialog import NewIncidentDialog
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.new_incident.name_field import NameField
    from app.ui.theme import Theme

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def log(desk: Desk, title: str, **fields: object) -> str:
    return logging_incidents.log(desk, IncidentDraft(title=title, **fields)).number  # type: ignore[arg-type]


def focused() -> QWidget:
    found = QGuiApplication.focusObject()
    assert isinstance(found, QWidget)
    return found


def close_list(qtbot: QtBot, field: NameField) -> None:
    """Press Esc on the list of names, as the keyboard would: it is a popup and has the keys."""
    popup = field.popup
    if popup.isVisible():
        qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()


def add_person(desk: Desk, **data: str) -> None:
    configuration.put_item(desk, "person", data.pop("name"), data)


def test_only_what_is_wrong_is_needed(
    qtbot: QtBot, desk: Desk, bench: Workbench, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    dialog = open_dialog()
    opened: list[object] = []
    bench.open_requested.connect(lambda uid, _reveal: opened.append(uid))

    qtbot.keyClicks(dialog.form.title, "Printer prints blank pages")
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)

    made = browsing.incident(desk, "1")
    assert (made.title, made.priority, made.channel) == (
        "Printer prints blank pages",
        "P4",
        Channel.PHONE,
    )
    assert made.status is Status.NEW
    assert opened == [made.id]
    assert not dialog.isVisible()
    assert drafts.all(desk) == []


def test_without_a_summary_the_sentence_stands_under_the_field_and_nothing_is_lost(
    qtbot: QtBot, desk: Desk, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    dialog = open_dialog()
    dialog.form.location.setFocus()
    qtbot.keyClicks(dialog.form.location, "HQ")
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)

    box = dialog.form.boxes["title"]
    assert box.problem.isVisible()
    assert "Say what is wrong" in box.problem.text()
    assert focused() is dialog.form.title
    assert dialog.form.location.text() == "HQ"
    assert browsing.counts(desk, [""]) == [0]

    qtbot.keyClicks(dialog.form.title, "No light")
    assert not box.problem.isVisible()


def test_a_refused_name_is_said_under_its_own_field(
    qtbot: QtBot, desk: Desk, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    dialog = open_dialog()
    qtbot.keyClicks(dialog.form.title, "No light")
    dialog.form.category.setFocus()
    qtbot.keyClicks(dialog.form.category, "x" * 5000)
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)

    said = [box.problem.text() for box in dialog.form.boxes.values() if box.problem.text()]
    said += [dialog.problem.text()] if dialog.problem.isVisible() else []
    assert len(said) == 1
    assert dialog.isVisible()
    assert dialog.form.title.text() == "No light"
    assert browsing.counts(desk, [""]) == [0]


def test_arrow_keys_move_in_the_matrix_and_the_footer_follows(
    qtbot: QtBot, desk: Desk, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    dialog = open_dialog()
    qtbot.keyClicks(dialog.form.title, "Tills are down")
    dialog.form.matrix.button(3, 3).setFocus()
    before = dialog.footer.due.text()
    assert dialog.footer.chip.text() == "P4"

    qtbot.keyClick(focused(), Qt.Key.Key_Right)
    qtbot.keyClick(focused(), Qt.Key.Key_Right)
    assert (dialog.form.matrix.cell(), dialog.footer.chip.text()) == ((3, 1), "P3")
    qtbot.keyClick(focused(), Qt.Key.Key_Down)
    qtbot.keyClick(focused(), Qt.Key.Key_Down)
    qtbot.keyClick(focused(), Qt.Key.Key_Down)

    assert focused() is dialog.form.matrix.button(1, 1)
    assert dialog.footer.chip.text() == "P1"
    target = desk.rules.target("P1", "resolution")
    assert target.text.partition(" = ")[0] in dialog.footer.due.text()
    assert dialog.footer.due.text() not in ("", before)
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    made = browsing.incident(desk, "1")
    assert (made.impact, made.urgency, made.priority) == (1, 1, "P1")
    assert made.resolution_clock is not None
    assert made.resolution_clock.target_s == target.seconds


def test_the_requester_is_completed_and_shown_with_phone_place_and_last_incidents(
    qtbot: QtBot, desk: Desk, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    add_person(desk, name="Nina Berg", phone="+47 555 0142", location="HQ 2.14")
    for title in ("One", "Two", "Three", "Four"):
        log(desk, title, requester="Nina Berg")
    dialog = open_dialog()
    dialog.form.requester.setFocus()
    qtbot.keyClicks(dialog.form.requester, "nin")
    popup = dialog.form.requester.popup
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Return)

    assert dialog.form.requester.text() == "Nina Berg"
    assert dialog.form.boxes["requester"].aside.text() == "+47 555 0142 \u00b7 HQ 2.14"
    assert dialog.form.location.text() == "HQ 2.14"
    lines = [line.text() for line in dialog.card.lines if line.isVisible()]
    assert [line.splitlines()[0].split(" ", 1)[1] for line in lines] == ["Four", "Three", "Two"]


def test_a_phone_number_names_the_requester(
    qtbot: QtBot, desk: Desk, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    add_person(desk, name="Nina Berg", phone="5550142", location="HQ 2.14")
    dialog = open_dialog()
    dialog.form.requester.setFocus()
    qtbot.keyClicks(dialog.form.requester, "5550142")
    assert dialog.card.name.text() == "Nina Berg"
    close_list(qtbot, dialog.form.requester)
    qtbot.keyClick(dialog.form.requester, Qt.Key.Key_Tab)
    assert dialog.form.requester.text() == "Nina Berg"


def test_similar_incidents_come_while_typing_and_alt_links_one(
    qtbot: QtBot, desk: Desk, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    log(desk, "Coffee machine is cold")
    log(desk, "Label printer prints blank labels")
    dialog = open_dialog()
    qtbot.keyClicks(dialog.form.title, "printer prints blank pages")
    qtbot.waitUntil(lambda: dialog.similar.numbers() == ("INC-000002",))
    card = dialog.similar.cards[0]
    assert card.isVisible()
    assert card.reason.text().endswith("; 3 of 4 words: printer, prints, blank")

    qtbot.keyClick(focused(), Qt.Key.Key_1, ALT)
    assert dialog.similar.linked() == ("INC-000002",)
    assert card.button.text() == "Linked"
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert browsing.incident(desk, "3").related == ("INC-000002",)


def test_a_category_is_suggested_until_one_is_typed(
    qtbot: QtBot, desk: Desk, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    path, word = next(
        (each.path, each.keywords[0])
        for each in desk.rules.categories.values()
        if each.keywords and each.keywords[0].isascii()
    )
    dialog = open_dialog()
    qtbot.keyClicks(dialog.form.title, f"the {word} again")
    qtbot.waitUntil(lambda: dialog.form.category.value() == path)
    assert dialog.form.boxes["category"].aside.text() == "suggested"

    dialog.form.category.setFocus()
    dialog.form.category.selectAll()
    qtbot.keyClicks(dialog.form.category, "odd")
    close_list(qtbot, dialog.form.category)
    assert dialog.form.boxes["category"].aside.text() == ""
    dialog.form.title.setFocus()
    qtbot.keyClicks(dialog.form.title, " and again")
    qtbot.wait(350)
    assert dialog.form.category.value() == "odd"


def test_a_pause_keeps_a_draft_and_escape_says_so_and_all_fields_come_back(
    qtbot: QtBot,
    desk: Desk,
    bench: Workbench,
    tmp_path: Path,
    open_dialog: Callable[..., NewIncidentDialog],
) -> None:
    log(desk, "Docking station flickers")
    dialog = open_dialog()
    said: list[str] = []
    bench.said.connect(lambda message: said.append(message.text))
    form = dialog.form
    qtbot.keyClicks(form.title, "Docking station")
    qtbot.waitUntil(lambda: [d.data["title"] for d in drafts.all(desk)] == ["Docking station"])
    qtbot.waitUntil(lambda: bool(dialog.similar.numbers()))
    qtbot.keyClick(focused(), Qt.Key.Key_1, ALT)
    for field, text in ((form.requester, "Tom"), (form.location, "HQ"), (form.assignee, "Jon")):
        field.setFocus()
        qtbot.keyClicks(field, text)
        close_list(qtbot, field)
        qtbot.keyClick(field, Qt.Key.Key_Tab)
    form.category.setText("hardware/dock")
    form.details.setFocus()
    qtbot.keyClicks(form.details, "Since Monday")
    qtbot.mouseClick(form.channel.findChildren(QWidget)[1], Qt.MouseButton.LeftButton)
    form.matrix.button(3, 3).setFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_Right)
    file = tmp_path / "dock.log"
    file.write_text("flicker")
    form.files.take([file])
    file.unlink()
    kept = dialog._to_data()
    qtbot.keyClick(focused(), Qt.Key.Key_Escape)

    assert not dialog.isVisible()
    assert said == ["Draft kept"]
    (draft,) = drafts.all(desk)
    assert (draft.key, draft.kind) == (dialog.draft_key, "new_incident")

    again = open_dialog(draft.key)
    assert {**again._to_data(), "call_s": 0} == {**kept, "call_s": 0}
    assert kept["channel"] == "email"
    assert (kept["impact"], kept["urgency"]) == (3, 2)
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    made = browsing.incident(desk, "2")
    assert (str(made.requester), str(made.assignee), str(made.category)) == (
        "Tom",
        "Jon",
        "hardware/dock",
    )
    assert [each.name for each in made.attachments] == ["dock.log"]
    assert made.related == ("INC-000001",)
    assert made.channel is Channel.EMAIL
    assert drafts.all(desk) == []


def test_an_empty_dialog_leaves_no_draft(
    qtbot: QtBot, desk: Desk, bench: Workbench, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    dialog = open_dialog()
    said: list[object] = []
    bench.said.connect(said.append)
    qtbot.keyClicks(dialog.form.title, "x")
    qtbot.waitUntil(lambda: len(drafts.all(desk)) == 1)
    qtbot.keyClick(dialog.form.title, Qt.Key.Key_Backspace)
    qtbot.keyClick(dialog.form.title, Qt.Key.Key_Escape)
    assert drafts.all(desk) == []
    assert said == []


def test_create_and_next_begins_another_one(
    qtbot: QtBot, desk: Desk, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    dialog = open_dialog(text="First call")
    key = dialog.draft_key
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL | SHIFT)

    assert dialog.isVisible()
    assert dialog.form.title.text() == ""
    assert focused() is dialog.form.title
    assert "INC-000001" in dialog.footer.note.text()
    assert dialog.draft_key != key
    qtbot.keyClicks(dialog.form.title, "Second call")
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert [browsing.incident(desk, n).title for n in ("1", "2")] == ["First call", "Second call"]


def test_a_pasted_picture_and_a_pasted_file_are_attached(
    qtbot: QtBot, desk: Desk, tmp_path: Path, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    dialog = open_dialog(text="Look at this")
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(QColor(Qt.GlobalColor.red))
    clipboard = QGuiApplication.clipboard()
    clipboard.setImage(picture)
    qtbot.keyClick(dialog.form.title, Qt.Key.Key_V, CTRL)
    path = tmp_path / "panel.txt"
    path.write_text("blank")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    clipboard.setMimeData(mime)
    qtbot.keyClick(dialog.form.title, Qt.Key.Key_V, CTRL)
    clipboard.setText(" please")
    qtbot.keyClick(dialog.form.title, Qt.Key.Key_End)
    qtbot.keyClick(dialog.form.title, Qt.Key.Key_V, CTRL)
    clipboard.clear()

    assert dialog.form.title.text() == "Look at this please"
    qtbot.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    files = {each.name: each.size for each in browsing.incident(desk, "1").attachments}
    assert files.pop("panel.txt") == 5
    (name,) = files
    assert name.startswith("Screenshot")


def test_a_file_that_cannot_be_read_is_said_under_the_files(
    tmp_path: Path, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    dialog = open_dialog(text="Look")
    dialog.form.files.take([tmp_path / "gone.txt"])
    assert "gone.txt" in dialog.form.boxes["file"].problem.text()
    assert dialog.form.files.files() == ()


def test_the_call_is_timed_only_on_the_phone(
    qtbot: QtBot, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    dialog = open_dialog()
    assert dialog.header.call.text() == "On call 0:00"
    qtbot.waitUntil(lambda: dialog.header.call.text() == "On call 0:01", timeout=3000)
    dialog.form.channel.set_channel(Channel.EMAIL)
    assert not dialog.header.call.isVisible()


def test_it_fits_the_smallest_window_and_every_focusable_widget_has_a_name(
    qtbot: QtBot, open_dialog: Callable[..., NewIncidentDialog]
) -> None:
    dialog = open_dialog(text="A long sentence " * 8)
    dialog.resize(800, 520)
    qtbot.wait(10)
    assert (dialog.width(), dialog.height()) == (800, 520)
    hint = dialog.minimumSizeHint()
    assert (hint.width() <= 800, hint.height() <= 520) == (True, True)
    for button in (dialog.footer.create_, dialog.footer.next):
        right = button.mapTo(dialog, QPoint(button.width(), 0)).x()
        assert right <= 800
    inner = dialog.form
    assert inner.minimumSizeHint().width() <= 800 - dialog.similar.parentWidget().width()
    nameless = [
        type(each).__name__
        for each in dialog.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.isVisible()
        and not (each.accessibleName() or getattr(each, "text", str)())
    ]
    assert nameless == []


def test_escape_right_after_creating_leaves_one_incident_and_no_draft(
    qtbot: QtBot, desk: Desk, theme: Theme
) -> None:
    runner = JobRunner(lambda: open_desk(desk.profile, desk.clock, person="Ana Ruiz"))
    bench = Workbench(runner, ChangeBus(), theme)
    done: list[object] = []
    bench.bus.incidents_changed.connect(done.append)
    dialog = NewIncidentDialog(bench)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.form.title.hasFocus)
    qtbot.keyClicks(dialog.form.title, "No light")
    qtbot.keyClick(dialog.form.title, Qt.Key.Key_Return, CTRL)
    qtbot.keyClick(dialog.form.title, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: len(done) == 1)
    assert runner.shutdown()
    assert browsing.incident(desk, "1").title == "No light"
    assert drafts.all(desk) == []
