"""Strings that trouble programs go into every text field and come back equal (domain, cli.md)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import KnownError
from app.domain.folding import fold
from app.domain.incident_record import IncidentDraft
from app.services import browsing, cataloguing, evidence, incidents, logging_incidents
from app.services.desk import Desk, open_desk
from app.services.values import clean_text
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = ("title", "description", "root_cause", "workaround", "resolution", "business_effect")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = PinnedClock(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    return open_desk(Profile(tmp_path / "profile"), clock, person="Ana Ruiz")


@pytest.fixture
def strings(real_data: Path) -> list[str]:
    path = next((real_data / "naughty_inputs").rglob("blns_part.json"))
    told = json.loads(path.read_text(encoding="utf-8"))
    # A field that holds nothing but blanks is an empty field, which a title must not be.
    return [text for text in told if clean_text(text).strip()]


def test_every_text_field_gives_back_what_was_typed(desk: Desk, strings: list[str]) -> None:
    uid = logging_incidents.log(desk, IncidentDraft(title="first")).ids["incident"][0]
    assert len(strings) > 50
    for text in strings:
        incidents.edit(desk, [uid], dict.fromkeys(FIELDS, text))
        found = browsing.incident(desk, uid)
        for name in FIELDS:
            kept = getattr(found, name)
            assert kept.strip() == clean_text(text).strip(), (name, text)


def test_notes_keep_what_was_typed(desk: Desk, strings: list[str]) -> None:
    uid = logging_incidents.log(desk, IncidentDraft(title="first")).ids["incident"][0]
    for text in strings:
        incidents.add_note(desk, [uid], text)
    texts = [entry.text.strip() for entry in browsing.incident(desk, uid).timeline]
    for text in strings:
        assert clean_text(text).strip() in texts


def test_people_and_files_keep_their_names(desk: Desk, strings: list[str]) -> None:
    refusals: list[str] = []
    for text in strings:
        name = " ".join(clean_text(text).split())
        try:
            made = logging_incidents.log(desk, IncidentDraft(title="call", requester=name))
        except KnownError as error:
            refusals.append(error.message)
            continue
        found = browsing.incident(desk, made.ids["incident"][0])
        assert found.requester is not None
        # A name that differs in case or accents alone is the same person, by the name known first.
        assert fold(found.requester.name) == fold(name)
    assert len(refusals) < 5, "only names that nobody can see are refused"
    assert all("Give it a name that can be read" in sentence for sentence in refusals)
    uid = browsing.find(desk, "1")
    for text in strings:
        evidence.attach(desk, uid, [(text, text.encode("utf-8", "surrogatepass"))])
    kept = browsing.incident(desk, uid).attachments
    assert len(kept) == len(strings)
    assert all(one.name and "/" not in one.name and "\\" not in one.name for one in kept)


def test_items_of_the_team_keep_their_names_or_are_refused_in_a_sentence(
    desk: Desk, strings: list[str]
) -> None:
    kept = 0
    refusals = []
    for text in strings:
        try:
            cataloguing.add(desk, "team", text, {})
        except KnownError as error:
            refusals.append(error.message)
            continue
        kept += 1
        names = {" ".join(name.split()) for name in cataloguing.names(desk, "team")}
        assert " ".join(clean_text(text).split()) in names
    assert kept > len(strings) // 2
    assert all(sentence.endswith((".", "?")) for sentence in refusals)
