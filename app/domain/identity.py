"""Identities that need no server: UUIDv7 (RFC 9562), so that ids sort by when they were made."""

from __future__ import annotations

from app.domain.incident import EntityId

_VERSION = 0x7 << 12
_VARIANT = 0b10 << 62
_VARIANT_MASK = (1 << 62) - 1


def new_id(now_ms: int, entropy: bytes) -> EntityId:
    """Make a UUIDv7 from an instant in milliseconds and at least ten random bytes."""
    random_a = int.from_bytes(entropy[:2]) & 0x0FFF
    random_b = int.from_bytes(entropy[2:10]) & _VARIANT_MASK
    high = (now_ms & 0xFFFF_FFFF_FFFF) << 16 | _VERSION | random_a
    return EntityId((high << 64 | _VARIANT | random_b).to_bytes(16))


def id_from_hex(text: str) -> EntityId:
    """Read an id from its 32 hexadecimal digits; raises ValueError for anything else."""
    raw = bytes.fromhex(text)
    if len(raw) != 16:
        raise ValueError(f"an id has 32 hexadecimal digits, not {len(text)}")
    return EntityId(raw)
