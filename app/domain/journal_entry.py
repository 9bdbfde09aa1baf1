"""One row of the journal: a change of one field of one entity, chained to the row before it.

The hash is SHA-256(previous hash of this station | canonical header | SHA-256(salt | value)), so a
value can be redacted for good and every chain still verifies (sync.md, local tables).
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = 1
"""Version of the meaning of journal rows; readers keep rows of a later one unread."""

GENESIS = bytes(32)
"""The hash before the first row of a station."""

VERSION_BYTES = 24
"""The length of one packed version: 16 bytes of the station, 8 of its sequence."""

_SEPARATOR = "\x1f"

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


class Version(NamedTuple):
    """Names one journal row for ever: its station and its sequence there."""

    station: bytes
    sseq: int


class Change(NamedTuple):
    """A journal row. `root` is the incident (or other aggregate) that the entity belongs to."""

    station: bytes
    sseq: int
    hlc: int
    at: int
    zone: str
    tx_first: int
    tx_n: int
    action: bytes
    kind: str
    entity: bytes
    root: bytes
    op: str
    field: str
    value: str | None
    salt: bytes | None
    prevs: bytes
    author: bytes
    undo_of: bytes
    schema: int
    hash: bytes

    @property
    def version(self) -> Version:
        """Name this row."""
        return Version(self.station, self.sseq)


def canonical(value: Any) -> str:
    """Write a value as the one JSON text that it has: sorted keys, no spaces."""
    kind = type(value)
    if kind is int:  # an encoder is made for each value that is no text: most are as plain as this
        return str(value)
    if value is None:
        return "null"
    return _encode(value)


_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def decoded(text: str) -> Any:
    """Read what `canonical` wrote; raises ValueError for what is not JSON."""
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        end = -1
    return value if end == len(text) else json.loads(text)


def pack_versions(versions: Sequence[tuple[bytes, int]]) -> bytes:
    """Write versions as 24 bytes each, sorted, so that equal sets are equal bytes."""
    if len(versions) == 1:
        station, sseq = versions[0]
        return station + sseq.to_bytes(8)
    return b"".join(station + sseq.to_bytes(8) for station, sseq in sorted(versions))


def unpack_versions(packed: bytes) -> list[Version]:
    """Read what `pack_versions` wrote."""
    return [
        Version(packed[i : i + 16], int.from_bytes(packed[i + 16 : i + 24]))
        for i in range(0, len(packed), VERSION_BYTES)
    ]


def header(change: Change) -> bytes:
    """Return the canonical header: every column but value, salt and hash, in a fixed order."""
    c = change
    entity = c.entity.hex()
    root = entity if c.root == c.entity else c.root.hex()
    return (
        f"{c.schema}\x1f{c.station.hex()}\x1f{c.sseq}\x1f{c.hlc}\x1f{c.at}\x1f{c.zone}"
        f"\x1f{c.tx_first}\x1f{c.tx_n}\x1f{c.action.hex()}\x1f{c.kind}\x1f{entity}\x1f{root}"
        f"\x1f{c.op}\x1f{c.field}\x1f{c.prevs.hex()}\x1f{c.author.hex()}\x1f{c.undo_of.hex()}"
    ).encode("utf-8", "surrogatepass")


class HeaderWriter:
    """Writes the headers of one transaction's rows: what they share is put together once."""

    def __init__(self, origin: Origin) -> None:
        o = origin
        self._before = f"{SCHEMA}{_SEPARATOR}{o.station.hex()}{_SEPARATOR}"
        shared = (o.zone, str(o.tx_first), str(o.tx_n), o.action.hex())
        self._shared = _SEPARATOR.join(("", *shared, ""))
        self._author = f"{_SEPARATOR}{o.author.hex()}{_SEPARATOR}"

    def write(
        self,
        place: tuple[int, int, int],
        kind: str,
        entity: bytes,
        root: bytes,
        op: str,
        field: str,
        prevs: bytes,
        undo_of: bytes,
    ) -> bytes:
        """Return the same bytes as `header`; `place` is (sequence, clock reading, at)."""
        sseq, hlc, at = place
        digits = entity.hex()
        of = digits if root == entity else root.hex()
        return (
            f"{self._before}{sseq}\x1f{hlc}\x1f{at}{self._shared}{kind}\x1f{digits}\x1f{of}\x1f{op}"
            f"\x1f{field}\x1f{prevs.hex()}{self._author}{undo_of.hex()}"
        ).encode("utf-8", "surrogatepass")


class Origin(NamedTuple):
    """What all rows of one transaction share."""

    station: bytes
    zone: str
    tx_first: int
    tx_n: int
    action: bytes
    author: bytes


def value_digest(salt: bytes, value: str) -> bytes:
    """Return the digest that stands for a value in the chain, redacted or not."""
    return sha256(salt + value.encode("utf-8", "surrogatepass")).digest()


def chain_hash(previous: bytes, change: Change, digest: bytes) -> bytes:
    """Return the hash of a row from the hash before it and its value's digest."""
    return sha256(previous + header(change) + digest).digest()
