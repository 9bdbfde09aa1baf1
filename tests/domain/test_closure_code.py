"""Closure codes are data: read, worded, offered in order, retired (domain.md, closure codes)."""

from __future__ import annotations

import pytest

from app.domain.closure_code import (
    CODE_TYPES,
    DEFAULT_CODES,
    CauseClassCode,
    ClosureCodes,
    OutcomeCode,
    as_code,
)
from app.domain.errors import InvalidInputError

STATED = {
    "outcome": "fixed, workaround, no fault found, cannot reproduce, resolved by caller, "
    "duplicate, not an incident",
    "fix_type": "assistance, bug fix, hardware repair, software patch, system update, "
    "configuration change, training, other",
    "cause_class": "hardware, software, configuration, capacity, network, power, human, "
    "third party, security, undetermined",
}


@pytest.mark.parametrize("kind", CODE_TYPES)
def test_the_defaults_are_those_of_domain_md_in_its_order(kind: str) -> None:
    offered = DEFAULT_CODES.offered(kind)
    assert [one.shown for one in offered] == [
        words[:1].upper() + words[1:] for words in STATED[kind].split(", ")
    ]


def test_a_name_in_any_letters_becomes_a_code_with_its_words() -> None:
    made = OutcomeCode.from_data("Vendor swapped the part", {})
    assert (made.name, made.shown) == ("vendor_swapped_the_part", "Vendor swapped the part")
    plain = OutcomeCode.from_data("vendor_swap", {})
    assert (plain.words, plain.shown) == ("", "Vendor swap")
    assert OutcomeCode.from_data(made.name, made.to_data()) == made
    assert as_code("A/B, (c) & d") == "a_b_c_d"


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("---", {}, "no letter or digit"),
        ("x", {"position": 0}, "whole number from 1 to 999"),
        ("x", {"position": "first"}, "whole number from 1 to 999"),
        ("x", {"retired": "perhaps"}, "true or false"),
    ],
)
def test_what_cannot_be_a_code_is_refused_with_its_field(
    name: str, data: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        CauseClassCode.from_data(name, data)


def test_codes_are_offered_by_position_and_retired_ones_not() -> None:
    codes = ClosureCodes(
        [
            OutcomeCode("later", position=20),
            OutcomeCode("unplaced"),
            OutcomeCode("gone", retired=True, words="Long gone"),
            OutcomeCode("first", position=1),
        ]
    )
    assert [one.name for one in codes.offered("outcome")] == ["first", "later", "unplaced"]
    held = codes.offered_with("outcome", "gone")
    assert [one.name for one in held] == ["first", "later", "unplaced", "gone"]
    assert codes.offered_with("outcome", "first") == codes.offered("outcome")
    assert codes.usual("outcome", "fixed") == "first"
    assert codes.words("outcome", "gone") == "Long gone"
    assert codes.words("outcome", "another_teams_code") == "Another teams code"
    assert len(codes.offered("fix_type")) == 8, "a kind without any has the defaults"


def test_an_unknown_and_a_retired_code_are_refused_with_the_allowed_ones() -> None:
    codes = ClosureCodes([OutcomeCode("fixed"), OutcomeCode("gone", retired=True)])
    with pytest.raises(InvalidInputError, match=r'no outcome "mended"\. Use one of: fixed\.'):
        codes.read("outcome", "mended")
    with pytest.raises(InvalidInputError, match=r'outcome "gone" is retired\. Use one of: fixed'):
        codes.read("outcome", "Gone")
    assert codes.find("outcome", "Gone") == "gone"


def test_words_of_domain_md_in_any_case_are_understood() -> None:
    assert DEFAULT_CODES.read("outcome", "No fault FOUND") == "no_fault_found"
    assert DEFAULT_CODES.read("fix_type", "bug-fix") == "bug_fix"
    assert DEFAULT_CODES.read("cause_class", "thirdparty") == "third_party"
    codes = ClosureCodes([CauseClassCode("supplier", words="Our supplier's fault")])
    assert codes.read("cause_class", "our suppliers fault".replace("suppliers", "supplier's"))
