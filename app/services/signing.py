"""The certificate that a person signs reports with: where it is, its password, whom to trust.

The file stays where it is and its password in the system's key store; the store keeps only the
public certificate, by which this workstation knows its own signatures again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import InvalidInputError, KnownError
from app.intake.safe_write import whole_file
from app.services import configuration
from app.system import secrets
from app.system.faults import MachineError

if TYPE_CHECKING:
    from app.reports.sign import SigningKey
    from app.services.desk import Desk

_TRUSTED = "sign.trusted:"
_LARGEST = 1_000_000


def own_key(desk: Desk) -> SigningKey | None:
    """Return the person's key when reports are to be signed; None when they are not.

    Raises:
        KnownError: it cannot be opened; the sentence says why.
        MachineError: the key store cannot be read.
    """
    if not configuration.get_setting(desk, "sign.reports"):
        return None
    path = str(configuration.get_setting(desk, "sign.certificate")).strip()
    if not path:
        raise InvalidInputError(
            "Reports are to be signed, but no certificate is chosen. Choose one in the settings, "
            "or switch signing off.",
            field="sign",
        )
    return key_of_file(Path(path), secrets.get_secret(_secret_name(path)) or "")


def key_of_file(path: Path, password: str) -> SigningKey:
    """Open a PKCS#12 file; raises KnownError when it cannot be read or opened."""
    from app.reports.sign import open_key  # only who signs needs it

    try:
        if path.stat().st_size > _LARGEST:
            raise InvalidInputError(f"{path} is too large for a certificate.", field="sign")
        content = path.read_bytes()
    except OSError as error:
        raise KnownError(
            f"The certificate {path} cannot be read: {error.strerror or error}.", code="sign"
        ) from error
    return open_key(content, password)


def choose_certificate(desk: Desk, path: Path, password: str) -> str:
    """Take a PKCS#12 file as the person's own, and sign with it; return whose it is.

    Raises:
        KnownError: it cannot be opened; nothing was changed.
        MachineError: no key store keeps its password; nothing was changed.
    """
    key = key_of_file(path, password)
    secrets.set_secret(_secret_name(str(path)), password)
    trust(desk, key)
    configuration.set_setting(desk, "sign.certificate", str(path))
    configuration.set_setting(desk, "sign.reports", True)
    return key.name


def make_certificate(desk: Desk, path: Path, password: str) -> str:
    """Make a certificate of the person's own in a new file, and take it; return whose it is."""
    from app.reports.sign import make_own_certificate

    organisation = str(configuration.get_setting(desk, "organisation.name"))
    made = make_own_certificate(desk.person.name, organisation, password, desk.now())
    if path.exists():
        raise InvalidInputError(
            f"{path.name} is there already. Choose a new file, so that no key is lost.",
            field="sign",
        )
    with whole_file(path) as file:
        file.write(made)
    path.chmod(0o600)
    return choose_certificate(desk, path, password)


def trust(desk: Desk, key: SigningKey) -> None:
    """Know signatures of this certificate again on this workstation."""
    certificate = key.signer.signing_cert
    with desk.store.writing():
        desk.store.set_local(_TRUSTED + certificate.sha256.hex(), certificate.dump())


def trusted(desk: Desk) -> list[bytes]:
    """Return the certificates whose signatures are known here."""
    return [bytes(one) for one in desk.store.locals(_TRUSTED).values()]


def kept_password(path: str) -> str:
    """Return the password that the key store has for a file, "" for none."""
    try:
        return secrets.get_secret(_secret_name(path)) or ""
    except MachineError:
        return ""


def _secret_name(path: str) -> str:
    return f"sign:{path}"
