"""Reports of many incidents: into one PDF or a folder, on one process or two, and stopped."""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.domain.incident_json import incident_to_json
from app.reports.pages import page_count, page_texts
from app.services import browsing, quick_logging, report_batch, reporting, verification
from app.services.report_batch import ReportsStoppedError
from app.services.verification import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.desk import Desk

LINES = [f"printer {place} jams @Nina !2" for place in range(5)]


@pytest.fixture
def logged(desk: Desk) -> Desk:
    quick_logging.log_lines(desk, [*LINES, "vpn drops +other"])
    return desk


def test_two_processes_write_the_same_files_as_one(logged: Desk, tmp_path: Path) -> None:
    uids = report_batch.chosen(logged, "-tag:other")
    told: list[tuple[int, int]] = []
    alone = report_batch.write_reports(logged, uids, tmp_path / "one", processes=1)
    facts = report_batch.write_reports(
        logged, uids, tmp_path / "two", processes=2, progress=lambda *at: told.append(at)
    )
    assert facts["written"] == len(LINES)
    assert told == [(done, 5) for done in range(6)]
    assert facts["files"] == alone["files"] == [f"INC-00000{place}.pdf" for place in range(1, 6)]
    for name in facts["files"]:
        content = (tmp_path / "two" / name).read_bytes()
        assert content == (tmp_path / "one" / name).read_bytes()
        assert content == reporting.report_bytes(logged, name.removesuffix(".pdf"))
        found = verification.verify_file(logged, tmp_path / "two" / name)
        assert found.verdict is Verdict.GENUINE
        assert found.to_json()["issued"], "each is remembered as issued"


def test_one_pdf_holds_them_all_and_is_not_taken_for_one_of_them(
    logged: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "all.pdf"
    reporting.write_report(logged, "1", tmp_path / "single.pdf")
    facts = report_batch.write_bundle(logged, report_batch.chosen(logged, "tag:other,x"), path)
    assert facts["written"] == 1
    facts = report_batch.write_bundle(logged, report_batch.chosen(logged, ""), path)
    content = path.read_bytes()
    assert facts["written"] == 6
    assert facts["pages"] == page_count(content)
    assert f"Page {facts['pages']} of {facts['pages']}" in page_texts(
        content, [facts["pages"] - 1]
    )[0].replace("\r\n", " ")
    found = verification.verify_file(logged, path)
    assert found.verdict is Verdict.GENUINE
    assert found.number is None


def test_nothing_is_changed_by_it(logged: Desk, tmp_path: Path) -> None:
    def state() -> list[str]:
        uids = report_batch.chosen(logged, "")
        return [json.dumps(incident_to_json(browsing.incident(logged, uid))) for uid in uids]

    before, report = state(), reporting.report_bytes(logged, "1")
    uids = report_batch.chosen(logged, "")
    report_batch.write_reports(logged, uids, tmp_path / "out", processes=1)
    report_batch.write_bundle(logged, uids, tmp_path / "all.pdf")
    assert state() == before
    assert reporting.report_bytes(logged, "1") == report


@pytest.mark.parametrize("processes", [1, 2])
def test_a_stop_is_heard_at_once_and_leaves_whole_files(
    logged: Desk, tmp_path: Path, processes: int
) -> None:
    asked: list[float] = []

    def progress(done: int, _total: int) -> None:
        if done == 2:
            asked.append(time.perf_counter())

    with pytest.raises(ReportsStoppedError, match="2 of 6"):
        report_batch.write_reports(
            logged,
            report_batch.chosen(logged, ""),
            tmp_path / "out",
            progress=progress,
            cancelled=lambda: bool(asked),
            processes=processes,
        )
    left = sorted((tmp_path / "out").iterdir())
    assert [one.name for one in left] == ["INC-000001.pdf", "INC-000002.pdf"]
    assert all(page_count(one.read_bytes()) for one in left)


def test_a_stop_leaves_no_half_bundle(logged: Desk, tmp_path: Path) -> None:
    path = tmp_path / "all.pdf"
    path.write_bytes(b"older")
    count = 0

    def stop() -> bool:
        nonlocal count
        count += 1
        return count > 3

    with pytest.raises(ReportsStoppedError):
        report_batch.write_bundle(logged, report_batch.chosen(logged, ""), path, cancelled=stop)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.glob("*.part")) == []


def test_a_killed_process_costs_time_and_no_report(
    logged: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    def submit(*_given: object) -> None:
        raise BrokenProcessPool("killed")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", submit)
    facts = report_batch.write_reports(
        logged, report_batch.chosen(logged, ""), tmp_path / "out", processes=2
    )
    assert facts["written"] == 6


def test_numbers_never_lead_out_of_the_folder_nor_over_each_other() -> None:
    names: dict[str, str] = {}
    given = ["../../x", "INC-1", "inc-1", "INC-1", "con", "a/b:c"]
    told = [report_batch._free_name(one, names) for one in given]
    assert told[1:4] == ["INC-1.pdf", "inc-1-2.pdf", "INC-1-3.pdf"]
    assert not any(sign in name for name in told for sign in "/\\:")
    assert len({name.lower() for name in told}) == len(given)
    assert told[4] != "con.pdf"


def test_a_filter_that_matches_nothing_is_said(logged: Desk) -> None:
    with pytest.raises(InvalidInputError, match="No incident matches"):
        report_batch.chosen(logged, "status:closed")


def test_digest_of_bundle_is_stable(logged: Desk, tmp_path: Path) -> None:
    uids = report_batch.chosen(logged, "")
    digests = set()
    for name in ("a.pdf", "b.pdf"):
        report_batch.write_bundle(logged, uids, tmp_path / name)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1
    assert hashlib.sha256(report_batch.bundle_bytes(logged, uids)).hexdigest() in digests
