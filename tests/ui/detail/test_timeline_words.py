"""What an entry of the timeline says on the screen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.domain.incident import EntityId, EntryKind
from app.domain.incident_record import FieldChange, TimelineEntry
from app.ui.detail.timeline_words import ARROW, entry_words

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

AT = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


def entry(text: str, *changes: FieldChange) -> TimelineEntry:
    return TimelineEntry(
        EntityId(bytes(16)), AT, AT, "Ines", "desk", EntryKind.STATUS, text, changes
    )


def test_the_steps_of_a_status_are_one_headline_and_a_note_is_said_once(
    qapp: QApplication,
) -> None:
    told = entry_words(
        entry(
            "Cable swapped.",
            FieldChange("status", "new", "in_progress"),
            FieldChange("status", "in_progress", "resolved"),
            FieldChange("resolution", "", "Cable swapped."),
            FieldChange("status", "resolved", "closed"),
        )
    )
    assert told.head == f"Status New {ARROW} Closed"
    assert told.body == "Resolution: Cable swapped."


def test_one_step_and_another_text_stay_as_they_are(qapp: QApplication) -> None:
    told = entry_words(entry("Back again", FieldChange("status", "closed", "in_progress")))
    assert told.head == f"Status Closed {ARROW} In progress"
    assert told.body == "Back again"
