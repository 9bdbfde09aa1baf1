"""Whatever people type or tools log: no exception, nothing missing, nothing fetched or run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.incident import EntityId, Named
from app.domain.incident_record import Attachment, ChecklistState, FollowUp, Told
from app.reports.closure_record import ClosureRecord, LogExcerpt
from app.reports.closure_report import closure_report_bytes
from app.reports.fonts import load_faces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.incident_record import Incident

HOSTILE = (
    "a & b < c > d &l; &amp;",
    "</para><para>",
    "press <b>Enter",
    "<joe@x.org> vector<int> <foo> std::vector<x>",
    '<img src="http://example.org/a.png"/>',
    '<img src="/etc/hostname"/>',
    "<font color=\"[[[getattr(pow,Word('__globals__'))]]]\">x</font>",
    '<onDraw name="exec" label="1"/>',
    '<a href="javascript:alert(1)">y</a> <?php echo 1 ?> {{7*7}} ${jndi:ldap://x}',
    "%PDF-1.7 endstream endobj ) Tj ET \\) \\\\ (unbalanced",
    "=cmd|' /C calc'!A0",
)
SINGLE_FIELDS = ("organisation", "number", "title", "lead", "classification", "author")


def without_space(text: str) -> str:
    # U+202A-E is what poppler wraps around right-to-left words; U+FFFE is PDFium's line hyphen.
    return re.sub(r"[\s\u202a-\u202e\ufffe]+", "", unicodedata.normalize("NFKC", text))


def expected(typed: str, *, marks: bool) -> str:
    """Return a pattern for what a page must show, worked out apart from the program.

    PDFium drops marks that stand on top of each other and signs without width: `marks` is False
    for it. A blank between words may become a line end, so blanks are not compared.
    """
    text = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", typed)
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    text = re.sub("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]", "", text)
    pattern = ""
    for char in unicodedata.normalize("NFC" if marks else "NFKD", text):
        shown = without_space(char)
        code = re.escape(f"[U+{ord(char):04X}]")
        optional = char in "\u00ad\u200c\u200d\u200e\u200f\ufe0f\u034f"
        if not marks and unicodedata.category(char) in {"Mn", "Me"}:
            pattern += f"(?:{code})?"
            continue
        if unicodedata.category(char) == "Cc" and char not in "\t\n\r\x0b\x0c\x85":
            pattern += re.escape(f"\\x{ord(char):02x}")
        elif char == "\u1680":
            pattern += code
        elif shown and char.isascii():
            pattern += re.escape(shown)
        elif shown:
            pattern += f"(?:{re.escape(shown)}|{code}){'?' if optional else ''}"
    return pattern


def is_right_to_left(text: str) -> bool:
    """Tell whether a reader may order the text: a lone Hebrew or Arabic mark moves as a letter."""
    return any(
        unicodedata.bidirectional(char) in {"R", "AL"} or "\u0591" <= char <= "\u08ff"
        for char in text
    )


def letters(text: str) -> list[str]:
    kept = [char for char in without_space(text) if unicodedata.category(char)[0] in "LN"]
    return sorted(set(kept))


def check_shown(typed: str, pages: str, *, marks: bool) -> None:
    """Fail when a text is not on the pages as typed, or as the documented cures change it."""
    if is_right_to_left(typed):
        # Readers put such lines in order by rules of their own: each letter must be there.
        missing = set(letters(typed)) - set(letters(pages))
        assert all(f"[U+{ord(char):04X}]" in pages for char in missing), ascii(typed)
    else:
        shown = without_space(pages)
        if not marks:
            decomposed = unicodedata.normalize("NFKD", shown)
            shown = "".join(c for c in decomposed if unicodedata.category(c) not in {"Mn", "Me"})
        assert re.search(expected(typed, marks=marks), shown), ascii(typed)


def everywhere(incident: Incident, texts: tuple[str, ...], changed: Callable[..., Any]) -> Incident:
    """Put each text into every list that a report prints, and all of them into each long field."""
    body = "\n\n".join(texts)
    person = Named(EntityId(bytes(16)), texts[0])
    at = incident.registered_at
    entries = [
        changed(incident.timeline[2], text=text or "-", author=text or "-") for text in texts
    ]
    return changed(
        incident,
        description=body,
        business_effect=body,
        root_cause=body,
        contributing_factors=body,
        resolution=body,
        workaround=body,
        detection=body,
        requester=person,
        assignee=person,
        team=person,
        service=person,
        ci=person,
        location=person,
        external_id=texts[0],
        verified_by=texts[0],
        verified_how=body,
        problem=texts[0],
        related=texts,
        timeline=tuple(entries),
        told=tuple(Told(text, at, text) for text in texts),
        follow_ups=tuple(
            FollowUp(EntityId(bytes(16)), text, text, at, done=False) for text in texts
        ),
        checklist=tuple(
            ChecklistState(text, required=False, done=True, automatic=False, note=text)
            for text in texts
        ),
        attachments=tuple(
            Attachment(EntityId(bytes(16)), text or "-", 1, "0" * 64, at, text) for text in texts
        ),
    )


@pytest.fixture(scope="module")
def naughty(real_data: Path) -> tuple[str, ...]:
    strings = json.loads((real_data / "naughty_inputs/blns_part.json").read_text(encoding="utf-8"))
    return tuple(strings)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_printed_as_it_was_typed(
    text: str,
    record: ClosureRecord,
    changed: Callable[..., Any],
    texts_of: Callable[[bytes], list[str]],
) -> None:
    hostile = changed(record, title=text, summary=(text,), excerpt=LogExcerpt((text,), text))

    pages = "".join(texts_of(closure_report_bytes(hostile)[0]))

    assert without_space(pages).count(without_space(text)) >= 4


def test_every_naughty_string_is_printed_in_every_list(
    naughty: tuple[str, ...],
    incident: Incident,
    record_of: Callable[..., ClosureRecord],
    changed: Callable[..., Any],
    texts_of: Callable[[bytes], list[str]],
) -> None:
    for at in range(0, len(naughty), 90):
        part = naughty[at : at + 90]
        record = record_of(everywhere(incident, part, changed), excerpt=LogExcerpt(part))
        pages = "".join(texts_of(closure_report_bytes(record)[0]))
        for text in part:
            check_shown(text, pages, marks=False)


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler's pdftotext is not installed"
)
def test_poppler_reads_every_naughty_string_with_its_marks(
    naughty: tuple[str, ...],
    record: ClosureRecord,
    changed: Callable[..., Any],
    tmp_path: Path,
) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(closure_report_bytes(changed(record, summary=naughty))[0])
    done = subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True, timeout=60
    )

    pages = done.stdout.decode()
    for text in naughty:
        check_shown(text, pages, marks=True)


@pytest.mark.slow
def test_every_naughty_string_is_printed_in_every_single_field(
    naughty: tuple[str, ...],
    incident: Incident,
    record_of: Callable[..., ClosureRecord],
    changed: Callable[..., Any],
    texts_of: Callable[[bytes], list[str]],
) -> None:
    for text in naughty:
        check_single_fields(text, record_of(incident), changed, texts_of)


@pytest.mark.parametrize(
    "text", ["\x1b[31mred\x00", "\ud800", "\u202eevil", "한국 中文 😀", "x" * 90]
)
def test_odd_strings_are_printed_in_every_single_field(
    text: str,
    record: ClosureRecord,
    changed: Callable[..., Any],
    texts_of: Callable[[bytes], list[str]],
) -> None:
    check_single_fields(text, record, changed, texts_of)


def check_single_fields(
    text: str,
    record: ClosureRecord,
    changed: Callable[..., Any],
    texts_of: Callable[[bytes], list[str]],
) -> None:
    given_text = changed(
        record,
        **dict.fromkeys(SINGLE_FIELDS, text),
        dated=text,
        timeline=(),
        signed=text,
        strip=tuple(changed(fact, label=text, value=text, note=text) for fact in record.strip),
        bar=changed(record.bar, reported=text, restored=text, target=text, acknowledged=text),
    )
    pages = "".join(texts_of(closure_report_bytes(given_text)[0]))
    # Running heads are shortened, so that only the body is compared.
    check_shown(text, pages, marks=False)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(min_size=1, max_size=80))
def test_any_unicode_text_is_printed(
    text: str,
    record: ClosureRecord,
    changed: Callable[..., Any],
    texts_of: Callable[[bytes], list[str]],
) -> None:
    bare = changed(record, summary=(), timeline=(), excerpt=LogExcerpt((f"[{text}]",)))
    pages = "".join(texts_of(closure_report_bytes(bare)[0]))

    if not is_right_to_left(text):
        check_shown(text, pages, marks=False)


def test_a_token_of_a_megabyte_and_a_long_log_stay_fast(
    record: ClosureRecord, changed: Callable[..., Any]
) -> None:
    def seconds(one: ClosureRecord) -> float:
        start = time.perf_counter()
        closure_report_bytes(one)
        return time.perf_counter() - start

    token = "x" * 1_000_000
    huge = changed(
        record,
        title=token,
        lead=token,
        summary=(token,),
        resolution=(token,),
        excerpt=LogExcerpt((token, *("line " * 30 for _ in range(5_000)))),
        timeline=(changed(record.timeline[0], event=token, by=token),),
        details_left=(changed(record.details_left[0], value=token),),
    )
    plain = min(seconds(record) for _ in range(3))

    assert min(seconds(huge) for _ in range(2)) <= 20 * plain


def test_nothing_is_opened_fetched_or_run_because_of_record_text(
    record: ClosureRecord, changed: Callable[..., Any]
) -> None:
    load_faces()
    hostile = changed(
        record,
        title=" ".join(HOSTILE),
        summary=HOSTILE,
        root_cause=HOSTILE,
        excerpt=LogExcerpt(HOSTILE),
    )
    closure_report_bytes(hostile)
    seen: list[str] = []
    watching = True

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and event.split(".")[0] in {"open", "socket", "exec", "subprocess", "compile"}:
            seen.append(f"{event} {arguments!r:.80}")

    sys.addaudithook(watch)
    try:
        closure_report_bytes(hostile)
    finally:
        watching = False

    assert seen == []


def test_a_title_of_only_hidden_signs_is_told(
    record: ClosureRecord, changed: Callable[..., Any], texts_of: Callable[[bytes], list[str]]
) -> None:
    pdf, _ = closure_report_bytes(changed(record, title="\u200b\ufeff", number="", organisation=""))

    assert "Incident without a title" in texts_of(pdf)[0]


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler's pdftotext is not installed"
)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.text(min_size=1, max_size=60), min_size=50, max_size=60))
def test_poppler_reads_a_thousand_texts_of_any_kind(
    texts: list[str], record: ClosureRecord, changed: Callable[..., Any]
) -> None:
    # A sign at either end parts one text from the next, and shows that nothing of it is lost.
    marked = tuple(f"<{number}|{text}|{number}>" for number, text in enumerate(texts))
    bare = changed(record, summary=(), timeline=(), excerpt=LogExcerpt(marked))
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"],
        input=closure_report_bytes(bare)[0],
        capture_output=True,
        check=True,
        timeout=60,
    )

    pages = done.stdout.decode()
    for text in marked:
        check_shown(text, pages, marks=True)
