"""The paper of a report follows the country of the computer."""

from __future__ import annotations

import pytest

from app.system.paper import locale_of, paper_of


@pytest.mark.parametrize(
    ("locale_name", "paper"),
    [
        ("en_US.UTF-8", "letter"),
        ("es-MX", "letter"),
        ("fr_CA@euro", "letter"),
        ("zh_Hans_CN", "a4"),
        ("en_GB.UTF-8", "a4"),
        ("de_DE", "a4"),
        ("C.UTF-8", "a4"),
        ("us", "a4"),
        ("", "a4"),
    ],
)
def test_the_country_of_a_locale_decides(locale_name: str, paper: str) -> None:
    assert paper_of(locale_name) == paper


def test_the_variable_for_paper_goes_before_that_for_everything() -> None:
    assert locale_of({"LANG": "en_US.UTF-8", "LC_PAPER": "de_DE.UTF-8"}) == "de_DE.UTF-8"
    assert locale_of({"LC_ALL": "C", "LC_PAPER": "en_US"}) == "C"
    assert locale_of({"LC_ALL": "", "LANG": "en_US"}) == "en_US"
    assert locale_of({}) == ""
