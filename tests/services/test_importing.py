"""Importing: each incident once, all under one undo, whatever happens in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.incident import Channel, EntryKind, Status
from app.services import auditing, browsing, importing, incidents, undoing
from app.services.desk import Desk, open_desk
from app.storage import audit
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
HEADER = "number,title,status,priority,requester,team,category,registered_at,resolved_at,tags\n"


@pytest.fixture
def clock() -> PinnedClock:
    return PinnedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: PinnedClock) -> Desk:
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz", zone="UTC")


def rows(count: int, first: int = 1) -> str:
    return "".join(
        f"T-{n},Printer {n} is down,resolved,P{n % 4 + 1},Caller {n % 7},Team {n % 3},"
        f"hardware/printer,2026-01-{n % 27 + 1:02} 08:00,2026-01-{n % 27 + 1:02} 10:00,red;blue\n"
        for n in range(first, first + count)
    )


def table(tmp_path: Path, text: str, name: str = "tickets.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def sound(desk: Desk) -> bool:
    """Check chains, invariants and that a rebuild gives the same state."""
    before = audit.snapshot(desk.connection)
    checked = auditing.check(desk)
    auditing.rebuild(desk)
    assert audit.snapshot(desk.connection) == before
    return bool(auditing.verify(desk)["ok"] and checked["ok"])


def test_every_row_becomes_an_incident_with_a_number_of_its_own(desk: Desk, tmp_path: Path) -> None:
    result = importing.import_file(desk, table(tmp_path, HEADER + rows(3)))

    assert (result.read, result.created, result.updated, result.unchanged) == (3, 3, 0, 0)
    assert result.mapping == "generic"
    found = browsing.incident(desk, "T-2")
    assert found.number == "INC-000002"
    assert (found.title, found.status, found.priority) == (
        "Printer 2 is down",
        Status.RESOLVED,
        "P3",
    )
    assert str(found.requester) == "Caller 2"
    assert found.tags == ("blue", "red")
    assert found.channel is Channel.IMPORT
    assert found.external_id == "T-2"
    assert found.resolved_at == datetime(2026, 1, 3, 10, tzinfo=UTC)
    assert sound(desk)


def test_a_second_run_adds_nothing_and_says_so(desk: Desk, tmp_path: Path) -> None:
    path = table(tmp_path, HEADER + rows(5))
    importing.import_file(desk, path)
    entries = auditing.verify(desk)["entries"]

    again = importing.import_file(desk, path)

    assert (again.created, again.updated, again.unchanged) == (0, 0, 5)
    assert "5 unchanged" in again.sentence()
    assert auditing.verify(desk)["entries"] == entries


def test_a_dry_run_tells_the_same_and_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = table(tmp_path, HEADER + rows(4) + "T-9,,,,,,,,,\n")
    before = auditing.verify(desk)["entries"]

    dry = importing.import_file(desk, path, dry_run=True)

    assert (dry.created, dry.rejected_count) == (4, 1)
    assert auditing.verify(desk)["entries"] == before
    wet = importing.import_file(desk, path)
    assert (wet.created, wet.rejected) == (dry.created, dry.rejected)
    assert importing.import_file(desk, path, dry_run=True).unchanged == 4


def test_one_bad_row_of_fifty_is_named_by_its_line_and_the_others_go_in(
    desk: Desk, tmp_path: Path
) -> None:
    text = HEADER + rows(20) + "T-99,Odd,resolved,P2,Nina,Desk,x,not a date,,\n" + rows(29, 21)

    result = importing.import_file(desk, table(tmp_path, text))

    assert (result.read, result.created) == (50, 49)
    assert [(one.line, "not a date" in one.reason) for one in result.rejected] == [(22, True)]


def test_names_are_made_once_and_found_again(desk: Desk, tmp_path: Path) -> None:
    importing.import_file(desk, table(tmp_path, HEADER + rows(40)))
    importing.import_file(desk, table(tmp_path, HEADER + rows(40, 100), "more.csv"))

    people: Any = desk.connection.execute(
        "SELECT count(*), count(DISTINCT folded) FROM catalogue_item WHERE kind = 'person'"
    ).fetchall()
    assert people == [(8, 8)]  # seven callers and the person who imported


def test_one_undo_takes_a_whole_import_back_and_importing_again_restores_the_numbers(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    path = table(tmp_path, HEADER + rows(25))
    importing.import_file(desk, path)
    number = browsing.incident(desk, "T-25").number

    undoing.undo(desk)
    assert browsing.counts(desk, ["is:any"]) == [0]
    with pytest.raises(NotFoundError):
        browsing.incident(desk, "T-25")
    assert sound(desk)

    again = importing.import_file(desk, path)
    assert (again.created, again.unchanged) == (25, 0)
    assert browsing.incident(desk, "T-25").number == number
    assert browsing.counts(desk, ["is:any", "requester:caller"]) == [25, 25]
    assert sound(desk)


def test_a_cut_off_in_the_middle_is_made_good_by_the_next_run(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    path = table(tmp_path, HEADER + rows(35))
    write = importing.BatchWriter.write
    batches = []

    def dying(self: Any, batch: Any) -> Any:
        if len(batches) == 2:
            raise RuntimeError("the power went")
        batches.append(batch)
        return write(self, batch)

    with monkeypatch.context() as patch:
        patch.setattr(importing.BatchWriter, "write", dying)
        with pytest.raises(RuntimeError):
            importing.import_file(desk, path)
    assert browsing.counts(desk, ["is:any"]) == [20]

    again = importing.import_file(desk, path)
    assert (again.created, again.unchanged) == (15, 20)
    assert sound(desk)


def test_stopping_keeps_what_is_in_and_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    path = table(tmp_path, HEADER + rows(35))

    def enough() -> bool:
        return browsing.counts(desk, ["is:any"]) == [10]

    result = importing.import_file(desk, path, cancelled=enough)

    assert result.cancelled
    assert result.created == 10
    assert result.sentence().startswith("The import was stopped; what was in stays in.")
    assert browsing.counts(desk, ["is:any"]) == [10]
    assert importing.import_file(desk, path).created == 25


def test_stopping_before_the_first_batch_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    result = importing.import_file(desk, table(tmp_path, HEADER + rows(3)), cancelled=lambda: True)
    assert (result.cancelled, result.created) == (True, 0)
    assert "nothing was changed" in result.sentence()


def test_a_later_export_updates_only_what_the_other_tool_has_changed(
    desk: Desk, tmp_path: Path, clock: PinnedClock
) -> None:
    line = "T-1,Printer is down,{status},P2,Nina,Desk,hardware,2026-01-05 08:00,{resolved},{tags}\n"
    first = HEADER + line.format(status="in_progress", resolved="", tags="red")
    importing.import_file(desk, table(tmp_path, first))
    uid = browsing.find(desk, "T-1")
    incidents.edit(desk, [uid], {"title": "Printer on floor 2 is down"})
    clock.set(MONDAY + timedelta(hours=1))

    later = HEADER + line.format(status="resolved", resolved="2026-01-05 12:00", tags="blue")
    result = importing.import_file(desk, table(tmp_path, later))

    assert (result.created, result.updated, result.unchanged) == (0, 1, 0)
    found = browsing.incident(desk, "T-1")
    assert found.title == "Printer on floor 2 is down"
    assert found.status is Status.RESOLVED
    assert found.resolved_at == datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert found.tags == ("blue",)
    moves = [e for e in found.timeline if e.kind is EntryKind.STATUS]
    assert [m.at for m in moves] == [datetime(2026, 1, 5, 12, tzinfo=UTC)]
    assert importing.import_file(desk, table(tmp_path, later)).unchanged == 1
    assert sound(desk)

    undoing.undo(desk)
    assert browsing.incident(desk, "T-1").status is Status.IN_PROGRESS
    assert sound(desk)


def test_equal_rows_without_a_key_are_incidents_each_and_still_come_in_once(
    desk: Desk, tmp_path: Path
) -> None:
    text = "title,status\nPrinter down,new\nPrinter down,new\nDoor open,new\n"
    path = table(tmp_path, text)

    assert importing.import_file(desk, path).created == 3
    assert importing.import_file(desk, path).unchanged == 3


def test_an_imported_incident_is_found_by_its_words_and_its_old_number(
    desk: Desk, tmp_path: Path
) -> None:
    importing.import_file(desk, table(tmp_path, HEADER + rows(12)))

    assert browsing.find_text(desk, "printer 11").total >= 1
    assert browsing.number_of_row(desk, browsing.find_text(desk, "T-11").hits[0].rowid) == (
        "INC-000011"
    )


def test_the_clocks_of_finished_imports_are_kept_and_explain_themselves(
    desk: Desk, tmp_path: Path
) -> None:
    text = HEADER + "T-1,Down,resolved,P2,Nina,Desk,x,2026-01-05 08:00,2026-01-05 12:00,\n"
    importing.import_file(desk, table(tmp_path, text))

    clock = browsing.incident(desk, "T-1").resolution_clock

    assert clock is not None
    assert clock.counted_s == 3 * 3600  # office hours begin at nine
    assert clock.met is True
    assert clock.trace


def test_an_unknown_mapping_is_refused_with_the_known_ones(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="generic"):
        importing.import_file(desk, table(tmp_path, HEADER + rows(1)), mapping="remedy")


def test_a_text_that_is_too_long_rejects_its_row_alone(desk: Desk, tmp_path: Path) -> None:
    text = "title,description\nFirst,short\nSecond," + "x" * 1_000_001 + "\nThird,short\n"

    result = importing.import_file(desk, table(tmp_path, text))

    assert result.created == 2
    assert "1,000,001 characters" in result.rejected[0].reason


def test_dates_that_can_be_read_two_ways_are_asked_for(desk: Desk, tmp_path: Path) -> None:
    path = table(tmp_path, "title,registered_at\nDown,03/04/2026 10:00\n")

    with pytest.raises(InvalidInputError, match="two ways"):
        importing.import_file(desk, path)

    importing.import_file(desk, path, date_order="dmy")
    registered = browsing.incident(desk, "1").registered_at
    assert registered == datetime(2026, 4, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize("suffix", ["csv", "xml", "sql"])
def test_comments_of_other_tools_are_in_the_timeline_once(
    desk: Desk, tmp_path: Path, suffix: str
) -> None:
    journal = "2026-03-05 10:00:00 - Ana Ruiz (Work notes)\nLooked at it"
    text = {
        "csv": "number,short_description,caller_id,assignment_group,opened_at,work_notes\n"
        f'INC1,VPN drops,Nina,Network,2026-03-05 09:00:00,"{journal}"\n',
        "xml": "<xml><incident><number>INC1</number><short_description>VPN drops"
        "</short_description><caller_id/><assignment_group/>"
        f"<opened_at>2026-03-05 09:00:00</opened_at><work_notes>{journal}</work_notes>"
        "</incident></xml>",
        "sql": "-- MySQL dump\nINSERT INTO `glpi_tickets` (`id`,`name`,`date`) VALUES"
        " (1,'VPN drops','2026-03-05 09:00:00');\nINSERT INTO `glpi_itilfollowups` (`items_id`,"
        "`date`,`content`) VALUES (1,'2026-03-05 10:00:00','Looked at it');\n",
    }[suffix]
    path = tmp_path / f"export.{suffix}"
    path.write_text(text)

    first = importing.import_file(desk, path)
    again = importing.import_file(desk, path)

    assert (first.created, again.created, again.updated, again.unchanged) == (1, 0, 0, 1)
    (uid,) = importing.made_by(first)
    timeline = browsing.incident(desk, uid).timeline
    assert [entry.text for entry in timeline].count("Looked at it") == 1
