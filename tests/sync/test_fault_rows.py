"""Every row of sync.md's table of faults has a test that asserts its exact sentence (I12).

The rows are written down here with their test and what people are told; a row whose test goes, or
no longer names its sentence, fails. "Nothing" is a sentence too: the test must assert the silence.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
NOTHING = "== []"
ROWS = {
    "killed or power cut in an edit": (
        "storage/test_sigkill.py",
        "test_thirty_kills_lose_nothing",
        "",
    ),
    "killed in push or pull": (
        "sync/test_fault_table.py",
        "test_killed_at_any_call_of_a_push_or_pull_nothing_is_lost_and_nothing_told",
        NOTHING,
    ),
    "share or server away": (
        "ui/sharing/test_sync_keeper.py",
        "test_a_share_that_went_away_is_said_with_what_waits",
        "Offline, 1 change waiting",
    ),
    "laptop sleeps in a push": (
        "sync/test_fault_table.py",
        "test_a_computer_that_sleeps_at_any_call_of_a_push_holds_nobody_up",
        NOTHING,
    ),
    "hub file cut short or garbage": (
        "sync/test_fault_table.py",
        "test_a_damaged_file_is_told_of_after_ten_minutes_and_mended_by_its_owner",
        "). It is skipped; the work of a ",
    ),
    "hub rolled back or emptied": (
        "sync/test_fault_table.py",
        "test_an_emptied_share_is_filled_again_and_told_of",
        "The shared folder was restored; published {count} again",
    ),
    "hub wiped, new epoch": (
        "sync/test_fault_table.py",
        "test_a_wiped_share_asks_and_sends_nothing",
        "the share is empty: it was wiped, or it is not connected. Your work is kept here. "
        "If it was wiped, share rebuild publishes everything again.",
    ),
    "wrong folder": (
        "sync/test_fault_table.py",
        "test_the_wrong_share_is_refused_and_nothing_sent",
        "the share belongs to another team. Nothing was sent; "
        "choose the folder that your team shares.",
    ),
    "local database corrupt": (
        "services/test_recovery.py",
        "test_own_unsent_changes_come_back",
        "Repaired, 3 recovered, 0 lost",
    ),
    "local database corrupt, and some of it lost": (
        "services/test_recovery.py",
        "test_what_cannot_be_read_is_counted",
        "Repaired, 0 recovered, {told['lost']} lost",
    ),
    "profile restored or cloned": (
        "sync/test_fault_table.py",
        "test_a_copied_profile_goes_on_as_a_new_station",
        "This profile was restored or copied. It goes on as a new station, and 1 entries that had "
        "not been sent are kept under it.",
    ),
    "disk full here": (
        "storage/test_faults.py",
        "test_a_full_disk_loses_nothing_and_goes_on_when_there_is_space",
        "The disk is full. Nothing was written and nothing is lost; "
        "free some space and do it again.",
    ),
    "disk full on the hub": (
        "sync/test_real_faults.py",
        "test_a_share_that_is_really_full_stops_the_push_and_not_the_pull",
        "The shared folder is full, 1 change waiting",
    ),
    "wrong clock": (
        "sync/test_fault_table.py",
        "test_a_clock_that_is_ahead_is_told_of_and_conflicts_stay_causal",
        "The clock of station a ({_code(two.a)}) is {minutes} min off",
    ),
    "older app version": (
        "sync/test_fault_table.py",
        "test_a_share_of_a_newer_program_asks_for_an_update",
        "the share was made by a newer Incident Desk. Update to sync; "
        "your work is kept here until then.",
    ),
    "a number handed out twice": (
        "sync/test_fault_table.py",
        "test_a_number_that_two_copies_gave_out_stays_with_one_and_finds_both",
        "{number} was handed out twice, by a copied profile. Both incidents are kept: one of them "
        "is {renamed} from now on, and {number} finds both.",
    ),
    "a number handed out twice before sharing": (
        "sync/test_joining_profiles.py",
        "test_names_that_both_had_are_one",
        "INC-000001 was handed out twice, by two workstations before they shared. Both "
        "incidents are kept: one of them is {other} from now on, and INC-000001 finds both.",
    ),
}


def function(path: str, name: str) -> ast.FunctionDef:
    """Return the test of this name."""
    module = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    found = [
        node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    assert len(found) == 1, f"{path} has no {name}"
    return found[0]


def texts(test: ast.FunctionDef) -> list[str]:
    """Return the strings of the assertions of a test, with the names that are filled into them."""
    found = []
    for node in ast.walk(test):
        if not isinstance(node, ast.Assert):
            continue
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                found.append(part.value)
            elif isinstance(part, ast.JoinedStr):
                found.append(ast.unparse(part).removeprefix("f")[1:-1])
    return found


@pytest.mark.parametrize("row", ROWS)
def test_each_row_has_a_test_that_asserts_its_sentence(row: str) -> None:
    path, name, sentence = ROWS[row]
    test = function(path, name)
    if sentence == NOTHING:
        assert any(NOTHING in ast.unparse(n) for n in ast.walk(test) if isinstance(n, ast.Assert))
    elif sentence:
        said = texts(test)
        assert any(sentence in text for text in said), said


def test_the_control_finds_a_row_whose_sentence_nobody_asserts() -> None:
    test = function("storage/test_faults.py", ROWS["disk full here"][1])
    assert not any("The disk is almost full" in text for text in texts(test))
    with pytest.raises(AssertionError):
        function("storage/test_faults.py", "test_that_is_gone")
