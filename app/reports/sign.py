"""Signs a finished report with a certificate, so that other programs see who issued it.

PAdES, certified with no changes allowed (ISO 32000-2, 12.8.2.2). The field that the signature fills
is the report's own, and nothing else of the file is touched, so a signed report stays PDF/A-3a and
PDF/UA-1 (pdf.md, 3). pyHanko is an optional part of the program and is imported on first use.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError, KnownError

if TYPE_CHECKING:
    from datetime import datetime

FIELD = "Signature"
"""The name of the field that a report keeps free."""
_OWN_YEARS = 5


class SignatureError(KnownError):
    """A report cannot be signed; nothing was written."""

    code = "sign"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A certificate with its key, opened; `name` is who it says that signs."""

    name: str
    signer: Any


def is_available() -> bool:
    """Tell whether the part of the program that signs is installed."""
    from importlib.util import find_spec

    return find_spec("pyhanko") is not None


def open_key(pkcs12: bytes, password: str) -> SigningKey:
    """Open a PKCS#12 file.

    Raises:
        SignatureError: signing is not installed.
        InvalidInputError: the password is wrong, or this is no such file.
    """
    _need()
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
    from pyhanko.sign.signers import SimpleSigner

    secret = password.encode()
    try:
        known = load_pkcs12(pkcs12, secret or None)
    except ValueError as error:
        raise InvalidInputError(
            "The certificate cannot be opened: the password is wrong, or this is no PKCS#12 file "
            "(.p12, .pfx).",
            field="sign",
        ) from error
    if known.cert is None or known.key is None:
        raise InvalidInputError("The file holds no certificate with its key.", field="sign")
    signer = SimpleSigner.load_pkcs12_data(pkcs12, (), secret or None)
    if signer is None:
        raise InvalidInputError("The key of this certificate cannot sign.", field="sign")
    return SigningKey(_common_name(known.cert.certificate), signer)


def make_own_certificate(name: str, organisation: str, password: str, now: datetime) -> bytes:
    """Make a certificate of one's own as a PKCS#12 file (P-256, for five years).

    Other programs show its signer as unknown until they are told to trust it.

    Raises:
        InvalidInputError: there is no name or no password.
    """
    if not name.strip():
        raise InvalidInputError("Say whose certificate it is.", field="name")
    if not password:
        raise InvalidInputError("Give a password that keeps the key.", field="password")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    facts = [x509.NameAttribute(NameOID.COMMON_NAME, name.strip()[:64])]
    if organisation.strip():
        facts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation.strip()[:64]))
    subject = x509.Name(facts)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * _OWN_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return serialize_key_and_certificates(
        name.strip().encode(),
        key,
        made,
        None,
        serialization.BestAvailableEncryption(password.encode()),
    )


def sign_report(content: bytes, key: SigningKey) -> bytes:
    """Return the report signed, in the field that it keeps free.

    Raises:
        SignatureError: it has no such field, or the certificate cannot sign.
    """
    _need()
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
    from pyhanko.stamp import BaseStampStyle

    class NoStamp(BaseStampStyle):
        """Keeps the field as the report has it: pyHanko's stamp is no part of an archive."""

        def create_stamp(self, *_given: Any) -> Any:
            """Make none."""
            return None

    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        name=key.name,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
        signer_key_usage={"digital_signature"},
    )
    out = io.BytesIO()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        # It would rewrite XMP without the description of its own schema (pdf.md, 3).
        writer._update_meta = lambda: None  # type: ignore[method-assign]  # noqa: SLF001
        signer = PdfSigner(metadata, key.signer, stamp_style=NoStamp())
        signer.sign_pdf(writer, existing_fields_only=True, output=out)
    except (SigningError, PdfError, ValueError) as error:
        raise SignatureError(f"The report could not be signed: {error}.") from error
    return out.getvalue()


def _common_name(certificate: Any) -> str:
    from cryptography.x509.oid import NameOID

    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def _need() -> None:
    if not is_available():
        raise SignatureError(
            'Signing is not installed. Install it with: pip install "incident-desk[sign]".'
        )
