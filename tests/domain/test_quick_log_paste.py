"""What was pasted: several incidents, or somebody to look up."""

from __future__ import annotations

import pytest

from app.domain.quick_log_paste import contact, is_contact, split_lines


def test_each_line_that_says_something_is_one_incident() -> None:
    pasted = "printer down @nina\r\n\r\n  vpn drops \n\u2028- no sound\x0b\tC:\\x\r"
    assert split_lines(pasted) == ["printer down @nina", "vpn drops", "- no sound", "C:\\x"]
    assert split_lines(" \n ") == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (" Nina@X.org ", "mail", "nina@x.org"),
        ("mailto:nina.berg+x@mail.x.co.uk", "mail", "nina.berg+x@mail.x.co.uk"),
        ("Nina Berg <nina@x.org>", "mail", "nina@x.org"),
        ("+44 (0)171 496-0123", "phone", "+441714960123"),
        ("tel:+12025550143", "phone", "+12025550143"),
        ("(202) 555-0143", "phone", "2025550143"),
        ("0171/4960123 ext. 12", "phone", "01714960123"),
        ("496012", "phone", "496012"),
    ],
)
def test_a_lone_phone_number_or_address_is_recognised(text: str, kind: str, value: str) -> None:
    found = contact(text)
    assert found is not None
    assert (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "printer down",
        "call 0171 4960123",
        "nina@x.org is down",
        "nina@localhost",
        "2026-10-01",
        "1.10.2026",
        "10/12/2026",
        "192.168.100.200",
        "10:30",
        "2047",
        "3.14159265",
        "00000000",
        "1234567890123456",
        "a@b.c d@e.f",
        "@" * 5000,
        "1-" * 5000,
    ],
)
def test_other_text_is_no_contact(text: str) -> None:
    assert not is_contact(text)
