"""Mail there and back over real servers (Dovecot, an SMTP server), and kill -9 in the middle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.incident import EntryKind
from app.services import (
    browsing,
    collecting,
    configuration,
    mail_fetching,
    mailbox_settings,
    replying,
    sending,
)
from app.services.desk import Desk, open_desk
from app.system.clock import SystemClock
from app.system.paths import Profile
from tests.mail_server import Received, mail_server
from tests.services.letters import set_up
from tests.services.test_mail_fetching import PASSWORD, Box, box, running
from tests.services.test_mail_intake import count, mail

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.mailbox
__all__ = ["box", "running"]
ROOT = Path(__file__).parents[2]
_KEYS = f"""
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 1
    def get_password(self, service, name):
        return {PASSWORD!r}
    def set_password(self, service, name, password):
        raise NotImplementedError
"""


@pytest.fixture
def desk(tmp_path: Path, box: Box) -> Iterator[Desk]:
    """Give a desk by the real clock, with the mailbox in its settings."""
    desk = open_desk(Profile(tmp_path / "profile"), SystemClock(), person="Ana Ruiz")
    for key, value in {"server": "127.0.0.1", "user": "desk", "port": box.tls}.items():
        configuration.set_setting(desk, f"incoming.{key}", value)
    configuration.set_setting(desk, "incoming.fetch_here", value=True)
    yield desk
    desk.close()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, box: Box) -> None:
    """Let this process know the password and trust the certificate."""
    monkeypatch.setattr("app.system.secrets.get_secret", lambda _name: PASSWORD)
    monkeypatch.setenv("SSL_CERT_FILE", box.authority)


@pytest.mark.usefixtures("here")
def test_the_answer_of_a_user_lands_in_the_timeline(
    desk: Desk, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.replying.UNDO_S", 0)
    box.put(mail())
    (opened,) = collecting.collect(desk, mailbox_settings.first(desk)).taken
    uid = browsing.find(desk, opened.number)

    received = Received()
    with mail_server(received) as port:
        set_up(desk, port)
        replying.reply(desk, uid, "Which tray is it?")
        sending.send_next(desk)
    question = message_from_bytes(received.letters[0])
    assert question["In-Reply-To"] == "<one@example.org>"
    box.put(
        received.letters[0],  # our own letter comes back to the mailbox as well
        mail("Tray 2.", message_id="<two@example.org>", in_reply_to=question["Message-ID"]),
    )

    taken = collecting.collect(desk, mailbox_settings.first(desk)).taken

    assert [one.action for one in taken] == ["ignored", "joined"]
    assert taken[1].number == opened.number
    story = browsing.incident(desk, uid).timeline
    kinds = [entry.kind for entry in story if "tray" in entry.text.lower()]
    assert kinds == [EntryKind.REPLY, EntryKind.NOTE]
    assert {x.author for x in story if "Tray 2." in x.text} == {mail_fetching.AUTHOR}
    assert (count(desk), box.unseen()) == (1, 0)


class Serving:
    """`intake serve --mailbox` in a process of its own."""

    def __init__(self, folder: Path, box: Box) -> None:
        (folder / "box_keys.py").write_text(_KEYS)
        told = {"PYTHONPATH": str(folder), "SSL_CERT_FILE": box.authority}
        told["PYTHON_KEYRING_BACKEND"] = "box_keys.Keyring"
        words = ["--profile", str(folder / "profile"), "intake", "serve", "--mailbox", "desk"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", *words],
            cwd=ROOT, env={**os.environ, **told}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def event(self) -> dict[str, Any]:
        """Return the next event."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the program has ended"
        told: dict[str, Any] = json.loads(line)
        return told

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()


def test_kill_in_the_middle_loses_nothing_and_doubles_nothing(
    desk: Desk, box: Box, tmp_path: Path
) -> None:
    wanted = 50
    box.put(*(mail(message_id=f"<{n}@x>", subject=f"Trouble {n}") for n in range(wanted)))

    for pause_s in (0.0, 0.15, 0.4):
        serving = Serving(tmp_path, box)
        try:
            assert serving.event()["kind"] == "mailbox"
            before = count(desk)
            for _ in range(200):
                if count(desk) > before or count(desk) == wanted:
                    break
                time.sleep(0.05)
            time.sleep(pause_s)
        finally:
            serving.kill()
    assert count(desk) > 0
    serving = Serving(tmp_path, box)
    try:
        for _ in range(300):
            if box.unseen() == 0:
                break
            time.sleep(0.1)
    finally:
        serving.kill()

    titles = [title for (title,) in desk.connection.execute("SELECT title FROM incident")]
    assert sorted(titles) == sorted(f"Trouble {n}" for n in range(wanted))
    assert box.unseen() == 0
