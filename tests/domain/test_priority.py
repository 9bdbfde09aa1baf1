"""The matrix of domain.md, its editing, and what a bare priority stands for."""

from __future__ import annotations

import pytest

from app.domain.errors import InvalidInputError
from app.domain.priority import (
    DEFAULT_MATRIX,
    LEVELS,
    PRIORITIES,
    PriorityMatrix,
    parse_level,
    parse_priority,
    priority_label,
)

DOMAIN_PAGE = {
    (1, 1): "P1", (1, 2): "P2", (1, 3): "P3",
    (2, 1): "P2", (2, 2): "P3", (2, 3): "P4",
    (3, 1): "P3", (3, 2): "P4", (3, 3): "P4",
}  # fmt: skip


@pytest.mark.parametrize(("cell", "priority"), DOMAIN_PAGE.items())
def test_every_cell_of_the_default_matrix_is_that_of_the_domain_page(
    cell: tuple[int, int], priority: str
) -> None:
    assert DEFAULT_MATRIX.priority_of(*cell) == priority


@pytest.mark.parametrize(
    ("priority", "cell"), [("P1", (1, 1)), ("P2", (2, 1)), ("P3", (2, 2)), ("P4", (3, 3))]
)
def test_a_bare_priority_stands_for_its_default_cell(priority: str, cell: tuple[int, int]) -> None:
    assert DEFAULT_MATRIX.default_cell(priority) == cell
    assert DEFAULT_MATRIX.settle(*cell, priority) == (priority, "")


def test_an_edited_matrix_gives_its_own_priorities_and_the_nearest_default_cell() -> None:
    matrix = PriorityMatrix.from_rows([["p1", "P1", "P2"], ["P3", "P3", "P3"], ["P4", "P4", "P4"]])
    assert matrix.priority_of(1, 2) == "P1"
    assert matrix.default_cell("P2") == (1, 3)
    assert matrix.default_cell("P4") == (3, 3)
    assert PriorityMatrix.from_rows(matrix.to_rows()) == matrix


def test_a_default_cell_always_holds_its_priority() -> None:
    for priority in PRIORITIES:
        assert DEFAULT_MATRIX.priority_of(*DEFAULT_MATRIX.default_cell(priority)) == priority


def test_a_priority_that_the_matrix_never_gives_has_no_default_cell() -> None:
    matrix = PriorityMatrix.from_rows([["P3"] * 3] * 3)
    with pytest.raises(InvalidInputError, match="No impact and urgency give P1"):
        matrix.default_cell("P1")


@pytest.mark.parametrize(
    "rows",
    [
        [["P1", "P2", "P3"]],
        [["P1", "P2"], ["P2", "P3"], ["P3", "P4"]],
        [["P1", "P2", "P5"], ["P2", "P3", "P4"], ["P3", "P4", "P4"]],
        ["P1P2P3"[:3]] * 3,
    ],
)
def test_a_matrix_of_another_shape_or_with_unknown_priorities_is_refused(
    rows: list[list[str]],
) -> None:
    with pytest.raises(InvalidInputError, match="priority matrix"):
        PriorityMatrix.from_rows(rows)


def test_an_override_needs_a_reason_and_none_is_kept_when_nothing_is_overridden() -> None:
    assert DEFAULT_MATRIX.settle(3, 3, "P1", " the board meets here ") == (
        "P1",
        "the board meets here",
    )
    assert DEFAULT_MATRIX.settle(3, 3, "P4", "for nothing") == ("P4", "")
    assert DEFAULT_MATRIX.settle(1, 2) == ("P2", "")
    with pytest.raises(InvalidInputError, match="give P4; say why it should be P1") as refused:
        DEFAULT_MATRIX.settle(3, 3, "P1", "  ")
    assert refused.value.field == "priority_override_reason"
    with pytest.raises(InvalidInputError, match="'P9' is unknown"):
        DEFAULT_MATRIX.settle(3, 3, "P9", "why not")


def test_a_level_outside_the_matrix_is_refused_by_name() -> None:
    with pytest.raises(InvalidInputError, match="urgency 4 is unknown") as refused:
        DEFAULT_MATRIX.priority_of(1, 4)
    assert refused.value.field == "urgency"
    with pytest.raises(InvalidInputError, match="impact 0 is unknown"):
        DEFAULT_MATRIX.priority_of(0, 1)
    assert LEVELS == (1, 2, 3)


@pytest.mark.parametrize(
    ("text", "priority"),
    [("P2", "P2"), ("p2", "P2"), ("2", "P2"), ("High", "P2"), ("P2 High", "P2"),
     ("1 - Critical", "P1"), ("3 - Moderate", "P3"), ("medium", "P3"), (" low ", "P4")],
)  # fmt: skip
def test_priorities_are_read_in_the_words_of_people_and_other_tools(
    text: str, priority: str
) -> None:
    assert parse_priority(text) == priority


@pytest.mark.parametrize(
    ("text", "level"), [("1", 1), ("High", 1), ("h", 1), ("2 - Medium", 2), ("3", 3), ("LOW", 3)]
)
def test_levels_are_read_in_words_and_digits(text: str, level: int) -> None:
    assert parse_level(text) == level


@pytest.mark.parametrize("text", ["", "P5", "0", "urgent", "-", "P22"])
def test_unknown_priorities_and_levels_are_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(InvalidInputError, match="P1 Critical"):
        parse_priority(text)
    with pytest.raises(InvalidInputError, match=r"severity .* is unknown; use 1 \(High\)"):
        parse_level(text, "severity")


def test_labels_carry_the_name() -> None:
    assert [priority_label(p) for p in PRIORITIES] == [
        "P1 Critical",
        "P2 High",
        "P3 Moderate",
        "P4 Low",
    ]
    assert priority_label("?") == "?"


def test_a_priority_that_does_not_exist_has_no_default_cell() -> None:
    with pytest.raises(InvalidInputError, match="'P9' is unknown; use P1, P2, P3 or P4"):
        DEFAULT_MATRIX.default_cell("P9")


def test_text_for_rows_is_refused_as_what_it_is() -> None:
    for rows in (["P1P2P3", "P1P2P3", "P1P2P3"], "P1"):
        with pytest.raises(InvalidInputError, match="is a list of rows"):
            PriorityMatrix.from_rows(rows)
