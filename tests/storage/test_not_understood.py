"""Rows of a newer program: kept now, applied after the upgrade (sync.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.services import browsing, evidence, incidents
from app.storage import audit, not_understood, rebuild
from app.storage.store import Store
from tests.simulation.state import difference, state_of

from .test_remote import _vector, clock, log, send, station

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from app.services.desk import Desk

__all__ = ["clock", "station"]


def test_what_an_older_program_did_not_know_is_applied_after_its_upgrade(
    station: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, jon = station("Ana"), station("Jon")
    uid = log(ana)
    new = {"workaround", "colour"}
    knows = not_understood.is_understood
    with monkeypatch.context() as older:
        older.setattr(not_understood, "KINDS", not_understood.KINDS - {"attachment"})
        older.setattr(
            not_understood,
            "is_understood",
            lambda change: (
                knows(change) and change.field not in new and change.kind != "attachment"
            ),
        )
        for text in ("unplug", "plug in", "unplug twice"):
            incidents.edit(ana, [uid], {"workaround": text})
        evidence.attach(ana, uid, [("log.txt", b"text")])
        with ana.write("Later") as action:
            action.set("incident", uid, "title", "x", op="transmogrify")
        incidents.edit(ana, [uid], {"title": "Printer down, again"})
        send(ana, jon)
        shown = browsing.incident(jon, uid)
        assert (shown.title, shown.workaround) == ("Printer down, again", "")
        assert shown.attachments == ()
        assert _vector(jon)[ana.store.station] == _vector(ana)[ana.store.station]
        held = jon.connection.execute("SELECT count(*) FROM not_understood").get
        assert held == 5
        before = state_of(jon.connection)
        rebuild.rebuild(jon.store)
        assert difference(before, state_of(jon.connection)) == ""
        assert audit.i4_no_change_is_silently_lost(jon.connection) == []
    send(jon, ana)
    upgraded = Store(jon.store.path, jon.store.clock)
    assert difference(_without_op(ana), _without_op(jon)) == ""
    shown = browsing.incident(jon, uid)
    assert shown.workaround == "unplug twice"
    assert [file.name for file in shown.attachments] == ["log.txt"]
    assert jon.connection.execute("SELECT count(*) FROM not_understood").get == 1
    upgraded.close_thread()


def _without_op(desk: Desk) -> dict[str, list[Any]]:
    """Return the state but for the head of an op that no program knows: its writer moved on."""
    state = state_of(desk.connection)
    heads = {"vv", "change", "head", "superseded"}
    return {name: rows for name, rows in state.items() if name not in heads}
