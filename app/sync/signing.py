"""The station's own key: signs what it publishes and checks what others signed (Ed25519).

`cryptography` is imported at first use: a profile that shares with nobody never loads it.
"""

from __future__ import annotations

from app.domain.publication import Publication, signed_bytes


def new_secret() -> bytes:
    """Make a secret key of 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate().private_bytes_raw()


class Signer:
    """Signs with the key of one station."""

    def __init__(self, secret: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._secret = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._secret.public_key().public_bytes_raw()

    def signed(self, piece: Publication) -> Publication:
        """Return the piece with this station's key and signature."""
        told = signed_bytes(piece.station, piece.last, piece.hash)
        return piece._replace(key=self.public, signature=self._secret.sign(told))

    def vouches(self, former: bytes, station: bytes, key: bytes) -> bytes:
        """Return the signature with which a former id says that a new one is the same profile."""
        return self._secret.sign(_succession(former, station, key))


def _succession(former: bytes, station: bytes, key: bytes) -> bytes:
    return b"incident-desk succession 1\0" + former + station + key


def is_vouched(by: bytes, proof: bytes, former: bytes, station: bytes, key: bytes) -> bool:
    """Tell whether the key `by` of a former id has signed a new id and its key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(by).verify(proof, _succession(former, station, key))
    except (InvalidSignature, ValueError):
        return False
    return True


def is_signed(piece: Publication) -> bool:
    """Tell whether the signature over the last hash of the chain holds for the key in the piece."""
    return is_signed_at(piece, piece.last, piece.hash)


def is_signed_at(piece: Publication, last: int, hash_: bytes) -> bool:
    """Tell whether a signature holds for a chain up to a row that is looked at elsewhere."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(piece.key)
        key.verify(piece.signature, signed_bytes(piece.station, last, hash_))
    except (InvalidSignature, ValueError):
        return False
    return True
