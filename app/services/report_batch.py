"""Write the closure reports of many incidents: one PDF of all, or one file each.

One file each is built by two other processes where that is quicker; those import app.reports only
and are given plain records, while this thread reads the store, signs and writes. Any thread.
"""

from __future__ import annotations

import os
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import InvalidInputError, KnownError
from app.intake.safe_write import whole_file
from app.services import browsing, issuing, reporting, signing
from app.storage import attachments, export_rows
from app.system.courtesy import give_way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from app.domain.incident import EntityId
    from app.reports.closure_record import ClosureRecord
    from app.reports.sign import SigningKey
    from app.services.desk import Desk

    Progress = Callable[[int, int], None]
    Cancelled = Callable[[], bool]

PROCESSES = 2
WORTH_PROCESSES = 30
"""Reports from which on two processes are quicker: each takes half a second to start."""
_ASK_S = 0.05


class ReportsStoppedError(KnownError):
    """The person stopped the reports."""

    code = "cancelled"


class _Look(NamedTuple):
    """What reports are printed on, in and by; "" is what is set."""

    paper: str
    zone: str
    language: str


class _Built(NamedTuple):
    """A record and its report."""

    record: ClosureRecord
    content: bytes
    pages: int


def chosen(desk: Desk, text: str) -> list[EntityId]:
    """Return the incidents of a line of the filter language, in the order of registration.

    Raises:
        InvalidInputError: the line cannot be understood, or nothing matches it.
    """
    with desk.store.known_errors():
        found = browsing.selection(desk, text)
        uids = export_rows.ids(desk.connection, found.where, found.bound())
    if not uids:
        raise InvalidInputError(
            f'No incident matches "{text}", so there is nothing to report on. Use another filter.',
            field="filter",
        )
    return uids  # type: ignore[return-value]


def write_reports(
    desk: Desk,
    uids: Sequence[EntityId],
    folder: Path,
    *,
    paper: str = "",
    zone: str = "",
    language: str = "",
    key: SigningKey | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    processes: int | None = None,
) -> dict[str, Any]:
    """Write one file for each incident into a folder, named by its number.

    Each is remembered as issued and signed as a single report is. A stop leaves the files that are
    finished. `processes` is how many build them; without it as many as is quickest.

    Raises:
        ReportsStoppedError: `cancelled` said so.
        KnownError: a file cannot be written or signed.
    """
    stop = cancelled or _never
    look = _Look(paper, zone, language)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise KnownError(
            f"The folder {folder} cannot be made: {error.strerror or error}. Choose another one.",
            code="cannot_write",
        ) from error
    key = key or signing.own_key(desk)
    names: dict[str, str] = {}
    pages = 0
    if progress is not None:
        progress(0, len(uids))
    for built in _all_built(_records(desk, uids, look, key), len(uids), stop, processes):
        if built is None or stop():
            raise ReportsStoppedError(
                f"Stopped: {len(names):,} of {len(uids):,} reports are in {folder}."
            )
        content = built.content if key is None else _signed(built.content, key)
        name = _free_name(built.record.number, names)
        with whole_file(folder / name) as file:
            file.write(content)
        issuing.remember(desk, built.record, content)
        pages += built.pages
        if progress is not None:
            progress(len(names), len(uids))
    return {
        "written": len(names),
        "pages": pages,
        "path": str(folder),
        "files": list(names.values()),
    }


def write_bundle(
    desk: Desk,
    uids: Sequence[EntityId],
    path: Path,
    *,
    paper: str = "",
    zone: str = "",
    language: str = "",
    key: SigningKey | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> dict[str, Any]:
    """Write one PDF of all reports, numbered through.

    It is remembered as issued and signed as a single report is; its field is in the last report.

    Raises:
        ReportsStoppedError: `cancelled` said so; no file was written.
        KnownError: the file cannot be written or signed.
    """
    from app.reports.report_bundle import report_bundle_bytes  # reportlab loads slowly

    stop = cancelled or _never
    look = _Look(paper, zone, language)
    key = key or signing.own_key(desk)
    told: list[tuple[str, str]] = []

    def pause() -> None:
        give_way()
        if stop():
            raise ReportsStoppedError("The reports were stopped; no file was written.")

    def records() -> Iterator[ClosureRecord]:
        for done, record in enumerate(_records(desk, uids, look, key)):
            pause()
            if progress is not None:
                progress(done, len(uids))
            told.append((record.number, record.record_sha256))
            last = done == len(uids) - 1
            yield record if last else replace(record, signature_field="")

    content, pages = report_bundle_bytes(records(), pause=pause)
    if key is not None:
        content = _signed(content, key)
    with whole_file(path) as file:
        file.write(content)
    issuing.remember_bundle(desk, told, content)
    if progress is not None:
        progress(len(uids), len(uids))
    by = {} if key is None else {"signed_by": key.name}
    return {"written": len(uids), "pages": pages, "path": str(path), **by}


def bundle_bytes(
    desk: Desk, uids: Sequence[EntityId], *, paper: str = "", language: str = ""
) -> bytes:
    """Return one PDF of all reports, to be looked at."""
    from app.reports.report_bundle import report_bundle_bytes

    return report_bundle_bytes(_records(desk, uids, _Look(paper, "", language), None))[0]


def _records(
    desk: Desk, uids: Sequence[EntityId], look: _Look, key: SigningKey | None
) -> Iterator[ClosureRecord]:
    for uid in uids:
        made = reporting.record(desk, uid, **look._asdict())
        yield made if key is None else reporting.to_be_signed(desk, made, key)


def _all_built(
    records: Iterator[ClosureRecord], count: int, stop: Cancelled, processes: int | None
) -> Iterator[_Built | None]:
    """Give each record with its report, in their order; None when the work was stopped."""
    if processes is None:
        several = count >= WORTH_PROCESSES and (os.cpu_count() or 1) >= PROCESSES
        processes = PROCESSES if several else 1
    if processes > 1:
        yield from _built_beside(records, stop, processes)
        return
    for record in records:
        give_way()
        yield _built_here(record)


def _built_here(record: ClosureRecord) -> _Built:
    from app.reports.closure_report import closure_report_bytes

    return _Built(record, *closure_report_bytes(record))


def _built_beside(
    records: Iterator[ClosureRecord], stop: Cancelled, processes: int
) -> Iterator[_Built | None]:
    """Build in other processes; what they cannot is built here, as when one was killed."""
    import signal
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    from app.reports.closure_report import closure_report_bytes

    waiting: deque[tuple[ClosureRecord, Future[tuple[bytes, int]] | None]] = deque()

    def first() -> _Built | None:
        record, future = waiting.popleft()
        while future is not None:
            if stop():
                return None
            try:
                return _Built(record, *future.result(timeout=_ASK_S))
            except TimeoutError:
                continue
            except BrokenProcessPool:
                break
        return _built_here(record)

    # A process that is forked would hold the locks of this one's other threads; and Ctrl+C, which
    # reaches all of them, is this one's to understand.
    pool = ProcessPoolExecutor(
        processes,
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        for record in records:
            give_way()
            try:
                waiting.append((record, pool.submit(closure_report_bytes, record)))
            except BrokenProcessPool:
                waiting.append((record, None))
            if len(waiting) > processes * 3:
                yield first()
            elif stop():
                yield None
        while waiting:
            yield first()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _signed(content: bytes, key: SigningKey) -> bytes:
    from app.reports import sign

    return sign.sign_report(content, key)


def _free_name(number: str, names: dict[str, str]) -> str:
    """Return a file name for a report that no other has, and note it in `names`."""
    stem = attachments.safe_name(number)
    name, count = f"{stem}.pdf", 1
    while name.lower() in names:  # a file system may not tell case apart
        count += 1
        name = f"{stem}-{count}.pdf"
    names[name.lower()] = name
    return name


def _never() -> bool:
    return False
