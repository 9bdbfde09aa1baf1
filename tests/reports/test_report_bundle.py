"""Several reports in one PDF: numbered through, with an outline and the records of all."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from app.domain.errors import InvalidInputError
from app.reports.closure_report import closure_report_bytes
from app.reports.report_bundle import report_bundle_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.incident_record import Incident
    from app.reports.closure_record import ClosureRecord


@pytest.fixture(scope="module")
def records(
    incident: Incident, record_of: Callable[..., ClosureRecord], changed: Callable[..., Any]
) -> list[ClosureRecord]:
    numbers = ("INC-2026-00088", "INC-2026-00089", "inc-2026-00089")
    return [
        record_of(changed(incident, number=number, title=f"Blank labels, {place}"))
        for place, number in enumerate(numbers)
    ]


def test_pages_are_numbered_through_and_each_report_has_its_heads(
    records: list[ClosureRecord], texts_of: Callable[[bytes], list[str]]
) -> None:
    single = [closure_report_bytes(record)[1] for record in records]
    pdf, count = report_bundle_bytes(records)
    texts = texts_of(pdf)
    assert count == len(texts) == sum(single)
    for index, text in enumerate(texts):
        assert f"Page {index + 1} of {count}" in text
    first_pages = [sum(single[:place]) for place in range(len(single))]
    for index, text in enumerate(texts):
        own = records[sum(index >= first for first in first_pages) - 1]
        assert f"Record {own.record_sha256[:8]}" in text
        assert (f"{own.number} {own.kind}" in " ".join(text.split())) == (index not in first_pages)


def test_outline_structure_and_attachments_hold_every_report(
    records: list[ClosureRecord], failed_rules: Callable[[bytes], list[str]]
) -> None:
    pdf, _ = report_bundle_bytes(records)
    assert not failed_rules(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        with document.open_outline() as outline:
            tops = [item.title for item in outline.root]
            sections = [len(item.children) for item in outline.root]
        assert [title.partition(" ")[0] for title in tops] == [one.number for one in records]
        assert min(sections) >= 8
        parts = [str(part.S) for part in document.Root.StructTreeRoot.K.K]
        assert parts == ["/Part"] * len(records)
        files = {str(spec.UF): spec.EF.F.read_bytes() for spec in document.Root.AF}
        assert list(files.values()) == [one.record_json for one in records]
        assert len({name.lower() for name in files}) == len(records)
        assert set(document.attachments) == set(files)


def test_the_same_records_give_the_same_bytes(records: list[ClosureRecord]) -> None:
    assert report_bundle_bytes(records) == report_bundle_bytes(iter(records))


def test_no_record_is_refused_and_a_stop_is_heard(records: list[ClosureRecord]) -> None:
    with pytest.raises(InvalidInputError, match="no incident"):
        report_bundle_bytes([])
    asked = []

    def stop() -> None:
        asked.append(1)
        if len(asked) > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report_bundle_bytes(records, pause=stop)
    assert report_bundle_bytes(records[:1])[1], "nothing is left locked"
