"""What one station published in one piece: rows of its journal, whole groups, chained and signed.

Both kinds of hub carry the same pieces, so verifying and applying them is written once. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.domain.journal_entry import GENESIS, Change, chain_hash, value_digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence


class Publication(NamedTuple):
    """Consecutive rows of one station.

    `previous` is the station's chain hash before the first row; `redacted` holds the digests of the
    rows whose value was blanked, by sequence; `key` is the public key that `signature` is to be
    checked with (raw Ed25519, 32 and 64 bytes).
    """

    station: bytes
    previous: bytes
    changes: tuple[Change, ...]
    redacted: Mapping[int, bytes]
    key: bytes
    signature: bytes

    @property
    def first(self) -> int:
        """Return the sequence of the first row."""
        return self.changes[0].sseq

    @property
    def last(self) -> int:
        """Return the sequence of the last row."""
        return self.changes[-1].sseq

    @property
    def hash(self) -> bytes:
        """Return the chain hash of the last row, which is what the signature covers."""
        return self.changes[-1].hash

    def hash_before(self, sseq: int) -> bytes:
        """Return the chain hash that a row of the piece follows on."""
        return self.previous if sseq == self.first else self.changes[sseq - self.first - 1].hash


def signed_bytes(station: bytes, last: int, hash_: bytes) -> bytes:
    """Return what a station signs: its chain up to and with its row `last`."""
    return b"incident-desk journal 1\0" + station + last.to_bytes(8) + hash_


def fault_of(publication: Publication) -> str:
    """Return why a publication does not hold together, "" when it does.

    Checks what needs no key: one station, no gap, whole groups, and each hash of the chain.
    """
    changes = publication.changes
    if not changes:
        return "it holds no entry"
    if changes[0].sseq == 1 and publication.previous != GENESIS:
        return "its first entry does not begin a chain"
    if changes[0].tx_first != changes[0].sseq:
        return "it begins inside a group"
    previous, expected = publication.previous, changes[0].sseq
    group, ends = changes[0].tx_first, changes[0].tx_first + changes[0].tx_n
    for change in changes:
        if change.station != publication.station:
            return f"entry {change.sseq} is of another station"
        if change.sseq != expected:
            return f"entry {expected} is missing"
        if change.sseq == ends:
            group, ends = change.sseq, change.sseq + change.tx_n
        if change.tx_first != group or change.tx_first + change.tx_n != ends or ends <= group:
            return f"entry {change.sseq} does not fit into its group"
        if change.value is None or change.salt is None:
            digest = publication.redacted.get(change.sseq, b"")
        else:
            digest = value_digest(change.salt, change.value)
        if chain_hash(previous, change, digest) != change.hash:
            return f"entry {change.sseq} was altered: its hash does not follow from its content"
        previous, expected = change.hash, expected + 1
    if expected != ends:
        return "it ends inside a group"
    return ""


def without(publication: Publication, wanted: Collection[int]) -> Publication:
    """Return a publication with the values of these rows blanked: the same one if it has none."""
    digests = {
        change.sseq: value_digest(change.salt, change.value)
        for change in publication.changes
        if change.sseq in wanted and change.value is not None and change.salt is not None
    }
    if not digests:
        return publication
    changes = tuple(
        change._replace(value=None, salt=None) if change.sseq in digests else change
        for change in publication.changes
    )
    return publication._replace(changes=changes, redacted={**publication.redacted, **digests})


def groups(changes: Sequence[Change]) -> Iterator[tuple[Change, ...]]:
    """Yield rows transaction by transaction."""
    start = 0
    for index in range(1, len(changes) + 1):
        if index == len(changes) or changes[index].tx_first != changes[start].tx_first:
            yield tuple(changes[start:index])
            start = index
