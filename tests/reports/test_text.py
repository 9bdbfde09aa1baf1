"""What may stand on a page: every cure of pdf.md, section 2."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.fonts import Face, face_for, text_width
from app.reports.language import ENGLISH
from app.reports.styles import BODY, CODE
from app.reports.text import FIELD_LIMIT, paragraphs, printable, runs, shortened, single_line
from app.reports.typeset import Line, Span, break_lines


def text_of(lines: list[Line]) -> str:
    return "\n".join("".join(piece.text for piece in line.pieces) for line in lines)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain", "plain"),
        ("a & b < c </para><para>", "a & b < c </para><para>"),
        ("\x1b[0;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        ("nul \x00 bell \x07 esc \x1b end", "nul \\x00 bell \\x07 esc \\x1b end"),
        ("c1 \x80\x9f", "c1 \\x80\\x9f"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("re\u202ever\u202csed", "reversed"),
        ("hid\u200bden\u2060\ufeff", "hidden"),
        ("isolate \u2066x\u2069", "isolate x"),
        ("cafe\u0301", "caf\u00e9"),
        ("one\r\ntwo\rthree\u2028four\x85five", "one\ntwo\nthree\nfour\nfive"),
        ("a\tb", "a   b"),
    ],
)
def test_a_text_is_cured_as_documented(typed: str, shown: str) -> None:
    assert printable(typed) == shown


@given(st.text())
def test_curing_twice_changes_nothing_more(typed: str) -> None:
    once = printable(typed)

    assert printable(once) == once


@given(st.text(max_size=60))
def test_every_character_that_is_left_has_a_face_or_a_code(typed: str) -> None:
    shown = printable(typed).replace("\n", " ")
    found = "".join(part for _, part in runs(shown, Face.REGULAR))

    pattern = "".join(
        re.escape(char) if char.isascii() else f"(?:{re.escape(char)}|\\[U\\+{ord(char):04X}\\])"
        for char in shown
    )
    assert re.fullmatch(pattern, found, re.DOTALL)
    for face, part in runs(shown, Face.REGULAR):
        assert all(face_for(char, face) == face for char in part)


@pytest.mark.parametrize(
    ("char", "face"),
    [
        ("a", Face.REGULAR),
        ("\u2713", Face.REGULAR),
        ("\u2715", Face.SYMBOLS_2),
        ("\u05d0", Face.HEBREW),
        ("\u0627", Face.ARABIC),
        ("\u0915", Face.DEVANAGARI),
        ("\u0e01", Face.THAI),
        ("\u4e2d", Face.CJK),
        ("\ud55c", Face.HANGUL),
        ("\U0001f600", Face.EMOJI),
        ("\U0001d54b", Face.MATH),
        ("\u253b", Face.MONO),
    ],
)
def test_a_character_is_drawn_by_the_first_face_that_has_it(char: str, face: Face) -> None:
    assert face_for(char, Face.REGULAR) is face


@pytest.mark.parametrize(
    "char", ["\U00010414", "\uf8ff", "\ufffe", "\U000e0041", "\u3164", "\u2062"]
)
def test_what_no_font_draws_is_shown_as_its_code(char: str) -> None:
    assert runs(char, Face.REGULAR) == [(Face.REGULAR, f"[U+{ord(char):04X}]")]


def test_a_long_field_is_cut_with_a_sentence_that_says_how_much_is_left_out() -> None:
    parts = paragraphs("word " * 10_000, ENGLISH)

    assert sum(map(len, parts[:-1])) <= FIELD_LIMIT
    assert parts[-1] == "[30,000 characters left out; the whole text is in the attached record]"
    assert max(map(len, parts)) <= 2_000


def test_blank_lines_part_paragraphs_and_single_newlines_stay() -> None:
    assert paragraphs("one\ntwo\n\n \nthree\n", ENGLISH) == ["one\ntwo", "three"]


def test_a_cell_is_one_line_that_says_where_it_is_cut() -> None:
    assert shortened(" a\n b ", 10, ENGLISH) == "a b"
    assert shortened("x" * 30, 10, ENGLISH).startswith("xxxxxxxxxx … [20 characters left out")
    assert single_line("a\u200b\n\tb") == "a b"


@pytest.mark.parametrize("width", [40.0, 120.0, 487.0])
def test_lines_fit_the_column_and_lose_nothing(width: float) -> None:
    typed = (
        "The spooler said \u201cno\u201d to /var/spool/print/queue-03/job_99120.dat "
        "\u4e2d\u6587\u5b57 at 06:31, twice."
    )
    lines = break_lines([Span(typed, BODY)], width)

    assert "".join(text_of(lines).split()) == "".join(typed.split())
    for line in lines:
        *pieces, last = line.pieces
        pieces.append(last._replace(text=last.text.removesuffix(" ")))
        natural = sum(text_width(piece.text, piece.face, piece.size) for piece in pieces)
        spaces = text_of([line]).count(" ") * text_width(" ", BODY.face, BODY.size)
        assert natural <= width + 0.05 * spaces + 0.02


def test_a_long_token_breaks_after_a_sign_when_one_is_near() -> None:
    lines = break_lines([Span("/usr/share/incident/" * 8, CODE)], 200)

    assert all(text_of([line]).endswith("/") for line in lines)


def test_a_mark_never_starts_a_line() -> None:
    lines = break_lines([Span("e\u0327\u0301" * 200, BODY)], 100)

    assert all(text_of([line])[0] in "e\u00e9\u0229\u1e1d" for line in lines)


def test_indentation_of_a_line_is_kept() -> None:
    lines = break_lines([Span("  two blanks first\n    four", CODE)], 400)

    assert text_of(lines) == "  two blanks first \n    four"


def test_a_line_ends_in_the_one_space_at_which_it_was_broken() -> None:
    # ISO 32000-2, 14.8.2.6.2: who reads by ear must hear where a word ends.
    words = break_lines([Span("one two   three", BODY)], 25)
    token = break_lines([Span("x" * 100, BODY)], 100)
    ideographs = break_lines([Span("\u4e2d\u6587" * 20, BODY)], 100)

    assert [text_of([line]) for line in words] == ["one ", "two ", "three"]
    assert words[0].width == text_width("one", BODY.face, BODY.size)
    assert " " not in text_of(token) + text_of(ideographs)


def test_hebrew_stands_at_the_right_in_the_order_of_the_eye() -> None:
    [line] = break_lines([Span("\u05e9\u05dc\u05d5\u05dd 12", BODY)], 200)

    assert line.right_aligned
    assert text_of([line]) == "12 \u05dd\u05d5\u05dc\u05e9"


def test_arabic_letters_are_joined() -> None:
    [line] = break_lines([Span("\u0633\u0644\u0627\u0645", BODY)], 200)

    # Seen from the left: isolated meem, final lam-alef, initial seen.
    assert text_of([line]) == "\ufee1\ufefc\ufeb3"


def test_a_code_inside_right_to_left_text_keeps_its_brackets() -> None:
    lines = break_lines([Span("\u05d0\uf8ff\u05d1", BODY)], 400)

    assert text_of(lines) == "\u05d1[U+F8FF]\u05d0"


def test_the_time_to_break_a_token_grows_with_its_length_only() -> None:
    def seconds(length: int) -> float:
        start = time.perf_counter()
        break_lines([Span("x" * length, BODY)], 487)
        return time.perf_counter() - start

    seconds(1_000)
    # Ten times the length: ten times the time with room for a busy machine, not a hundred times.
    assert seconds(200_000) <= 40 * max(seconds(20_000), 0.002)
