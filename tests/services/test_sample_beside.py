"""The problems and articles of the sample data, played into a store with its incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.problem import ProblemStatus
from app.services import knowledge, problems, sample_loading
from app.services.desk import open_desk
from app.services.sample_data import SAMPLE_PERSON, sample_articles, sample_problems
from app.system.clock import PinnedClock
from app.system.paths import Profile
from tests.services.conftest import MONDAY

if TYPE_CHECKING:
    from pathlib import Path


def test_three_problems_and_twelve_articles_with_their_incidents(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "demo")
    sample_loading.load(profile, MONDAY, "Europe/London")
    desk = open_desk(profile, PinnedClock(MONDAY), login=SAMPLE_PERSON)
    told = {one.title: len(one.incidents) for one in sample_problems(MONDAY)}
    listed = problems.every(desk)
    assert {one.problem.name: one.incidents for one in listed} == told
    vpn = problems.find(desk, "VPN client 5.2 loses the tunnel over IPv6")
    assert vpn.status is ProblemStatus.KNOWN_ERROR
    article = knowledge.find(desk, "KB-VPN-IPV6")
    assert vpn.article == article.id.hex()
    assert (article.worked, article.did_not) == (6, 1)
    uses = {one.handle: len(one.incidents) for one in sample_articles(MONDAY)}
    assert {one.article.code: one.used for one in knowledge.search(desk)} == uses
    desk.close()
