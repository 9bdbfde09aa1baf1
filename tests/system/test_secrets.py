"""Secrets go to the key store of the OS or nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from app.system.faults import MachineError
from app.system.secrets import delete_secret, get_secret, set_secret

if TYPE_CHECKING:
    from collections.abc import Iterator


class MemoryStore(KeyringBackend):
    """A key store in memory."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept."""
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


@pytest.fixture
def store() -> Iterator[MemoryStore]:
    """Put a store in memory in the place of the computer's."""
    before = keyring.get_keyring()
    memory = MemoryStore()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def test_a_secret_is_kept_given_back_and_forgotten(store: MemoryStore) -> None:
    set_secret("hub", "p\u00e4ss")
    assert get_secret("hub") == "p\u00e4ss"
    delete_secret("hub")
    delete_secret("hub")
    assert get_secret("hub") is None
    assert store.kept == {}


def test_a_computer_without_a_key_store_is_told_so(store: MemoryStore) -> None:
    from keyring.backends.fail import Keyring

    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
    with pytest.raises(MachineError, match="key store"):
        set_secret("hub", "x")
    with pytest.raises(MachineError, match="key store"):
        get_secret("hub")
