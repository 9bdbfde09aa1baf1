"""Reports in other languages: German as it is printed, and a made-up language that leaves traces.

In the made-up language every message is written in Cyrillic letters and is longer than in English:
what stands on a page in Latin letters and was not typed is a label that is in no catalogue, and
what is cut off had no room to grow.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from gettext import NullTranslations
from string import Formatter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pikepdf
import pytest

from app.domain.incident import EntryKind, Status
from app.domain.incident_record import ClockState, FieldChange
from app.domain.timeline import BROUGHT_BACK, TAKEN_OFF
from app.reports import language
from app.reports.closure_report import closure_report_bytes
from app.reports.language import Language
from app.reports.period_patterns import RecurringGroup
from app.reports.period_record import period_record
from app.reports.period_report import period_report_bytes
from app.reports.report_bundle import report_bundle_bytes
from app.reports.review_record import review_record
from app.reports.verify import read_content
from app.services import period_reporting
from app.services.desk import open_desk
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.reports.conftest import CHAIN, START, entry
from tests.services.conftest import MONDAY
from tests.services.test_period_reporting import APRIL, HOUR, MARCH, worked

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.incident_record import Incident
    from app.domain.period_figures import PeriodFigures
    from app.reports.period_parts import PeriodRecord
    from app.reports.record_parts import ClosureRecord

    RecordOf = Callable[..., ClosureRecord]
    Texts = Callable[[bytes], list[str]]

LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
OTHER = (
    "\u0430\u0431\u0446\u0434\u0435\u0444\u0433\u0445\u0438\u0439\u043a\u043b\u043c\u043d\u043e"
    "\u043f\u044f\u0440\u0441\u0442\u0443\u0432\u0448\u0436\u044b\u0437"
    "\u0410\u0411\u0426\u0414\u0415\u0424\u0413\u0425\u0418\u0419\u041a\u041b\u041c\u041d\u041e"
    "\u041f\u042f\u0420\u0421\u0422\u0423\u0412\u0428\u0416\u042b\u0417"
)
LONGER = 0.25
"""By how much a message of the made-up language is longer; German's longest labels are, too."""
WORD = re.compile(r"[A-Za-z]{2,}")
RECURRING = RecurringGroup("weekday:Monday", 7, 12, 1.0, 0.00008, True, "", ("INC-000001",))
TYPED = {"UTC", "SHA", "QR", "KB", "MB"}
"""What is the same in every language."""


class MadeUp(NullTranslations):
    """Turns every message into other letters, and makes it longer."""

    def gettext(self, message: str) -> str:
        if message == "1,234.5":
            return message
        parts = []
        for text, name, spec, _ in Formatter().parse(message):
            parts.append(longer(text).translate(str.maketrans(LATIN, OTHER)))
            if name is not None:
                parts.append(f"{{{name}:{spec}}}" if spec else f"{{{name}}}")
        return "".join(parts)

    def pgettext(self, context: str, message: str) -> str:
        del context
        return self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def longer(text: str) -> str:
    """Lengthen the words of a text by their share."""
    return re.sub(
        r"[A-Za-z]{3,}", lambda word: word[0] + word[0][-1] * round(len(word[0]) * LONGER), text
    )


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the code of the made-up language."""
    monkeypatch.setitem(language._NAMES, "xx", ("xx", "Made up"))
    monkeypatch.setattr(language, "_loaded", lambda code: known[code])
    known = {
        "en": language.ENGLISH,
        "xx": Language("xx", "xx", "Made up", MadeUp()),
    }
    return "xx"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> PeriodFigures:
    """Give the figures of a month with something in every section."""
    clock = PinnedClock(MONDAY)
    desk = open_desk(
        Profile(tmp_path_factory.mktemp("period")), clock, person="Ana Ruiz", zone="Europe/Berlin"
    )
    try:
        worked(desk, clock)
        return period_reporting.figures(desk, MARCH, APRIL - HOUR)
    finally:
        desk.close()


def period(figures: PeriodFigures, code: str) -> PeriodRecord:
    return period_record(
        figures,
        organisation="",
        zone=ZoneInfo("Europe/Berlin"),
        made_at=APRIL,
        recurring=[RECURRING],
        text="priority:P2",
        language=code,
    )


def eventful(incident: Incident) -> Incident:
    """Add entries of every kind, whose words the program makes."""
    changes = tuple(
        FieldChange(field, old, new)
        for field, old, new in (
            ("description", "", "x"),
            ("root_cause", "x", "y"),
            ("pending_reason", "caller", "vendor"),
            ("outcome", "", "no_fault_found"),
            ("channel", "phone", "chat"),
            ("major", "yes", "no"),
            ("stand_down_reason", "", "x"),
            ("location", "x", ""),
            ("check:x", "", "done"),
        )
    )
    more = [entry(200 + number, "x", kind=kind) for number, kind in enumerate(EntryKind)]
    more += [entry(290, f"x: {word}", kind=EntryKind.UNDO) for word in (TAKEN_OFF, BROUGHT_BACK)]
    more.append(entry(300, "", kind=EntryKind.CHANGE, changes=changes))
    reopened = (FieldChange("status", "resolved", "in_progress"),)
    more.append(entry(310, "", kind=EntryKind.STATUS, changes=reopened))
    kept = ClockState(3600, START, START, 60, 0, False, START, True, False, 60)
    return replace(
        incident,
        major=True,
        timeline=(*incident.timeline, *more),
        response=kept,
        occurred_at=START,
        detected_at=START - HOUR,
        workaround_applied_at=START,
        reopen_count=2,
        reassignment_count=4,
        description="",
        root_cause="",
        contributing_factors="",
    )


def reports(incident: Incident, record_of: RecordOf, code: str) -> dict[str, bytes]:
    """Make every report of an incident, closed and not, with and without its facts."""
    full = eventful(incident)
    closed = record_of(full, language=code)
    interim = record_of(
        replace(full, status=Status.PENDING, restored_at=None, resolved_at=None, closed_at=None),
        language=code,
        signed="x",
    )
    review = review_record(full, organisation="x", record_json=b"{}", chain=CHAIN, language=code)
    return {
        "closed": closure_report_bytes(closed)[0],
        "letter": closure_report_bytes(replace(closed, paper="letter"))[0],
        "interim": closure_report_bytes(interim)[0],
        "review": closure_report_bytes(review)[0],
        "bundle": report_bundle_bytes([interim, closed])[0],
    }


def spoken(pdf: bytes) -> str:
    """Return what a file says beside its pages: titles, bookmarks, alternatives, descriptions."""
    told: list[str] = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        told += [str(document.docinfo["/Title"]), str(document.docinfo["/Subject"])]
        told += [str(one.get("/Desc", "")) for one in document.Root.AF]
        for one in document.objects:
            if isinstance(one, pikepdf.Dictionary):
                told += [str(one[key]) for key in ("/Alt", "/TU") if key in one]
                if "/Title" in one and "/Parent" in one:
                    told.append(str(one["/Title"]))
    return "\n".join(told)


def strange(pdf: bytes, typed: set[str], texts_of: Texts) -> set[str]:
    """Return the words in Latin letters that nobody typed."""
    text = "\n".join([*texts_of(pdf), spoken(pdf)])
    text = re.sub(r"\b[0-9a-fA-F]{4,}\b", " ", text)
    return set(WORD.findall(text)) - typed


def test_every_label_comes_from_the_catalogue(
    incident: Incident, record_of: RecordOf, made_up: str, texts_of: Texts
) -> None:
    typed = TYPED | set(WORD.findall(repr(incident))) | {"Kestrel", "Freight", "IT"}
    typed -= {
        "deleted",
        "restored",
        "done",
        "no_fault_found",
        "vendor",
        "Telephone",
        "Registered",
        "Resolved",
        "Closed",
    }
    for name, pdf in reports(incident, record_of, made_up).items():
        assert strange(pdf, typed, texts_of) == set(), name


def test_every_label_of_a_period_comes_from_the_catalogue(
    figures: PeriodFigures, made_up: str, texts_of: Texts
) -> None:
    typed = TYPED | set(WORD.findall(repr(figures.listed)))
    typed |= {"Europe", "Berlin", "priority", "INC", "Network", "Desk"}
    typed -= {"open", "resolved", "cancelled", "met", "breached"}
    pdf = period_report_bytes(period(figures, made_up))[0]
    assert strange(pdf, typed, texts_of) == set()


def test_longer_words_are_not_cut_off(
    incident: Incident,
    record_of: RecordOf,
    figures: PeriodFigures,
    made_up: str,
    texts_of: Texts,
) -> None:
    made = reports(incident, record_of, made_up)
    made["period"] = period_report_bytes(period(figures, made_up))[0]
    for name, pdf in made.items():
        text = re.sub(r"(?:[0-9a-f]{4} ){3}\u2026 [0-9a-f]{4}", "", "\n".join(texts_of(pdf)))
        assert [line for line in text.splitlines() if "\u2026" in line] == [], name


def test_german_is_not_cut_off_and_says_what_it_is(
    incident: Incident, record_of: RecordOf, figures: PeriodFigures, texts_of: Texts
) -> None:
    made = reports(incident, record_of, "de")
    made["period"] = period_report_bytes(period(figures, "de"))[0]
    for name, pdf in made.items():
        text = re.sub(r"(?:[0-9a-f]{4} ){3}\u2026 [0-9a-f]{4}", "", "\n".join(texts_of(pdf)))
        assert "\u2026" not in text, name
        with pikepdf.open(io.BytesIO(pdf)) as document:
            assert str(document.Root.Lang) == "de-DE"
            assert (
                "<dc:language><rdf:Bag><rdf:li>de-DE</rdf:li>"
                in bytes(document.Root.Metadata.read_bytes()).decode()
            )
        assert read_content(pdf).language == "de-DE"


def test_a_german_report_is_german_beside_its_pages_too(
    incident: Incident, record_of: RecordOf
) -> None:
    told = spoken(closure_report_bytes(record_of(incident, language="de"))[0])
    for words in (
        "Abschlussbericht zur Störung",
        "Der Datensatz der Störung, aus dem dieser Bericht erstellt wurde",
        "11   Echtheitsprüfung",
        "Zeitbalken der Störung. Gemeldet 07:42; Angenommen nach 4 min;",
        "Erledigt",
        "QR-Code: ",
    ):
        assert " ".join(words.split()) in " ".join(told.split()), words


def test_what_was_typed_stays_as_it_was_typed(
    incident: Incident, record_of: RecordOf, texts_of: Texts
) -> None:
    text = " ".join(
        " ".join(texts_of(closure_report_bytes(record_of(incident, language="de"))[0])).split()
    )
    for typed in (incident.title, incident.resolution, incident.verified_how, "Rosa Lindh"):
        assert typed in text
    assert "Gelöst: behoben" in text
    assert "10.03.2026, 07:42" in text
    assert "Zeiten in Europe/Stockholm, UTC+01:00" in text


def test_the_attached_record_is_the_same_in_every_language(
    incident: Incident, record_of: RecordOf, figures: PeriodFigures
) -> None:
    one, other = (record_of(incident, language=code) for code in ("en", "de"))
    assert one.record_sha256 == other.record_sha256
    assert period(figures, "en").record_sha256 == period(figures, "de").record_sha256
    read = read_content(closure_report_bytes(other)[0])
    assert read.record_sha256 == read.printed_sha256 == one.record_sha256
    assert (read.printed_block, read.printed_head) == (CHAIN.number, CHAIN.head[:16])


def test_the_same_record_and_language_give_the_same_bytes(
    incident: Incident, record_of: RecordOf
) -> None:
    made = [closure_report_bytes(record_of(incident, language="de"))[0] for _ in range(2)]
    assert made[0] == made[1]
    assert made[0] != closure_report_bytes(record_of(incident))[0]
