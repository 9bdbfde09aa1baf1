"""What the system calls the person."""

from __future__ import annotations

import pytest

from app.system import account


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("ana.ruiz", "Ana Ruiz"),
        ("ana_ruiz", "Ana Ruiz"),
        ("root", "Root"),
        ("Ana de la Ruiz", "Ana de la Ruiz"),
        ("aRuiz", "aRuiz"),
        ("  ", ""),
    ],
)
def test_a_login_becomes_a_name(given: str, name: str) -> None:
    assert account.tidied(given) == name


def test_the_login_comes_from_the_environment_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "nina")
    assert account.login() == "nina"


def test_who_has_no_full_name_is_called_by_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "_of_unix", lambda: "")
    monkeypatch.setattr(account, "_of_windows", lambda: "")
    monkeypatch.setenv("LOGNAME", "nina.berg")
    assert account.full_name() == "Nina Berg"


def test_a_system_that_refuses_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise KeyError("no such uid")

    monkeypatch.setattr(account, "_of_unix", refuse)
    monkeypatch.setattr(account, "_of_windows", refuse)
    monkeypatch.setenv("LOGNAME", "nina")
    assert account.full_name() == "Nina"
