"""A worker waits while the window's thread does what a person waits for, and never for good."""

from __future__ import annotations

import importlib
import sys
import threading
import time

import pytest

from app.system import courtesy
from app.system.courtesy import courteously, foremost, give_way, load_courteously


def worker(told: list[str]) -> threading.Thread:
    def run() -> None:
        give_way()
        told.append("worked")

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_worker_goes_on_at_once_where_nothing_goes_first() -> None:
    told: list[str] = []
    worker(told).join(5)
    assert told == ["worked"]


def test_a_worker_waits_for_the_end_of_the_outermost_stretch(monkeypatch) -> None:
    monkeypatch.setattr(courtesy, "LONGEST_S", 5.0)
    told: list[str] = []
    with foremost:
        with foremost:
            thread = worker(told)
        time.sleep(0.05)
        assert told == []
    thread.join(5)
    assert told == ["worked"]


def test_a_stretch_without_an_end_holds_no_worker_for_good() -> None:
    told: list[str] = []
    with foremost:
        worker(told).join(5)
        assert told == ["worked"]
        begun = time.perf_counter()
        for _ in range(100):
            worker(told).join(5)
        assert time.perf_counter() - begun < courtesy.LONGEST_S * 100  # only once for a stretch
        assert len(told) == 101


def test_the_thread_that_goes_first_never_waits_for_itself() -> None:
    begun = time.perf_counter()
    with foremost:
        for _ in range(1_000):
            give_way()
    assert time.perf_counter() - begun < courtesy.LONGEST_S * 100
    assert foremost.thread == 0


def test_rows_are_handed_on_one_by_one_and_each_waits(monkeypatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(courtesy, "give_way", lambda: asked.append(1))
    assert list(courteously(n for n in range(5))) == [0, 1, 2, 3, 4]
    assert len(asked) == 5


def test_a_worker_waits_before_it_loads_a_module(monkeypatch) -> None:
    monkeypatch.setattr(courtesy, "LONGEST_S", 5.0)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    load_courteously()
    load_courteously()
    assert [type(finder).__name__ for finder in sys.meta_path].count("_BetweenModules") == 1
    monkeypatch.delitem(sys.modules, "this_is_no_module", raising=False)
    told: list[str] = []

    def load() -> None:
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("this_is_no_module")
        told.append("looked")

    with foremost:
        thread = threading.Thread(target=load)
        thread.start()
        time.sleep(0.05)
        assert told == []
    thread.join(5)
    assert told == ["looked"]
