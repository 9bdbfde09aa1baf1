"""Runs the listeners of alerts: one event loop, and one thread that writes what they got.

What waits is written together in one transaction and answered after its commit; a storm so costs
few of them. Every event is told to `tell` as one document.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import InvalidInputError, KnownError
from app.intake.drop_folder import DropFolder
from app.intake.log_follower import LogFollower
from app.intake.report_file import looks_like_report
from app.intake.syslog_listener import listen_tcp, listen_udp
from app.intake.webhook import Answer, Webhook
from app.services import alert_intake, lease, log_watch, mailbox_settings, report_intake
from app.services.collecting import ELSEWHERE, FAILED, Collected, Collector
from app.services.syslog_intake import SyslogWatch

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from app.intake.log_follower import Read
    from app.services.alert_intake import Taken
    from app.services.desk import Desk

_MOST_WAITING = 5_000
_MOST_AT_ONCE = 200
_LOOK_S = 0.5
_CALM_S = 30.0
SYSLOG, LOG, DROPPED = "syslog", "log", "drop"
TURN = "turn"
"""Asks whether this station may take what is dropped; writes no alert."""
_TURN_S = 5.0
"""So often a station whose turn it is not looks again."""
HERE, ELSEWHERE_NOW = "here", "elsewhere"
_LAST_MAIL_S = 30.0
_LOG = logging.getLogger(__name__)


class _Work(NamedTuple):
    """What one listener got. `done` hears what became of it, or that it could not be written."""

    kind: str
    body: bytes
    name: str
    origin: str
    done: Callable[[list[Taken] | KnownError], None]
    read: Read | None = None
    """Lines of a watched log, whose path is `origin`."""


class Writer:
    """Takes what listeners got, on a thread of its own with its own connection."""

    def __init__(self, desk: Desk, tell: Callable[[dict[str, Any]], None]) -> None:
        self._desk = alert_intake.monitoring(desk)
        self._tell = tell
        self._waiting: queue.Queue[_Work | None] = queue.Queue(_MOST_WAITING)
        self._watch = SyslogWatch(self._desk)
        self._thread = threading.Thread(target=self._run, name="alerts")
        self._had_turn = False

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    def put(self, work: _Work) -> bool:
        """Give work to the thread; False when so much waits already that it has to come again."""
        try:
            self._waiting.put_nowait(work)
        except queue.Full:
            return False
        return True

    def _run(self) -> None:
        try:
            while (batch := self._batch()) is not None:
                self._write(batch)
            if self._had_turn:
                with suppress(KnownError):  # it ends by itself
                    lease.release(self._desk, lease.ALERTS)
        finally:
            self._desk.close()

    def _batch(self) -> list[_Work] | None:
        """Return what waits, nothing after a while without work, None when all is done."""
        batch: list[_Work] = []
        with suppress(queue.Empty):
            while len(batch) < _MOST_AT_ONCE:
                one = self._waiting.get_nowait() if batch else self._waiting.get(timeout=_CALM_S)
                if one is None:
                    if not batch:
                        return None
                    self._waiting.put(None)  # what is in hand is written first
                    break
                batch.append(one)
        return batch

    def _write(self, batch: list[_Work]) -> None:
        results: list[list[Taken] | KnownError] = []
        try:
            with self._desk.store.writing():
                if not batch:
                    alert_intake.take(self._desk, ())
                results = [self._take(one) for one in batch]
        except KnownError as error:
            self._tell({"event": "failed", "reason": error.message})
            for one in batch:
                one.done(error)
            return
        except Exception:  # a bug at one payload may not lose the others
            _LOG.exception("an alert could not be taken")
            self._one_by_one(batch)
            return
        for one, taken in zip(batch, results, strict=True):
            one.done(taken)
            if isinstance(taken, KnownError) or one.kind == TURN:
                continue
            for each in taken:
                if one.kind not in (SYSLOG, LOG) or each.action != "ignored":
                    self._tell({"event": one.kind, "from": one.origin, **each.to_json()})

    def _one_by_one(self, batch: list[_Work]) -> None:
        """Write each by itself; the one that meets a bug is kept in quarantine."""
        if len(batch) > 1:
            for one in batch:
                self._write([one])
        for one in batch if len(batch) == 1 else ():
            try:
                kept = alert_intake.quarantine(
                    self._desk, one.body, one.origin, "The program has a bug with this payload."
                )
            except KnownError as error:
                one.done(error)
            else:
                one.done([kept])

    def _take(self, one: _Work) -> list[Taken] | KnownError:
        """Take one; returns the error of a request that names a format nobody knows."""
        if one.kind == TURN:
            here = lease.held(self._desk, lease.ALERTS)
            self._had_turn = self._had_turn or here
            return [alert_intake.Taken("", HERE if here else ELSEWHERE_NOW)]
        if one.read is not None:
            return log_watch.take(self._desk, Path(one.origin), one.read)
        if one.kind == SYSLOG:
            return [line.taken for line in self._watch.take([one.body], receiver=one.origin)]
        if one.kind == DROPPED and looks_like_report(one.body):
            return [report_intake.take_report(self._desk, one.body, origin=one.origin)]
        try:
            return alert_intake.take_payload(self._desk, one.body, name=one.name, origin=one.origin)
        except InvalidInputError as error:
            if error.field == "format":
                return error
            return [alert_intake.quarantine(self._desk, one.body, one.origin, error.message)]


@dataclass(slots=True)
class Places:
    """Where it is listened: (host, port), a folder, the token that is asked for, TLS."""

    webhook: tuple[str, int] | None = None
    syslog: tuple[str, int] | None = None
    syslog_tls: tuple[str, int] | None = None
    drop: Path | None = None
    log: Path | None = None
    token: str = ""
    tls: ssl.SSLContext | None = None
    mailboxes: tuple[str, ...] = ()
    """What the mailboxes that are fetched from are called."""
    in_turn: bool = False
    """Whether files of the folder are taken only while this station holds the team's lease."""


async def serve(
    desk: Desk,
    places: Places,
    tell: Callable[[dict[str, Any]], None],
    stopped: asyncio.Event,
) -> None:
    """Listen until `stopped`; then write what waits and end.

    Raises:
        InvalidInputError: an address cannot be listened at.
    """
    writer = Writer(desk, tell)
    writer.start()
    tasks: list[asyncio.Task[None]] = []
    closing: list[Callable[[], None]] = []
    collector: Collector | None = None
    try:
        if places.webhook is not None:
            hook = Webhook(lambda *got: _answer(writer, *got), places.token)
            server = await _listening(hook.listen(*places.webhook, tls=places.tls), places.webhook)
            closing += [server.close, hook.hang_up]
            _told(tell, "webhook", server.sockets[0].getsockname())

        def got(message: bytes, peer: str) -> None:
            writer.put(_Work(SYSLOG, message, "", peer, lambda _: None))

        if places.syslog_tls is not None:
            safe = await _listening(
                listen_tcp(got, *places.syslog_tls, tls=places.tls), places.syslog_tls
            )
            closing.append(safe.close)
            _told(tell, "syslog over TLS", safe.sockets[0].getsockname())
        if places.syslog is not None:
            host, port = places.syslog
            lines = await _listening(listen_tcp(got, host, port), places.syslog)
            bound = lines.sockets[0].getsockname()
            datagrams = await _listening(listen_udp(got, host, int(bound[1])), places.syslog)
            closing += [lines.close, datagrams.close]
            _told(tell, "syslog", bound)
        if places.drop is not None:
            tasks.append(
                asyncio.create_task(_look(writer, DropFolder(places.drop), in_turn=places.in_turn))
            )
            tell({"event": "listening", "kind": "drop", "at": str(places.drop)})
        if places.mailboxes:
            boxes = mailbox_settings.find(desk, places.mailboxes)
            collector = Collector(
                lambda: replace(desk),
                lambda done: _collected(tell, done),
                always=[box.name for box in boxes],
            )
            collector.start()
            for box in boxes:
                tell({"event": "listening", "kind": "mailbox", "at": box.shown})
        if places.log is not None:
            follower = LogFollower(places.log, log_watch.position(desk, places.log))
            tasks.append(asyncio.create_task(_follow(writer, places.log, follower, tell)))
        await stopped.wait()
    finally:
        for task in tasks:
            task.cancel()
        for close in closing:
            close()
        await asyncio.to_thread(writer.stop)
        if collector is not None:
            await asyncio.to_thread(collector.stop, _LAST_MAIL_S)


def _told(tell: Callable[[dict[str, Any]], None], kind: str, bound: Any) -> None:
    tell({"event": "listening", "kind": kind, "at": f"{bound[0]}:{bound[1]}"})


def _collected(tell: Callable[[dict[str, Any]], None], done: Collected) -> None:
    """Tell of each mail, of a failure, and of a mailbox that another station fetches from."""
    if done.state == FAILED:
        tell({"event": "failed", "mailbox": done.mailbox, "reason": done.text})
    elif done.state == ELSEWHERE and done.text:
        said = f"{done.text} fetches now."
        tell({"event": "waiting", "kind": "mailbox", "mailbox": done.mailbox, "reason": said})
    for one in done.taken:
        told = {"source": one.source, "action": one.action, "number": one.number or None}
        tell({"event": "mailbox", **told, "reason": one.reason})


async def _listening(begun: Any, at: tuple[str, int]) -> Any:
    try:
        return await begun
    except OSError as error:
        raise InvalidInputError(
            f"Nothing can be listened to at {at[0]}:{at[1]}: {error.strerror or error}. Choose "
            "another port, or end what uses it."
        ) from error


async def _done(
    writer: Writer, kind: str, body: bytes, name: str, origin: str, read: Read | None = None
) -> Any:
    """Return what became of a payload when it is on the disk; None when too much waits."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def heard(result: Any) -> None:
        def settle() -> None:
            if not future.done():
                future.set_result(result)

        with suppress(RuntimeError):  # the loop has ended; nobody waits for an answer
            loop.call_soon_threadsafe(settle)

    if not writer.put(_Work(kind, body, name, origin, heard, read)):
        return None
    return await future


async def _answer(writer: Writer, body: bytes, name: str, origin: str) -> Answer:
    taken = await _done(writer, "alert", body, name, origin)
    if taken is None:
        return Answer(503, {"error": "Too much waits to be written; come again."})
    if isinstance(taken, KnownError):
        unknown = isinstance(taken, InvalidInputError) and taken.field == "format"
        status = 404 if unknown else 503
        return Answer(status, {"error": taken.message})
    results = [one.to_json() for one in taken]
    unread = [one for one in taken if one.action == "quarantined"]
    return Answer(422 if unread and len(unread) == len(taken) else 200, {"results": results})


async def _look(writer: Writer, folder: DropFolder, *, in_turn: bool) -> None:
    """Take what is dropped into a folder, for ever; `in_turn`: while no other station does."""
    while True:
        ready = await asyncio.to_thread(lambda: list(folder.ready()))
        if ready and in_turn and not await _is_turn(writer):
            await asyncio.sleep(_TURN_S)
            continue
        for path, body in ready:
            taken = await _done(writer, DROPPED, body, "", path.name)
            if taken is None or isinstance(taken, KnownError):
                break
            good = any(one.action != "quarantined" for one in taken)
            with suppress(OSError):
                folder.put_away(path, taken=good)
        await asyncio.sleep(_LOOK_S)


async def _is_turn(writer: Writer) -> bool:
    answer = await _done(writer, TURN, b"", "", "")
    return isinstance(answer, list) and answer[0].action == HERE


async def _follow(
    writer: Writer, path: Path, follower: LogFollower, tell: Callable[[dict[str, Any]], None]
) -> None:
    """Take what a log gets, for ever; it is told of when it is kept how far the log was read."""
    troubled, listening = "", False
    while True:
        if not listening and follower.position is not None:
            tell({"event": "listening", "kind": "log", "at": str(path)})
            listening = True
        lines: list[bytes] = []
        try:
            read = await asyncio.to_thread(follower.read)
        except OSError as error:
            said = f"{path} cannot be read: {error.strerror or error}."
            if said != troubled:
                tell({"event": "failed", "reason": said})
            troubled = said
        else:
            troubled, lines = "", read.lines
            if lines or follower.position is None:
                taken = await _done(writer, LOG, b"\n".join(lines), "", str(path), read)
                if taken is None or isinstance(taken, KnownError):
                    lines = []
                else:
                    follower.accept(read.position)
        if not lines:
            await asyncio.sleep(_LOOK_S)
