"""Which test or benchmark shows each of the goals that the reports were designed for.

The numbers and demands are those of the design (pdf.md 8). A test that is renamed must be renamed
here too, so that no goal is left without its proof unseen.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
GOALS = {
    "1 every report is PDF/A-3a and PDF/UA-1": (
        "reports/test_pdf_inspection.py::test_a_report_is_validated_as_it_is_made",
        "reports/test_pdf_inspection.py::test_a_signed_report_is_validated_again",
        "reports/test_pdf_inspection.py::test_a_file_that_another_process_wrote_is_validated",
    ),
    "2 the checker bites": (
        "reports/test_archive.py::test_what_an_archive_needs_is_missed_by_the_rule_that_names_it",
    ),
    "3 qpdf, poppler and mutool agree": (
        "reports/test_archive.py::test_other_readers_find_nothing_wrong",
        "reports/test_archive.py::test_every_font_is_embedded_with_a_map_to_unicode",
        "reports/test_other_readers.py::test_other_readers_find_nothing_wrong",
    ),
    "4 the record is attached and comes out the same": (
        "reports/test_archive.py::test_the_attached_record_comes_out_as_it_went_in",
        "services/test_reporting.py::test_the_record_comes_out_of_the_report_as_it_is_in_the_store",
    ),
    "5 reading order": (
        "reports/test_archive.py::test_poppler_reads_the_sections_in_their_order",
        "reports/test_structure.py::test_the_reading_structure_is_the_one_of_the_design",
    ),
    "6 title, language, bookmarks, XMP as Info": (
        "reports/test_closure_report.py::test_properties_name_title_language_and_the_closing_time",
        "reports/test_closure_report.py::test_sections_stand_in_their_order_with_running_numbers",
        "reports/test_archive.py::test_xmp_and_properties_say_the_same",
    ),
    "7 same record, same bytes": (
        "reports/test_closure_report.py::"
        "test_two_processes_zones_and_hash_seeds_write_the_same_bytes",
        "reports/test_review.py::test_the_same_record_gives_the_same_bytes",
        "reports/test_report_bundle.py::test_the_same_records_give_the_same_bytes",
        "cli/test_period_report.py::test_two_processes_zones_and_hash_seeds_give_the_same_bytes",
    ),
    "8 any text is printed and can be read back": (
        "reports/test_hostile_text.py::test_markup_is_printed_as_it_was_typed",
        "reports/test_hostile_text.py::test_every_naughty_string_is_printed_in_every_list",
        "reports/test_hostile_text.py::test_poppler_reads_every_naughty_string_with_its_marks",
        "reports/test_hostile_text.py::test_any_unicode_text_is_printed",
        "reports/test_hostile_text.py::test_poppler_reads_a_thousand_texts_of_any_kind",
    ),
    "9 nothing is fetched, read or run": (
        "reports/test_hostile_text.py::"
        "test_nothing_is_opened_fetched_or_run_because_of_record_text",
        "reports/test_pictures.py::test_no_picture_starts_a_program_or_opens_a_file",
    ),
    "10 huge tokens, logs and pictures": (
        "reports/test_hostile_text.py::test_a_token_of_a_megabyte_and_a_long_log_stay_fast",
        "reports/test_pictures.py::test_a_picture_that_claims_a_gigabyte_costs_no_memory",
    ),
    "11 80 ms and 150 kB warm, 400 ms at first": (
        "benchmarks/test_report_speed.py::"
        "test_a_warm_report_against_the_same_pages_on_a_bare_canvas",
        "benchmarks/test_first_report.py::test_the_first_report_of_a_process",
    ),
    "12 a log of 5,000 lines": (
        "benchmarks/test_report_speed.py::test_a_long_log_against_the_plain_report",
    ),
    "13 500 pages in bounded time, memory and size, and a stop": (
        "benchmarks/test_period_report_speed.py::test_a_period_report_of_500_pages",
        "ui/report/test_period_dialog.py::test_stop_ends_the_run_and_the_dialog_can_be_used_again",
    ),
    "14 verify tells four answers by exit code": (
        "cli/test_verify.py::test_each_answer_has_its_exit_code",
        "reports/test_verify.py::test_flipped_bytes_are_no_exception",
        "reports/test_sign.py::test_every_change_of_a_signed_report_is_found",
    ),
    "15 the signature is valid elsewhere too": (
        "reports/test_sign.py::test_another_program_says_that_it_is_valid",
        "reports/test_sign.py::test_a_signed_report_is_still_an_archive_that_everybody_can_read",
    ),
    "16 ten pages look as approved": (
        "reports/test_approved_pages.py::test_a_page_looks_as_it_was_approved",
        "reports/test_approved_pages.py::test_what_looks_otherwise_is_found",
    ),
    "17 pages end well": (
        "reports/test_page_ends.py::test_pages_end_well_with_any_number_of_events",
        "reports/test_page_fill.py::test_no_page_but_the_last_is_nearly_half_empty",
    ),
    "18 it prints": ("ui/report/test_print_dialog.py::test_three_pages_arrive_both_ways",),
    "19 charts can be read by everybody": (
        "reports/test_period_charts.py::test_labels_at_the_ends_of_lines_are_ten_points_apart",
        "reports/test_period_charts.py::"
        "test_text_has_a_contrast_of_four_and_a_half_and_shades_darken",
        "services/test_period_reporting.py::"
        "test_each_chart_has_a_table_and_says_its_numbers_in_words",
        "reports/test_grey.py::test_fills_that_meet_differ_in_grey",
    ),
    "20 Hebrew and Arabic": (
        "reports/test_text.py::test_hebrew_stands_at_the_right_in_the_order_of_the_eye",
        "reports/test_text.py::test_arabic_letters_are_joined",
        "reports/test_structure.py::test_right_to_left_text_is_there_for_readers_as_it_was_typed",
    ),
}


def test_the_goals_are_twenty() -> None:
    assert [int(goal.split()[0]) for goal in GOALS] == list(range(1, 21))


@pytest.mark.parametrize("goal", GOALS)
def test_each_goal_is_shown_by_tests_that_are_there(goal: str) -> None:
    assert GOALS[goal]
    for name in GOALS[goal]:
        path, _, function = name.partition("::")
        tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
