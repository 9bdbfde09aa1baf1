"""A real mailbox (Dovecot, TLS): fetched once, seen after the commit, nothing lost by a crash."""

from __future__ import annotations

import datetime
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.domain.errors import MailAwayError, MailHeldError, StoreError
from app.domain.incident import Status
from app.intake.mailbox import PLAIN, STARTTLS, MailboxServer
from app.services import browsing, mail_fetching, mail_intake
from tests.services.test_mail_intake import count, mail, waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.desk import Desk

pytestmark = pytest.mark.mailbox
PASSWORD = "gr\u00fcn-und-lang"
_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail
mail_uid = {uid}
mail_gid = {gid}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Box:
    """A running Dovecot with one empty mailbox."""

    def __init__(self, folder: Path, tls: int, plain: int) -> None:
        self.folder, self.tls, self.plain = folder, tls, plain
        self.authority = str(folder / "cert.pem")

    def server(self, **changed: Any) -> MailboxServer:
        given: dict[str, Any] = {"port": self.tls, "authority": self.authority, "timeout_s": 10.0}
        return MailboxServer("127.0.0.1", "desk", **{"password": PASSWORD, **given, **changed})

    def client(self) -> imaplib.IMAP4_SSL:
        context = ssl.create_default_context(cafile=self.authority)
        client = imaplib.IMAP4_SSL("127.0.0.1", self.tls, ssl_context=context, timeout=3.0)
        try:
            client.authenticate("PLAIN", lambda _: f"\0desk\0{PASSWORD}".encode())
        except imaplib.IMAP4.error:
            client.shutdown()
            raise
        return client

    def put(self, *mails: bytes) -> None:
        with self.client() as client:
            for content in mails:
                client.append("INBOX", "", None, content)  # type: ignore[arg-type]

    def unseen(self) -> int:
        with self.client() as client:
            client.select("INBOX", readonly=True)
            _, told = client.search(None, "UNSEEN")
            return len(told[0].split())


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@pytest.fixture(scope="module")
def running() -> Iterator[Box]:
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("needs Dovecot (Debian: dovecot-imapd)")
    if os.geteuid() != 0:
        pytest.skip("Dovecot is started by root only")
    folder = Path(tempfile.mkdtemp(prefix="mailbox-"))  # pytest's own is closed to other users
    folder.chmod(0o755)
    user = pwd.getpwnam("dovenull")
    (folder / "mail").mkdir()
    os.chown(folder / "mail", user.pw_uid, user.pw_gid)
    _certificate(folder)
    box = Box(folder, _free_port(), _free_port())
    told = {"user": "dovenull", "group": "dovecot", "password": PASSWORD}
    told |= {"uid": str(user.pw_uid), "gid": str(user.pw_gid)}
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        _CONFIGURATION.format(folder=folder, tls=box.tls, plain=box.plain, **told), "utf-8"
    )
    server = subprocess.Popen([program, "-F", "-c", str(configuration)])
    try:
        for _ in range(10):
            try:
                box.client().logout()
                break
            except (OSError, imaplib.IMAP4.error):
                time.sleep(0.1)
        else:
            log = folder / "log"
            pytest.fail(f"Dovecot does not answer: {log.read_text() if log.exists() else ''}")
        yield box
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def box(running: Box) -> Box:
    with running.client() as client:
        _, told = client.select("INBOX")
        if told != [b"0"]:
            client.store("1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()
    return running


def test_new_mails_are_taken_in_once_and_seen_afterwards(desk: Desk, box: Box) -> None:
    box.put(mail(), mail(message_id="<2@x>", auto_submitted="auto-replied"))

    first = mail_fetching.fetch(desk, box.server())
    again = mail_fetching.fetch(desk, box.server())

    assert [one.action for one in first] == ["opened", "ignored"]
    assert again == []
    assert (count(desk), box.unseen()) == (1, 0)


def test_the_answer_of_a_requester_lands_in_the_timeline(desk: Desk, box: Box) -> None:
    found = waiting(desk)
    box.put(mail("Tray 2.", message_id="<2@x>", in_reply_to="<one@example.org>"))

    (taken,) = mail_fetching.fetch(desk, box.server())

    assert (taken.action, taken.number) == ("joined", found.number)
    assert browsing.incident(desk, found.id).status is Status.IN_PROGRESS


def test_what_cannot_be_written_stays_unseen(
    desk: Desk, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put(mail())

    def full(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.", code="disk_full")

    with monkeypatch.context() as patch:
        patch.setattr(mail_intake, "_open", full)
        with pytest.raises(StoreError):
            mail_fetching.fetch(desk, box.server())

    assert box.unseen() == 1
    assert [one.action for one in mail_fetching.fetch(desk, box.server())] == ["opened"]


def test_a_crash_between_the_commit_and_the_mark_takes_nothing_in_twice(
    desk: Desk, box: Box
) -> None:
    box.put(mail())
    mail_fetching.fetch(desk, box.server())
    with box.client() as client:
        client.select("INBOX")
        client.store("1", "-FLAGS", r"(\Seen)")

    (again,) = mail_fetching.fetch(desk, box.server())

    assert again.action == "ignored"
    assert (count(desk), box.unseen()) == (1, 0)


def test_starttls_works_too(desk: Desk, box: Box) -> None:
    box.put(mail())
    server = box.server(port=box.plain, security=STARTTLS)
    assert [one.action for one in mail_fetching.fetch(desk, server)] == ["opened"]


def test_what_is_wrong_is_said_in_a_sentence(desk: Desk, box: Box) -> None:
    with pytest.raises(MailHeldError, match="does not accept the password of desk"):
        mail_fetching.fetch(desk, box.server(password="wrong"))
    with pytest.raises(MailHeldError, match="cannot be trusted"):
        mail_fetching.fetch(desk, box.server(authority=""))
    with pytest.raises(MailHeldError, match='no folder "Nothing"'):
        mail_fetching.fetch(desk, box.server(folder="Nothing"))
    with pytest.raises(MailAwayError, match="cannot be reached"):
        mail_fetching.fetch(desk, box.server(port=_free_port()))


def test_no_password_leaves_this_computer_unencrypted(desk: Desk) -> None:
    server = MailboxServer("mail.example.org", "desk", "secret", 143, security=PLAIN)
    with pytest.raises(MailHeldError, match="without encryption"):
        mail_fetching.fetch(desk, server)
    assert "secret" not in repr(server)
