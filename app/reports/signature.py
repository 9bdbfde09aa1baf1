"""Looks at the digital signature of a file: whole or altered, by somebody known or not."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.reports.sign import is_available

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_MARK = b"/ByteRange"


class SignatureState(StrEnum):
    """What a signature proves."""

    VALID = "valid"
    UNKNOWN_SIGNER = "unknown_signer"
    """The file is as it was signed, by a certificate that nobody here has said to trust."""
    ALTERED = "altered"
    UNCHECKED = "unchecked"
    """There is one, but the part of the program that checks it is not installed."""


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """A signature: what it proves, who signed, and when by the signer's own clock."""

    state: SignatureState
    signer: str = ""
    signed_at: datetime | None = None


def look_at_signature(content: bytes, trusted: Sequence[bytes] = ()) -> SignatureFacts | None:
    """Return what the signature of a file proves; None for a file without one.

    Args:
        content: the file.
        trusted: certificates (DER) of those who may sign here.
    """
    if _MARK not in content:
        return None
    if not is_available():
        return SignatureFacts(SignatureState.UNCHECKED)
    for name in ("pyhanko", "pyhanko_certvalidator"):
        # They tell their log, with tracebacks, what is answered here.
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        return _checked(content, trusted)
    except Exception:  # whatever a hostile file makes a reader of signatures raise
        return SignatureFacts(SignatureState.ALTERED)


def _checked(content: bytes, trusted: Sequence[bytes]) -> SignatureFacts | None:
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(io.BytesIO(content), strict=False)
    signatures = reader.embedded_signatures
    if not signatures:
        return None
    roots = [Certificate.load(one) for one in trusted]
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    facts = [
        _facts(
            validate_pdf_signature(one, signer_validation_context=context),
            plain=_is_plain(content, [int(part) for part in one.byte_range]),
        )
        for one in signatures
    ]
    worst = [SignatureState.ALTERED, SignatureState.UNKNOWN_SIGNER, SignatureState.VALID]
    return min(facts, key=lambda one: worst.index(one.state))


def _is_plain(content: bytes, ranges: Sequence[int]) -> bool:
    """Tell whether the part of a file that its signature leaves out holds that signature alone.

    It is one hexadecimal string: a DER object, then zeros up to the room that was kept for it.
    """
    start, end = ranges[0] + ranges[1], ranges[2]
    text = content[start:end]
    if text[:1] != b"<" or text[-1:] != b">":
        return False
    held = bytes.fromhex(text[1:-1].decode("ascii"))
    if text[1:-1] not in {held.hex().encode(), held.hex().upper().encode()}:
        return False
    many = held[1] & 0x7F if held[1] & 0x80 else 0
    length = 2 + many + (int.from_bytes(held[2 : 2 + many]) if many else held[1])
    return not any(held[length:])


def _facts(status: Any, *, plain: bool) -> SignatureFacts:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    signer = status.signing_cert.subject.native.get("common_name", "")
    untouched = status.modification_level in {None, ModificationLevel.NONE}
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    if not (plain and status.intact and status.valid and whole and untouched):
        state = SignatureState.ALTERED
    elif status.trusted:
        state = SignatureState.VALID
    else:
        state = SignatureState.UNKNOWN_SIGNER
    return SignatureFacts(state, str(signer), status.signer_reported_dt)
