"""A format is taught by places in a payload: any payload can be, and it stays bounded and fair."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError
from app.domain.taught_format import TaughtFormat, pointer, read_format, steps_of, write_format
from app.intake.alert import AlertState
from app.intake.alert_formats import read_payload
from tests.intake.test_alert_formats import PAIRS

if TYPE_CHECKING:
    from pathlib import Path

JOB = {
    "job": {"name": "Backup of db1", "result": "broken", "key": 17},
    "client": "db1",
    "a/b~c": {"*": "odd"},
}


def taught(name: str = "Backup tool", **places: str) -> TaughtFormat:
    return TaughtFormat(name, places or {"title": "/job/name", "state": "/job/result"})


def read(document: Any, *formats: TaughtFormat, name: str = "") -> Any:
    return read_payload(json.dumps(document).encode(), name=name, taught=formats)


def texts(document: Any, steps: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    """Return every text of a document with the steps to it."""
    if isinstance(document, dict):
        return [one for key, value in document.items() for one in texts(value, (*steps, key))]
    if isinstance(document, list):
        return [one for at, value in enumerate(document) for one in texts(value, (*steps, str(at)))]
    return [(steps, document)] if isinstance(document, str) and document.strip() else []


def test_places_are_json_pointers_and_are_read_back() -> None:
    for steps in (("a",), ("a/b~c", "*"), ("0", "", "~1")):
        assert steps_of(pointer(steps)) == steps
    assert pointer(("a/b~c",)) == "/a~1b~0c"
    for wrong in ("", "title", "/a" * 50):
        with pytest.raises(InvalidInputError, match="is no place"):
            steps_of(wrong)


def test_a_format_is_one_text_that_is_read_back() -> None:
    whole = TaughtFormat(
        "Backup tool",
        {"title": "/job/the name", "state": "/job/it's", "host": "/a~1b~0c/*"},
        ("all good", "fine"),
        "datadog",
    )
    said = write_format(whole)
    assert "'title=/job/the name'" in said
    assert read_format("Backup tool", said) == whole
    assert whole.code == "backup_tool"


@pytest.mark.parametrize(
    ("name", "said", "match"),
    [
        ("x", "state=/a", "has no title"),
        ("x", "title=a", "is no place"),
        ("x", "title=/a colour=/b", "unknown field"),
        ("x", "title='/a", "cannot be read"),
        ("../x", "title=/a", "another name"),
        ("x", "title=/a" + " " * 9_000, "cannot be read"),
    ],
)
def test_a_format_that_cannot_be_is_refused_in_a_sentence(name: str, said: str, match: str) -> None:
    with pytest.raises(InvalidInputError, match=match) as refused:
        read_format(name, said)
    assert refused.value.message.endswith(".")


def test_the_places_give_the_alert_and_its_recovery_belongs_to_it() -> None:
    own = TaughtFormat(
        "Backup tool",
        {"title": "/job/name", "state": "/job/result", "id": "/job/key", "host": "/client"},
        ("mended",),
    )
    (down,) = read(JOB, own)
    (well,) = read({**JOB, "job": {**JOB["job"], "result": "Mended"}}, own)  # type: ignore[dict-item]
    assert (down.source, down.title, down.state) == (
        "backup_tool", "Backup of db1", AlertState.FIRING,
    )  # fmt: skip
    assert down.labels["host"] == "db1"
    assert down.labels["result"] == "broken"
    assert (well.key, well.state) == ("backup_tool:17", AlertState.RESOLVED)
    assert down.key == well.key


def test_each_entry_of_a_list_is_an_alert() -> None:
    own = taught(title="/all/*/what", state="/all/*/how", host="/site")
    entries: list[Any] = [{"what": "A", "how": "up"}, {"what": ""}, {"what": "B", "how": "down"}]
    found = read({"site": "s1", "all": entries}, own)
    assert [(one.title, one.state.value) for one in found] == [("A", "resolved"), ("B", "firing")]
    assert {one.labels["host"] for one in found} == {"s1"}
    (only,) = read([{"what": "C"}], taught(title="/*/what"))
    assert only.title == "C"
    with pytest.raises(InvalidInputError, match="at most"):
        read({"all": [{"what": "A", "how": "x"}] * 6_000}, own)


def test_a_key_that_is_called_as_each_entry_is_a_key() -> None:
    (found,) = read({"*": {"t": "One"}}, taught(title="/*/t"), name="backup-tool")
    assert found.title == "One"


def test_a_known_tool_keeps_its_payloads_unless_it_is_told_to_give_way() -> None:
    datadog = PAIRS["datadog"][0]
    (known,) = read(datadog)
    assert known.source == "datadog"
    assert read(datadog, taught(title="/title"))[0].source == "datadog"
    before = TaughtFormat("Mine", {"title": "/title"}, before="datadog")
    assert read(datadog, before)[0].source == "mine"
    assert read(datadog, taught(title="/title"), name="Backup-Tool")[0].source == "backup_tool"


def test_the_closest_format_takes_a_payload_and_one_that_lacks_a_place_does_not() -> None:
    loose, close = taught("Loose", title="/job/name"), taught("Close")
    other = taught("Other", title="/job/name", state="/job/end")
    assert read(JOB, loose, close, other)[0].source == "close"
    assert read({"job": {"name": "x"}}, close, other, loose)[0].source == "loose"


def test_a_named_format_that_finds_no_title_is_a_sentence() -> None:
    with pytest.raises(InvalidInputError, match="no title in it"):
        read({"other": 1}, taught(), name="backup_tool")
    with pytest.raises(InvalidInputError, match="backup_tool"):
        read({"other": 1}, taught(), name="nonsense")


def test_any_published_payload_can_be_taught(real_data: Path) -> None:
    files = sorted((real_data / "alert_payloads").glob("*.json"))
    assert len(files) > 15
    for file in files:
        document = json.loads(file.read_text())
        steps, value = next(one for one in texts(document) if one[0][-1:] != ("version",))
        own = TaughtFormat("Taught", {"title": pointer(steps)})
        found = read(document, own, name="taught")
        assert [one.title for one in found] == [value.strip().splitlines()[0].strip()], file.name
        assert found[0].source == "taught"


@pytest.mark.parametrize(
    "body",
    [
        b'{"t": NaN}', b'{"t": "a", "t": "b"}', b"[" * 5_000 + b"]" * 5_000, b'{"t": 1e999}',
        b"\xff", b"", b'{"t": "a"', b"null", b"7", b"[]", b"{}", b'{"t": null}', b'{"t": []}',
        b'{"t": {"a": 1}}',
    ],
)  # fmt: skip
def test_a_hostile_payload_is_refused_in_a_sentence(body: bytes) -> None:
    for place in ("/t", "/*/t", "/t/*", "/0", "/*"):
        with pytest.raises(InvalidInputError) as refused:
            read_payload(body, name="x", taught=[TaughtFormat("x", {"title": place})])
        assert refused.value.message.endswith(".")
