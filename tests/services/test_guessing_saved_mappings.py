"""A mapping that was saved is guessed when a file with the same head comes again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.services import browsing, import_mappings
from app.services.importing import import_file

if TYPE_CHECKING:
    from app.services.desk import Desk

HEAD = "Ticket No;Short text;Shelf;When\n"
FIRST = (HEAD + "7;Lamp broken;B2;03.02.2026 08:00\n").encode()
SECOND = (HEAD + "8;Door stuck;C1;04.02.2026 09:00\n").encode()
COLUMNS = {
    "Ticket No": "external_id", "Short text": "title", "Shelf": "custom.place",
    "When": "registered_at",
}  # fmt: skip


def test_a_file_of_the_same_head_is_read_as_the_last_one_was(desk: Desk) -> None:
    import_mappings.save(desk, "Helpline", COLUMNS, date_order="dmy")
    done = import_file(desk, SECOND)
    assert (done.mapping, done.confidence, done.created) == ("Helpline", 1.0, 1)
    found = browsing.incident(desk, "8")
    assert (found.title, found.custom["place"]) == ("Door stuck", "C1")
    assert (found.registered_at.day, found.registered_at.month) == (4, 2)
    assert import_file(desk, FIRST + SECOND.split(b"\n")[1] + b"\n").unchanged == 1


def test_another_head_or_a_named_mapping_is_read_as_it_would_be_without(desk: Desk) -> None:
    import_mappings.save(desk, "Helpline", COLUMNS)
    other = FIRST.replace(b"Shelf", b"Rack")
    assert import_file(desk, other, dry_run=True, mapping="generic").mapping == "generic"
    mail = b"number,title\n1,Lamp\n"
    assert import_file(desk, mail, dry_run=True).mapping == "generic"


def test_a_saved_mapping_that_is_damaged_stops_no_import(desk: Desk) -> None:
    path = import_mappings.save(desk, "Helpline", COLUMNS)
    Path(path).write_text("{")
    assert import_file(desk, b"number,title\n1,Lamp\n", dry_run=True).created == 1
