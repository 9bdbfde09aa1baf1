"""The version file over TLS: an authority that this computer trusts, and everything else."""

from __future__ import annotations

import datetime
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.system.faults import MachineError
from app.system.version_file import from_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MOST = 1_000
DAY = datetime.timedelta(days=1)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


class Authority:
    """Makes certificates for servers, and is trusted by whoever is given `file`."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = _named("Throw-away authority")
        usage = dict.fromkeys(
            (
                *("digital_signature", "content_commitment", "key_encipherment"),
                *("data_encipherment", "key_agreement", "encipher_only", "decipher_only"),
            ),
            False,
        )
        own = (
            self._begun(self._name, self._key.public_key(), -DAY, DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
            .add_extension(x509.KeyUsage(**usage, key_cert_sign=True, crl_sign=True), True)
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / "authority.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def _begun(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey,
        begins: datetime.timedelta,
        ends: datetime.timedelta,
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + begins)
            .not_valid_after(now + ends)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), False
            )
        )

    def server(self, name: str, ends: datetime.timedelta) -> ssl.SSLContext:
        """Return what a server of this name answers with until its certificate ends."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            self._begun(_named(name), key.public_key(), -2 * DAY, ends)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
            .sign(self._key, hashes.SHA256())
        )
        file = self._folder / f"{name}.pem"
        file.write_bytes(
            made.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"1.2.0")

    def log_message(self, *_args: object) -> None:
        return


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_args: object) -> None:
        """Say nothing: a visitor who trusts nobody breaks the greeting off."""


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Give an authority that nobody trusts yet."""
    return Authority(tmp_path)


@pytest.fixture
def serve() -> Iterator[Callable[[ssl.SSLContext | None], int]]:
    """Give a function that runs a server, over TLS with a context, and returns its port."""
    running: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def run(context: ssl.SSLContext | None) -> int:
        server = _Quiet(("127.0.0.1", 0), _Answer)
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread))
        return int(server.server_address[1])

    yield run
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Give an authority that this computer trusts, as OpenSSL is told of one."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


def refused(port: int) -> str:
    with pytest.raises(MachineError) as error:
        from_address(f"https://localhost:{port}/newest", MOST)
    return error.value.message


def test_a_server_of_a_trusted_authority_is_read(
    trusted: Authority, serve: Callable[[ssl.SSLContext | None], int]
) -> None:
    port = serve(trusted.server("localhost", DAY))
    assert from_address(f"https://localhost:{port}/newest", MOST) == b"1.2.0"


def test_a_server_of_an_unknown_authority_is_refused(
    authority: Authority,
    serve: Callable[[ssl.SSLContext | None], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    said = refused(serve(authority.server("localhost", DAY)))
    assert said.startswith("The certificate of localhost cannot be trusted: unable to get local ")
    assert said.endswith("have its certificate installed on this computer.")


@pytest.mark.parametrize(
    ("name", "ends", "reason"),
    [
        ("other.example", DAY, "Hostname mismatch, certificate is not valid for 'localhost'. "),
        ("localhost", -DAY, "certificate has expired. "),
    ],
)
def test_a_trusted_authority_does_not_help_a_wrong_name_or_an_old_certificate(
    name: str,
    ends: datetime.timedelta,
    reason: str,
    trusted: Authority,
    serve: Callable[[ssl.SSLContext | None], int],
) -> None:
    assert f"cannot be trusted: {reason}Check" in refused(serve(trusted.server(name, ends)))


def test_a_server_without_tls_is_told_apart(
    serve: Callable[[ssl.SSLContext | None], int],
) -> None:
    assert refused(serve(None)) == (
        "localhost does not speak TLS there. Check the port in the address."
    )
