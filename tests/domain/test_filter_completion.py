"""Completion of filters: keys, then values, and the text afterwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.filter_completion import complete, completions


def offered(marked: str) -> list[str]:
    found = completions(marked.replace("|", ""), marked.index("|"))
    return [one.text for one in found.suggestions]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("st|", ["status:"]),
        ("vpn se|", ["service:", "severity:"]),
        ("-ass|", ["assignee:"]),
        ("status:|", ["open", "new", "assigned", "in_progress"]),
        ("status:cl| vpn", ["closed"]),
        ("status:new,res|", ["resolved"]),
        ("priority:<|", ["<=p2"]),
        ("sla:|", ["<1h", "0..4h", "breached", "paused", "none"]),
        ("assignee:|", ["me", "none"]),
        ("sort:-pri|", ["-priority"]),
        ("group:n|", ["none"]),
        ("cust|", ["custom."]),
        ('"status|', []),
        ("vpn|x", []),
    ],
)
def test_what_fits_is_offered(marked: str, expected: list[str]) -> None:
    assert offered(marked)[:4] == expected[:4]


def test_a_blank_line_offers_every_key_the_likeliest_first() -> None:
    assert offered("|")[:3] == ["status:", "priority:", "assignee:"]
    assert offered("vpn |") == offered("|")


def test_names_are_asked_of_the_caller() -> None:
    found = completions('team:ops,"Second l', 18)
    assert (found.wants, found.prefix) == ("team", "Second l")
    assert completions("tag:v", 5).wants == "tag"
    assert completions("status:o", 8).wants == ""


def test_a_choice_goes_into_its_place() -> None:
    text = "sta vpn"
    assert complete(text, completions(text, 3), "status:") == ("status: vpn", 7)
    text = "status:ne"
    assert complete(text, completions(text, 9), "new") == ("status:new ", 11)
    text = "status:new,cl vpn"
    assert complete(text, completions(text, 13), "closed") == ("status:new,closed vpn", 17)
    text = "stat:new"
    assert complete(text, completions(text, 3), "status:") == ("status:new", 7)


@given(st.text(alphabet='-:,"<> statuopen1h', max_size=14), st.integers(-1, 15))
def test_completion_never_fails_and_stays_inside(text: str, cursor: int) -> None:
    found = completions(text, cursor)
    assert 0 <= found.start <= found.end <= len(text)
    done, place = complete(text, found, "new")
    assert "new" in done
    assert place <= len(done)
