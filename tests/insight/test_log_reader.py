"""Logs: what is counted, in whatever encoding, packing and time format, and what is refused."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.insight import log_reader, log_text, log_times
from app.insight.log_text import LogText

if TYPE_CHECKING:
    from pathlib import Path

    from app.insight.log_summary import Summary

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
LINES = (
    "2026-03-08 10:00:00 INFO  service started",
    "2026-03-08 10:00:01 INFO  user 12 logged in from 10.0.0.7",
    "2026-03-08 10:00:02 INFO  user 99 logged in from 10.0.0.8",
    "2026-03-08 10:00:03 ERROR cannot reach db01:5432",
    "    at line 7 of pool",
    "2026-03-08 12:30:00 WARNING disk 91 % full",
)


def read(data: bytes | str, since: datetime | None = None, zone: str = "UTC") -> Summary:
    content = data.encode() if isinstance(data, str) else data
    return log_reader.read(LogText(content), ZoneInfo(zone), NOW, since)


def test_span_levels_templates_and_errors_are_told() -> None:
    found = read("\n".join(LINES))
    assert (found.lines, found.timed, found.encoding) == (6, 5, "utf-8")
    assert found.begins == datetime(2026, 3, 8, 10, tzinfo=UTC)
    assert found.ends == datetime(2026, 3, 8, 12, 30, tzinfo=UTC)
    assert found.levels == {"INFO": 3, "ERROR": 1, "WARNING": 1}
    logins = found.templates[0]
    assert (logins.text, logins.count) == ("user <*> logged in from <*>", 2)
    assert logins.first.line == 2
    assert [(one.line, one.text) for one in found.errors] == [(4, LINES[3])]
    assert [one.first.line for one in found.rarest_errors] == [4]


def test_a_gap_is_told_with_the_line_that_ended_it() -> None:
    times = [NOW + timedelta(seconds=n) for n in range(300)]
    times += [times[-1] + timedelta(hours=2, seconds=n) for n in range(300)]
    found = read("\n".join(f"{at:%Y-%m-%d %H:%M:%S} alive" for at in times))
    (gap,) = found.gaps
    assert (gap.line, gap.length) == (301, timedelta(hours=2))


def test_a_burst_is_a_minute_with_far_more_lines_than_is_usual() -> None:
    quiet = [NOW + timedelta(minutes=n) for n in range(60)]
    loud = [NOW + timedelta(minutes=30, seconds=n / 2) for n in range(1, 100)]
    lines = [f"{at:%Y-%m-%dT%H:%M:%S}Z alive" for at in sorted(quiet + loud)]
    (burst,) = read("\n".join(lines)).bursts
    assert (burst.begins, burst.seconds, burst.lines) == (NOW + timedelta(minutes=30), 60, 100)


def test_what_is_older_than_since_is_left_out_with_its_following_lines() -> None:
    found = read("\n".join(LINES), since=datetime(2026, 3, 8, 11, tzinfo=UTC))
    assert (found.lines, found.levels) == (1, {"WARNING": 1})
    assert found.templates[0].first.line == 6


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("[Sun Dec 04 04:47:44 2005] [notice] x", "2005-12-04T04:47:44+00:00"),
        ("Mar  9 08:59:59 host sshd[1]: x", "2026-03-09T08:59:59+00:00"),
        ("Mar 10 08:59:59 host sshd[1]: x", "2025-03-10T08:59:59+00:00"),
        ('1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] "GET /"', "2000-10-10T13:55:36-07:00"),
        ("2026-03-08T10:00:00.125+02:00 x", "2026-03-08T10:00:00.125000+02:00"),
        ("2026/03/08 10:00:00 [error] x", "2026-03-08T10:00:00+00:00"),
        ("13/02/2026 10:00:00 x", "2026-02-13T10:00:00+00:00"),
        ("02/13/2026 10:00:00 x", "2026-02-13T10:00:00+00:00"),
        ("1772964000.250 x", "2026-03-08T10:00:00.250000+00:00"),
    ],
)
def test_the_time_format_is_guessed(line: str, at: str) -> None:
    found = log_times.guess([line] * 3, UTC, NOW)
    assert found is not None
    told = found.read(line)
    assert told is not None
    assert told[0].isoformat() == at


def test_a_log_without_years_goes_over_new_year() -> None:
    found = read("Dec 31 23:59:58 h a: x\nJan  1 00:00:02 h a: x\n")
    assert (found.begins, found.ends) == (
        datetime(2025, 12, 31, 23, 59, 58, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 0, 2, tzinfo=UTC),
    )


def test_times_without_an_offset_are_of_the_reader(tmp_path: Path) -> None:
    found = read("\n".join(LINES), zone="Europe/London")
    assert "Europe/London" in found.time_format
    assert found.to_json()["from"] == "2026-03-08T10:00:00+00:00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_encoding_is_guessed(encoding: str) -> None:
    text = "\n".join(
        f"2026-03-08 10:00:{n:02} ERROR Größe überschritten für Müller" for n in range(40)
    )
    found = read(text.encode(encoding))
    assert found.lines == 40
    assert "Größe überschritten für Müller" in found.templates[0].text


def test_packed_logs_are_unpacked_on_the_way(tmp_path: Path) -> None:
    data = "\n".join(LINES).encode()
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("app.log", data)
    for packed in (gzip.compress(data), lzma.compress(data), zipped.getvalue()):
        assert read(packed).lines == len(LINES)


def test_what_is_no_log_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="There is no file"):
        LogText(tmp_path / "none.log")
    with pytest.raises(InvalidInputError, match="not text"):
        LogText(b"\x7fELF" + bytes(500), "prog")
    with pytest.raises(InvalidInputError, match="damaged"):
        LogText(gzip.compress(b"x" * 9000)[:-20][:30], "a.gz")
    two = io.BytesIO()
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("a", "1")
        archive.writestr("b", "2")
    with pytest.raises(InvalidInputError, match="holds 2 files"):
        LogText(two.getvalue(), "two.zip")


def test_a_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_text, "MAX_UNPACKED", 100_000)
    with pytest.raises(InvalidInputError, match="unpacks to more"):
        read(gzip.compress(b"0" * 1_000_000))


def test_a_line_without_end_is_cut_and_counted_once() -> None:
    assert read(b"a" * 300_000 + b"\nb\n").lines == 2


def test_templates_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_reader, "TEMPLATES", 20)
    found = read("\n".join(f"{'ab'[n % 2] * (n % 90 + 1)} {'x ' * (n % 90)}" for n in range(2_000)))
    assert found.lines == 2_000
    assert len(found.templates) <= 41


def test_an_empty_log_says_so() -> None:
    assert read(b"").to_json()["lines"] == 0


def test_counts_of_real_logs_equal_their_facts(
    real_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = real_data / "system_logs"
    exact = wanted = 0
    for fact in json.loads((folder / "facts.json").read_text("utf-8")):
        found = log_reader.read(LogText(folder / fact["file"]), UTC, NOW)
        assert (found.lines, found.timed) == (fact["lines"], fact["lines"])
        assert found.words["fail"] == fact["lines_with_fail"]
        if "Windows" not in fact["file"]:  # two of its lines have "error" inside a longer word
            assert found.words["error"] == fact["lines_with_error_word"]
        if fact["levels"] and "combo" not in fact["levels"]:  # that is the name of a host
            assert found.levels == fact["levels"]
        counts = [one.count for one in found.templates]
        assert sum(counts) == fact["lines"]
        for one in fact["top5_templates"]:
            wanted += 1
            if one["count"] in counts:
                counts.remove(one["count"])
                exact += 1
    with capsys.disabled():
        print(f"\n  templates of real logs: {exact} of {wanted} counts are those of the facts")  # noqa: T201
    assert exact >= 18
