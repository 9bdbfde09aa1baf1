"""Two processes write to one profile at once: nothing is lost, no number is given twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.services import auditing, browsing

ROOT = Path(__file__).parents[2]
WRITER = """
import contextlib, io, json, sys
from app import bootstrap, cli
profile, who, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
def run(*words):
    with contextlib.redirect_stdout(io.StringIO()) as told:
        code = cli.run([*words, "--json", "--as", who, "--profile", profile], bootstrap)
    assert code == 0, told.getvalue()
    return json.loads(told.getvalue())
print("ready", flush=True)
sys.stdin.readline()
made = []
for n in range(rounds):
    number = run("log", f"{who} {n} @caller loc:HQ")["number"]
    made.append(number)
    run("set", number, f"root_cause={who}", f"tags={who},both")
    run("note", made[0], f"note {who} {n}")
    if n % 4 == 3:
        run("set", number, "title=wrong")
        run("undo")
print(json.dumps(made))
"""
NAMES = ("Ana Ruiz", "Bo Lind")


def both(profile: Path, rounds: int) -> list[Any]:
    """Let two processes write, started at one word; return what each made."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(profile), who, str(rounds)],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for who in NAMES
    ]  # fmt: skip
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate(timeout=120)[0] for one in running]
    assert [one.returncode for one in running] == [0, 0]
    return [json.loads(text) for text in told]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """Let both make the profile, too: neither finds one."""
    profile = tmp_path_factory.mktemp("two") / "profile"
    return profile, both(profile, 8)


def test_nothing_is_lost_and_no_number_is_given_twice(written: tuple[Path, list[Any]]) -> None:
    profile, made = written
    numbers = [number for one in made for number in one]
    assert len(set(numbers)) == len(numbers) == 16
    desk = bootstrap.open_profile(str(profile))
    assert browsing.counts(desk, ["status:any", "tag:both"]) == [16, 16]
    for who, own in zip(NAMES, made, strict=True):
        for n, number in enumerate(own):
            found = browsing.incident(desk, number)
            assert (found.title, found.root_cause) == (f"{who} {n}", who)
            assert set(found.tags) == {who, "both"}
        notes = [one.text for one in browsing.incident(desk, own[0]).timeline if one.kind == "note"]
        assert notes == [f"note {who} {n}" for n in range(8)]
        assert browsing.find_text(desk, f'"note {who} 7"').total == 1
    desk.close()


def test_the_chain_verifies_and_what_is_shown_follows_from_it(
    written: tuple[Path, list[Any]],
) -> None:
    desk = bootstrap.open_profile(str(written[0]))
    assert auditing.verify(desk)["ok"]
    checked = auditing.check(desk)
    assert [one for one in checked["checks"] if not one["ok"]] == []
    desk.close()


def test_what_both_need_is_made_once(written: tuple[Path, list[Any]]) -> None:
    desk = bootstrap.open_profile(str(written[0]))
    rows: Any = desk.connection.execute(
        "SELECT kind, folded, count(*) FROM catalogue_item GROUP BY kind, folded "
        "HAVING count(*) > 1"
    ).fetchall()
    assert rows == []
    desk.close()
