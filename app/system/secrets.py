"""Passwords and tokens in the key store of the operating system, never in a file of ours.

`keyring` is imported on first use: it looks for back ends, which costs start time.
"""

from __future__ import annotations

from app.system.faults import MachineError

SERVICE = "incident-desk"


def get_secret(name: str) -> str | None:
    """Return the secret kept under `name`, None when there is none.

    Raises:
        MachineError: if this computer has no usable key store.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, name)
    except (KeyringError, RuntimeError) as refusal:
        raise _no_store("read", name) from refusal


def set_secret(name: str, secret: str) -> None:
    """Keep `secret` under `name`.

    Raises:
        MachineError: if this computer has no usable key store; the secret is then kept nowhere.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, name, secret)
    except (KeyringError, RuntimeError) as refusal:
        raise _no_store("kept", name) from refusal


def delete_secret(name: str) -> None:
    """Forget the secret kept under `name`; nothing happens when there is none.

    Raises:
        MachineError: if this computer has no usable key store.
    """
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        keyring.delete_password(SERVICE, name)
    except PasswordDeleteError:
        return
    except (KeyringError, RuntimeError) as refusal:
        raise _no_store("removed", name) from refusal


def _no_store(verb: str, name: str) -> MachineError:
    return MachineError(
        f"The password for {name} could not be {verb}: this computer's key store (Keychain, "
        "Credential Manager, Secret Service) is missing or locked; unlock it and try again.",
        code="secrets",
    )
