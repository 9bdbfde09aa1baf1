"""The languages of reports: every label comes from the catalogue, every catalogue is whole."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from app.domain import metrics
from app.domain.checklist import Fact, seen_fact
from app.domain.closure import DEFAULT_CHECKLIST, MAJOR_CHECKLIST
from app.domain.closure_code import ClosureCodes, default_codes
from app.domain.errors import InvalidInputError
from app.domain.incident import Channel, PendingReason, Status
from app.domain.settings import SETTINGS
from app.domain.timeline import SILENT_FIELDS
from app.reports import code_words, field_words, period_wording, shipped_words, wording
from app.reports.language import CODES, ENGLISH, in_order, language_of
from app.storage.fields import FIELDS

if TYPE_CHECKING:
    from types import ModuleType

    from app.domain.incident_record import Incident

ROOT = Path(__file__).resolve().parents[2]
GERMAN = language_of("de")
AT = datetime(2026, 11, 28, 8, 42, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
DATES = {"day", "month", "year", "short_month", "long_month", "weekday"}


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    """Give the tool that collects messages and compiles catalogues."""
    sys.path.insert(0, str(ROOT / "packaging"))
    try:
        import messages
    finally:
        sys.path.pop(0)
    return messages


def names(pattern: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}


def catalogues() -> list[Path]:
    return sorted((ROOT / "resources" / "i18n").glob("*/LC_MESSAGES/reports.po"))


def test_every_language_has_every_message_and_no_other(messages: ModuleType) -> None:
    assert [path.parent.parent.name for path in catalogues()] == [
        code for code in CODES if code != "en"
    ]
    assert messages.stale(write=False) == [], "run packaging/messages.py and translate what is new"


def test_a_translation_has_the_places_of_its_message(messages: ModuleType) -> None:
    for path in catalogues():
        for key, entry in messages.read_po(path.read_text("utf-8"))[1].items():
            for number, form in enumerate(entry.forms):
                if key.context == wording.DATE:
                    assert names(form) <= DATES, form
                    continue
                wanted = names(entry.plural or key.text)
                # A singular may say "once" instead of "1 times".
                missing = {"n"} if entry.plural and number == 0 else set()
                assert wanted - missing <= names(form) <= wanted, form


def test_what_is_put_together_while_running_is_no_message(
    messages: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "one.py").write_text('words.text("All")\nwords.text(f"All {n}")\n', "utf-8")

    with pytest.raises(messages.NotLiteralError, match="line 2"):
        messages.collect(tmp_path)


def test_a_catalogue_that_lags_behind_is_told(messages: ModuleType, tmp_path: Path) -> None:
    source, folder = tmp_path / "reports", tmp_path / "i18n" / "de" / "LC_MESSAGES"
    source.mkdir()
    folder.mkdir(parents=True)
    catalogue = folder / "reports.po"
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    catalogue.write_text(f'{head}\nmsgid "Old"\nmsgstr "Alt"\n', "utf-8")
    (source / "one.py").write_text('words.text("New")\n', "utf-8")

    def stale(*, write: bool) -> list[str]:
        told: list[str] = messages.stale(write=write, source=source, catalogues=tmp_path / "i18n")
        return told

    assert any("just the messages" in line for line in stale(write=False))
    assert stale(write=True) == ["de: not translated: New"]
    text = catalogue.read_text("utf-8")
    assert '"Old"' not in text
    catalogue.write_text(
        text.replace('msgstr ""\n', 'msgstr "Neu"\n').replace("Neu", "", 1), "utf-8"
    )
    assert any("reports.mo" in line for line in stale(write=False))
    assert stale(write=True) == []
    with (folder / "reports.mo").open("rb") as file:
        assert GNUTranslations(file).gettext("New") == "Neu"


# --- what is said of a language ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["de", "DE", "de-DE", "de_AT", " de "])
def test_a_language_is_found_by_code_or_tag(name: str) -> None:
    assert language_of(name) is GERMAN
    assert language_of("") is language_of("en-US") is ENGLISH


def test_an_unknown_language_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InvalidInputError, match=r"en \(English\) or de \(Deutsch\)") as refused:
        language_of("fr")
    assert '"fr"' in str(refused.value)


def test_the_setting_offers_the_languages() -> None:
    setting = next(one for one in SETTINGS.values() if one.key == "report.language")
    assert tuple(setting.choices) == CODES
    assert setting.default == CODES[0]


def test_dates_and_numbers_are_written_as_in_the_country() -> None:
    assert wording.moment(GERMAN, AT, BERLIN) == "28.11.2026, 09:42"
    assert wording.day(GERMAN, AT.replace(day=1, month=3), BERLIN) == "01.03.2026"
    assert wording.weekday(GERMAN, AT, BERLIN) == "Samstag, 28. November 2026"
    assert wording.long_day(GERMAN, AT, BERLIN) == "28. November 2026"
    assert wording.size(GERMAN, 1_840_000) == "1,8 MB"
    assert wording.size(GERMAN, 7_000_000_000_000) == "7.000 GB"
    assert GERMAN.number(1_234_567.8, 1) == "1.234.567,8"
    assert GERMAN.significant(0.00123) == "0,0012"
    assert period_wording.per_cent_of(GERMAN, 0.949) == "94,9\u00a0%"
    assert period_wording.per_cent_of(ENGLISH, 0.949) == "94.9%"


def test_names_stand_in_the_order_of_the_alphabet() -> None:
    assert sorted(["Zoll", "\u00c4rzte", "Bau", "arbeit"], key=in_order) == [
        "arbeit",
        "\u00c4rzte",
        "Bau",
        "Zoll",
    ]


# --- the tables know every code ------------------------------------------------------------------


def test_every_code_has_its_word() -> None:
    assert set(code_words.STATUS_WORDS) == set(code_words.STATUS_IN_SENTENCE) == set(Status)
    assert set(code_words.CHANNEL_WORDS) == set(Channel)
    assert set(code_words.WAITING_WORDS) == set(PendingReason)
    assert set(code_words.PENDING_WORDS) == {one.value for one in PendingReason}


def test_every_field_of_the_timeline_has_its_label() -> None:
    told = set(FIELDS) - SILENT_FIELDS
    assert told - set(field_words.FIELD_WORDS) == set()
    for name in field_words.FIELD_WORDS:
        assert field_words.label(ENGLISH, name) == name.replace("_", " ").capitalize()


def test_every_word_that_a_team_starts_with_is_translated() -> None:
    codes = ClosureCodes(default_codes())
    for one in default_codes():
        for text in (codes.plain(one.kind, one.name), codes.note(one.kind, one.name)):
            assert ("closure code", text) in {(m.context, m.text) for m in shipped_words.SHIPPED}
    steps = {item.text for item in (*DEFAULT_CHECKLIST.items, *MAJOR_CHECKLIST.items)}
    known = {m.text for m in shipped_words.SHIPPED if m.context == "checklist"}
    assert steps <= known


def test_the_definitions_are_those_of_the_domain() -> None:
    for key, message in period_wording.DEFINITIONS.items():
        assert message.text == metrics.DEFINITIONS[key]


def test_the_words_of_the_team_stay_as_they_were_written(incident: Incident) -> None:
    codes = ClosureCodes(
        [replace(one, words="put right", note="") for one in default_codes() if one.name == "fixed"]
    )
    assert shipped_words.code(GERMAN, codes, "outcome", "fixed") == "put right"
    assert shipped_words.step(GERMAN, "Ask Rosa") == "Ask Rosa"
    assert seen_fact(incident, Fact.CODES_GIVEN) == shipped_words.ticked_by_codes(
        [str(incident.outcome), str(incident.fix_type), str(incident.cause_class)]
    )
