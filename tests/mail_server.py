"""Mail servers for tests: a real one (aiosmtpd), and one that breaks off where a test wants it."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER, PASSWORD = "desk", "open sesame"


class Received:
    """Keeps the letters that a server took; `refused` holds what it answers to an address."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.people: list[list[str]] = []
        self.refused: dict[str, str] = {}
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's own name
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        if self.answer.startswith("2"):
            self.letters.append(envelope.content)
            self.people.append(list(envelope.rcpt_tos))
        return self.answer


class _TlsController(Controller):
    """Encrypts from the first byte, as port 465 does."""


def _authenticated(_server: Any, _session: Any, _envelope: Any, _way: str, data: Any) -> AuthResult:
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)


@contextlib.contextmanager
def mail_server(
    received: Received, context: ssl.SSLContext | None = None, *, tls: bool = False
) -> Iterator[int]:
    """Run a server on a port of this computer and give the port.

    With a context it asks for STARTTLS and a password; with `tls` it encrypts from the beginning.
    """
    more: dict[str, Any] = {}
    if context is not None and not tls:
        more = {
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": _authenticated,
        }
    elif tls:
        more = {"ssl_context": context}
    controller = Controller(received, hostname="127.0.0.1", port=_free_port(), **more)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def certificate(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """Make a self-signed certificate; return the server's context and the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    file, private = folder / "certificate.pem", folder / "key.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, private)
    return context, file


class BreakingServer:
    """Speaks enough SMTP to take a letter, and goes silent or away where it is told to.

    `breaks_at` is "hello", "RCPT", "DATA" (before the letter) or "end" (after it); `silent` keeps
    the connection open without a word instead of closing it.
    """

    def __init__(self, breaks_at: str, *, silent: bool = False) -> None:
        self.breaks_at, self.silent = breaks_at, silent
        self.ends = 0
        """How many letters came whole."""
        self.reached = threading.Event()
        self._left = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> BreakingServer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._left.set()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._left.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                self._speak(connection)

    def _speak(self, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        if self._breaks("hello"):
            return
        connection.sendall(b"220 test\r\n")
        for line in lines:
            word = line.split()[0].upper().decode() if line.split() else ""
            if self._breaks(word):
                return
            if word == "DATA":
                connection.sendall(b"354 go on\r\n")
                if not any(part == b".\r\n" for part in lines):
                    return
                self.ends += 1
                if self._breaks("end"):
                    return
            connection.sendall(b"221 bye\r\n" if word == "QUIT" else b"250 fine\r\n")
            if word == "QUIT":
                return

    def _breaks(self, place: str) -> bool:
        if place != self.breaks_at:
            return False
        self.reached.set()
        if self.silent:
            self._left.wait(30)
        return True
