"""Strings that trouble programs are kept, found, printed, exported and imported back equal.

What is done to a text, and nothing else: half a character becomes U+FFFD (all fields); blanks
around a summary, a tag, a reason, a step, a choice and a saved filter go; a name stands on one line
with single blanks, and the first spelling of a name (case, accents, invisible signs) stays the name
of all.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from app.domain import filter_language
from app.domain.catalogue import checked_name
from app.domain.errors import KnownError
from app.domain.folding import fold
from app.domain.incident import CancelReason, EntityId, PendingReason
from app.domain.incident_json import incident_to_json
from app.domain.incident_record import IncidentDraft
from app.services import (
    browsing,
    cataloguing,
    exporting,
    importing,
    incidents,
    logging_incidents,
    moves,
    reporting,
)
from app.services.desk import Desk, open_desk
from app.services.values import clean_text
from app.system.clock import PinnedClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
NAMES = ("requester", "location", "service", "ci", "team", "category")
TEXTS = (
    *("description", "root_cause", "workaround", "resolution", "detection"),
    *("contributing_factors", "business_effect", "verified_by", "verified_how", "external_id"),
)
MORE = (
    *("a\x00b", "\ud800 half", "a\r\nb", "a\rb", "\u2028line", "\ufeffmark", "x" * 3000),
    *("=1+1", "'=1", "''=1", "+1", "-1", "@x", "\t=1", '"', "\\", '\\"', "a,b;c", '["a","b"]'),
    *("--help", "me", "none", "any", "a/b//c", "  around  ", "NaN", "1e5", "true", "2026-01-01"),
    *("?", "NULL", "null", "\u202eabc", "i\u0307", "ﬁ", "٣", "<b>x</b>", "&amp;", "%s {0} ${x}"),
)


class Made(NamedTuple):
    """A string and the incident that has it in all its fields, with the names that were taken."""

    text: str
    uid: EntityId
    names: dict[str, str]


@pytest.fixture(scope="module")
def strings(real_data: Path) -> list[str]:
    """Give every tenth string of the list, the formulas, and what neither has."""
    folder = real_data / "naughty_inputs"
    told = json.loads((folder / "blns_part.json").read_text(encoding="utf-8"))
    formulas = (folder / "csv_injection.txt").read_text(encoding="utf-8").splitlines()
    return [one for one in (*told[::10], *formulas, *MORE) if fold(clean_text(one))]


def opened(folder: Path) -> Desk:
    desk = open_desk(Profile(folder), PinnedClock(NOW), person="Ana Ruiz")
    cataloguing.add(desk, "custom_field", "Text", {})
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = opened(tmp_path_factory.mktemp("naughty") / "profile")
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def made(desk: Desk, strings: list[str]) -> list[Made]:
    """Log an incident for each string, with the string wherever it may stand."""
    found = []
    for text in strings:
        names = {}
        for field in NAMES:
            try:
                names[field] = checked_name(field, clean_text(text))
            except KnownError:
                continue  # too long for a name
        draft = IncidentDraft(title=text, tags=(text,), custom={"Text": text}, **names)  # type: ignore[arg-type]
        uid = logging_incidents.log(desk, draft).ids["incident"][0]
        incidents.edit(desk, [uid], dict.fromkeys(TEXTS, text))
        incidents.add_note(desk, [uid], text)
        found.append(Made(text, uid, names))
    return found


def test_each_field_gives_back_the_string(desk: Desk, made: list[Made]) -> None:
    for text, uid, names in made:
        found = browsing.incident(desk, uid)
        clean = clean_text(text)
        assert (found.title, found.tags, found.custom) == (
            *(clean.strip(), (clean.strip(),)),
            {"Text": clean},
        )
        assert {name: getattr(found, name) for name in TEXTS} == dict.fromkeys(TEXTS, clean)
        assert found.timeline[-1].text == clean
        for field, name in names.items():
            kept = getattr(found, field).name
            assert fold(kept) == fold(name), (field, text)
            assert kept == " ".join(kept.split())


def test_each_string_can_be_searched_and_filtered(desk: Desk, made: list[Made]) -> None:
    for text, uid, names in made:
        browsing.find_text(desk, text, limit=1)
        clean = clean_text(text)
        asked = {"tag": clean.strip(), "custom.Text": clean, **names}
        for key, value in asked.items():
            if value == "me" and key == "requester":
                continue  # the reader of the list
            term = filter_language.term(key, value)
            if value in {"none", "any"}:
                term = f'{key}:"{value}"'
            assert uid in browsing.ids_in(desk, f"{term} status:any"), (key, text)
        browsing.counts(desk, [text, f"tag:{text}", f"custom.{text}:{text}", f"-assignee:{text}"])


@pytest.mark.parametrize("ending", ["json", "csv", pytest.param("zip", marks=pytest.mark.slow)])
def test_an_export_is_imported_back_equal(
    desk: Desk, made: list[Made], tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"out.{ending}"
    exporting.export_file(desk, path, text="status:any")
    other = opened(tmp_path / "other")
    told = importing.import_file(other, path).to_json()
    assert (told["created"], told["rejected"]) == (len(made), [])
    derived = {"timeline", "response", "resolution_clock"} if ending == "csv" else set()
    for _, uid, _ in made:
        here = incident_to_json(browsing.incident(desk, uid))
        there = incident_to_json(browsing.incident(other, here["number"]))
        left_out = derived | {"response", "resolution_clock", "id"}
        for timeline in (here["timeline"], there["timeline"]):
            timeline[:] = [entry["text"] for entry in timeline if entry["kind"] == "note"]
        assert {k: v for k, v in here.items() if k not in left_out} == {
            k: v for k, v in there.items() if k not in left_out
        }
    assert importing.import_file(other, path).to_json()["unchanged"] == len(made)
    other.close()


def test_reasons_keep_the_string_and_are_printed(desk: Desk, strings: list[str]) -> None:
    uids = []
    for text in strings[::6]:
        draft = IncidentDraft(title="call", priority="P1", priority_override_reason=text)
        uid = logging_incidents.log(desk, draft).ids["incident"][0]
        moves.start(desk, [uid])
        moves.pend(desk, [uid], PendingReason.VENDOR, NOW + timedelta(days=1), text=text)
        moves.resume(desk, [uid])
        incidents.edit(desk, [uid], {"team": "Second line"}, reason=text, make_unknown=True)
        moves.cancel(desk, [uid], CancelReason.UNNECESSARY, text=text)
        found = browsing.incident(desk, uid)
        assert found.priority_override_reason == clean_text(text)
        texts = [entry.text.strip() for entry in found.timeline]
        assert texts.count(clean_text(text).strip()) == 3
        uids.append(uid)
    for uid in uids:
        number = browsing.incident(desk, uid).number
        assert reporting.report_bytes(desk, number).startswith(b"%PDF-")


WEEK = {"zone": "UTC", "open": {"mon": ["09:00-17:00"]}}


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("calendar", WEEK),
        ("checklist", {"items": [{"text": "{0}", "required": True}]}),
        ("saved_view", {"filter": "{0}"}),
        ("custom_field", {"type": "choice", "choices": ["{0}"]}),
        ("category", {}),
        ("location", {}),
    ],
)
def test_what_the_team_lists_keeps_its_names_and_texts(
    strings: list[str], tmp_path: Path, kind: str, data: dict[str, Any]
) -> None:
    desk = opened(tmp_path / "profile")
    kept: dict[EntityId, str] = {}
    refusals: list[str] = []
    chosen = strings[::3]
    for text in chosen:
        clean = clean_text(text)
        filled = json.loads(json.dumps(data).replace('"{0}"', json.dumps(clean)))
        try:
            kept[cataloguing.add(desk, kind, text, filled).ids[kind][0]] = clean
        except KnownError as error:
            refusals.append(error.message)
    assert [sentence for sentence in refusals if not sentence.endswith((".", "?"))] == []
    assert len(kept) > len(chosen) * 2 // 3
    for entry in cataloguing.entries(desk, kind):
        clean = kept.get(entry.id, "")
        if not clean:
            continue
        assert entry.name == " ".join(clean.split())
        if kind == "saved_view":
            assert entry.data["filter"] == clean.strip()
        if kind == "checklist":
            assert entry.data["items"][0]["text"] == clean.strip()
        if kind == "custom_field":
            assert entry.data["choices"] == [clean.strip()]
    desk.close()
