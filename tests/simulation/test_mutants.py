"""Deliberate mistakes in the protocol: the schedules must find each one (sync.md, tests 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.storage import (
    adoption,
    exchange_rows,
    head_rows,
    late_rows,
    materialise,
    merge_cycles,
    number_claims,
    remote,
    restamp,
    sharing,
)
from app.sync import engine, push, segment, upkeep
from app.sync.folder_hub import FolderHub

from .world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.publication import Publication
    from app.sync.hub import Holdings

MOST = 2_000
"""So many schedules a mistake may survive."""

Patch = pytest.MonkeyPatch


def _nothing(*_: Any, **__: Any) -> None:
    return None


def never_notices_a_copy(patch: Patch) -> None:
    patch.setattr(push, "_was_copied", lambda *_: False)


def never_repairs(patch: Patch) -> None:
    patch.setattr(engine.repair, "repair", lambda *_, **__: 0)


def sends_from_a_cursor_of_its_own(patch: Patch) -> None:
    def missing(store: Any, station: bytes, _: Holdings) -> Iterator[Publication]:
        last = exchange_rows.vector(store.connection)[station][0]
        yield from push.pieces(store, station, int(store.local(sharing.PUSHED, 0)) + 1, last)

    patch.setattr(push, "_missing", missing)


def sends_only_what_is_newer_than_the_newest(patch: Patch) -> None:
    patch.setattr(
        push, "gaps", lambda held, last: [(held.newest + 1, last)] if held.newest < last else []
    )


def splits_groups(patch: Patch) -> None:
    def cut(station: bytes, previous: bytes, changes: Any, redacted: Any) -> Iterator[Publication]:
        for change in changes:
            yield segment._piece(station, previous, [change], redacted)
            previous = change.hash

    patch.setattr(segment, "cut", cut)


def forgets_what_came_before_its_incident(patch: Patch) -> None:
    patch.setattr(late_rows, "_catch_up", _nothing)


def forgets_versions_named_before_they_came(patch: Patch) -> None:
    real = head_rows._forget_known
    patch.setattr(
        head_rows,
        "_forget_known",
        lambda connection, waited: (
            real(connection, waited),
            connection.execute("DELETE FROM superseded"),
        ),
    )


def shows_what_came_last(patch: Patch) -> None:
    patch.setattr(materialise, "_shown", lambda _, batch, __: batch)


def leaves_a_number_with_whoever_came_first(patch: Patch) -> None:
    patch.setattr(number_claims, "settle", _nothing)


def claims_every_block_for_everybody(patch: Patch) -> None:
    patch.setattr(FolderHub, "claim_block", lambda *_: True)
    patch.setattr(FolderHub, "blocks", lambda _: {})


def keeps_old_names_of_versions_when_it_gets_a_new_id(patch: Patch) -> None:
    patch.setattr(restamp, "_renamed", lambda packed, *_: packed)


def keeps_all_rows_under_the_old_id(patch: Patch) -> None:
    patch.setattr(push, "_common", lambda *_: 1 << 40)


def keeps_a_deletion_whatever_others_do(patch: Patch) -> None:
    patch.setattr(late_rows, "settle_deletions", _nothing)


def lets_merges_go_in_a_circle_by_order(patch: Patch) -> None:
    patch.setattr(merge_cycles, "settle", _nothing)


def takes_rows_with_a_gap(patch: Patch) -> None:
    def fresh(store: Any, piece: Publication, batch: Any) -> Any:
        known = exchange_rows.vector(store.connection).get(piece.station, (0, b""))[0]
        return [change for change in batch if change.sseq > known]

    patch.setattr(remote, "_fresh", fresh)
    patch.setattr(
        FolderHub,
        "fetch",
        _skipping_the_first_piece(FolderHub.fetch),
    )


def _skipping_the_first_piece(real: Callable[..., Any]) -> Callable[..., Any]:
    def fetch(hub: FolderHub, station: bytes, after: int, rows: int) -> Any:
        found = real(hub, station, after, rows)
        return found._replace(pieces=found.pieces[1:]) if len(found.pieces) > 1 else found

    return fetch


def keeps_no_signature_for_a_repair(patch: Patch) -> None:
    patch.setattr(remote.exchange_rows, "note_seen", _nothing)


def stops_pulling_when_the_hub_is_full(patch: Patch) -> None:
    real = engine.pull

    def once(site: Any, holdings: Any) -> int:
        return 0 if site.hub._files.full or site.store.now_ms() % 2 else real(site, holdings)

    patch.setattr(engine, "pull", once)


def believes_a_station_that_says_more_than_it_has(patch: Patch) -> None:
    real = engine._say_here

    def boast(site: Any) -> None:
        real(site)
        note = site.hub.note(site.store.station)
        if note is not None:
            seen = {station: last + 3 for station, last in note.seen.items()}
            site.hub.write_note(site.store.station, note._replace(seen=seen))

    patch.setattr(engine, "_say_here", boast)


def packs_and_loses_the_end(patch: Patch) -> None:
    def pack(site: Any, holdings: Any) -> int:
        held = holdings.get(site.store.station)
        if held is None or len(held.spans) < 3:
            return 0
        for piece in push.pieces(site.store, site.store.station, 1, held.newest):
            whole = push.sealed(site, piece)
            site.hub.replace(whole)
            for path in site.hub._files._share.paths("/pack")[:1]:
                site.hub._files._share.drop(path)
        return 1

    patch.setattr(upkeep, "pack", pack)


def writes_under_the_final_name_at_once(patch: Patch) -> None:
    def written(hub: FolderHub, folder: str, write: Callable[[str], None], path: str) -> None:
        write(path)

    patch.setattr(FolderHub, "_written", written)


def lets_two_stories_stand_under_one_number(patch: Patch) -> None:
    patch.setattr(engine.forks, "settle", lambda *_: 0)


def drops_the_story_that_gives_way(patch: Patch) -> None:
    patch.setattr(adoption, "_places", lambda *_: ({}, []))


MUTANTS = [
    never_notices_a_copy,
    never_repairs,
    sends_from_a_cursor_of_its_own,
    sends_only_what_is_newer_than_the_newest,
    splits_groups,
    forgets_what_came_before_its_incident,
    forgets_versions_named_before_they_came,
    shows_what_came_last,
    leaves_a_number_with_whoever_came_first,
    claims_every_block_for_everybody,
    keeps_old_names_of_versions_when_it_gets_a_new_id,
    keeps_all_rows_under_the_old_id,
    keeps_a_deletion_whatever_others_do,
    lets_merges_go_in_a_circle_by_order,
    takes_rows_with_a_gap,
    keeps_no_signature_for_a_repair,
    stops_pulling_when_the_hub_is_full,
    believes_a_station_that_says_more_than_it_has,
    packs_and_loses_the_end,
    writes_under_the_final_name_at_once,
    lets_two_stories_stand_under_one_number,
    drops_the_story_that_gives_way,
]


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_schedules_find_a_mistake(mutant: Callable[[Patch], None], monkeypatch: Patch) -> None:
    mutant(monkeypatch)
    for seed in range(MOST):
        try:
            World(seed).play()
        except Exception:
            return
    pytest.fail(f"{mutant.__name__} survived {MOST} schedules")
