"""Checks: what is taken, and that nothing which comes from data becomes an option or a command."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.diagnosis_check import CheckKind, DiagnosisCheck, checks_for, is_host
from app.domain.errors import InvalidInputError


def made(kind: str, target: str = "{ci}", **more: Any) -> DiagnosisCheck:
    return DiagnosisCheck.from_data("Gate", {"check": kind, "target": target, **more})


@pytest.mark.parametrize("host", ["gate", "gate.example.org", "10.0.0.7", "::1", "büro-1.local"])
def test_names_and_addresses_of_computers_are_hosts(host: str) -> None:
    assert is_host(host)


@pytest.mark.parametrize(
    "host",
    ["", "-n", "-oProxyCommand=x", "a b", "a;reboot", "a|b", "$(id)", "`id`", "a\nb", "a/../b",
     "a..b", "fe80::1%eth0", "a" * 300],
)  # fmt: skip
def test_nothing_else_is_a_host(host: str) -> None:
    assert not is_host(host)
    with pytest.raises(InvalidInputError):
        made("ping", host or " x ;")
    with pytest.raises(InvalidInputError, match="target"):
        made("ping").for_incident(host, "INC-1")


@pytest.mark.parametrize(
    ("kind", "target", "sentence"),
    [
        ("http", "file:///etc/passwd", "https://host/path"),
        ("http", "https://user:pw@host/", "https://host/path"),
        ("http", "https://good\\@evil/", "https://host/path"),
        ("http", "https://", "https://host/path"),
        ("script", "C:\\ours\\fix.bat. ", "shell"),
        ("http", "https://ho st/", "https://host/path"),
        ("http", "http://host:99999/", "https://host/path"),
        ("script", "fix.sh", "whole path"),
        ("script", "C:\\ours\\fix.bat", "shell"),
        ("script", "/ours/fix.CMD", "shell"),
        ("disk_space", "here", "whole path"),
    ],
)
def test_a_target_that_is_not_safe_is_refused(kind: str, target: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        made(kind, target)


def test_a_url_takes_a_computer_only() -> None:
    check = made("http", "https://{ci}/health")
    assert made("http", "http://[::1]:8080/x?y=1").target == "http://[::1]:8080/x?y=1"
    assert check.for_incident("gate", "INC-1").target == "https://gate/health"
    with pytest.raises(InvalidInputError, match="names no computer"):
        check.for_incident("evil.org/x?", "INC-1")


def test_a_script_gets_words_and_never_an_option_out_of_an_incident() -> None:
    check = made("script", "/ours/fix", arguments=["-v", "{ci}", "--for={number}"])
    ready = check.for_incident("gate; rm -rf x", "INC-7")
    assert ready.arguments == ("-v", "gate; rm -rf x", "--for=INC-7")
    for bad in ("--delete", "/delete", "@file"):
        with pytest.raises(InvalidInputError, match="an option"):
            check.for_incident(bad, "INC-7")
    with pytest.raises(InvalidInputError, match="cannot hold"):
        made("script").for_incident("/bin/sh", "INC-7")


def test_an_incident_without_an_item_is_told_so() -> None:
    with pytest.raises(InvalidInputError, match="needs the configuration item"):
        made("ping").for_incident("", "INC-1")


def test_checks_of_the_nearest_branch_come_first_and_those_of_others_not_at_all() -> None:
    found = [
        DiagnosisCheck.from_data(name, {"check": "ping", "target": "gate", "category": category})
        for name, category in (
            ("all", ""), ("net", "network"), ("vpn", "network/vpn"), ("hr", "hr"), ("ne", "net"),
        )
    ]  # fmt: skip
    assert [one.name for one in checks_for(found, "network/vpn")] == ["vpn", "net", "all"]


def test_data_goes_round() -> None:
    check = made("certificate", "gate", port=8443, limit=30, timeout_s=5, category="network")
    assert DiagnosisCheck.from_data(check.name, check.to_data()) == check
    assert check.check is CheckKind.CERTIFICATE
    with pytest.raises(InvalidInputError, match="timeout_s"):
        made("ping", "gate", timeout_s=0)
    with pytest.raises(InvalidInputError, match="scripts only"):
        made("ping", "gate", arguments=["-f"])
