"""The composition root: opens a profile for a person, and the window on it. Nothing imports it."""

from __future__ import annotations

import gc
import json
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.services.desk import Desk, open_desk
from app.system import account
from app.system.clock import Clock, clock_of_environment, system_zone_name
from app.system.faults import MachineError
from app.system.paths import Profile, choose_profile, make_private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def open_profile(directory: str = "", *, person: str = "", zone: str = "") -> Desk:
    """Open the profile that is asked for, by name or environment, else this person's own.

    Raises:
        KnownError: the profile cannot be used; the sentence says why.
    """
    profile = choose_profile(directory or None, os.environ)
    return desk_opener(profile, person=person, own_zone=zone)()


def desk_opener(
    profile: Profile, *, person: str = "", own_zone: str = "", login: str = ""
) -> Callable[[], Desk]:
    """Return a function that opens a desk of the profile for the thread that calls it.

    A profile that has no person yet gets the one called `login`, or the account's.
    """
    ticking = clock()

    def opened() -> Desk:
        return open_desk(
            profile,
            ticking,
            person=person,
            zone=zone(),
            run_zone=own_zone,
            login=login or account.login(),
        )

    return opened


def clock() -> Clock:
    """Return the clock of this run: the computer's, or pinned by the environment."""
    return clock_of_environment(os.environ)


def zone() -> str:
    """Return the IANA name of the workstation's zone."""
    return system_zone_name()


def run_window(profile: Profile, *, person: str = "", own_zone: str = "", number: str = "") -> int:
    """Open the window on a profile, at an incident if one is named, and return its exit code.

    Raises:
        MachineError: this session has no display, or the window that is open does not answer.
    """
    # Whoever names a platform of Qt means it, even one that nobody sees.
    if not has_display(sys.platform, os.environ) and not os.environ.get("QT_QPA_PLATFORM"):
        raise MachineError(
            "There is no display to open the window on. Everything also works without one: "
            "`incident-desk --help` lists the commands, `incident-desk demo --headless` shows "
            "the whole job.",
            code="no_display",
        )
    # Nothing that a start makes is garbage; `run` collects again once the list is painted.
    gc.disable()
    from app.ui.application import run  # Qt is loaded only where a window is wanted

    open_as = _first_opener(profile, person=person, own_zone=own_zone)
    if open_as is None:
        with suppress(MachineError):  # the window says what is wrong with the folder
            make_private_folder(profile.directory)
    return run(
        desk_opener(profile, person=person, own_zone=own_zone),
        kept=profile.preferences,
        crashes=profile.crashes,
        logs=profile.logs,
        now=clock().now,
        sample=profile.is_sample,
        lock=profile.window_lock,
        number=number,
        open_as=open_as,
    )


def _first_opener(
    profile: Profile, *, person: str, own_zone: str
) -> Callable[[str], Callable[[], Desk]] | None:
    """Return what opens a profile that was never used, once its person is known.

    None for one that is in use, for the sample data, and when the person was named (`--as`).
    """
    if person or profile.is_sample or profile.exists():
        return None
    return lambda name: desk_opener(profile, own_zone=own_zone, login=name)


def run_report_window(*, mail: str, drop: str) -> str:
    """Open the window in which a user reports something; return the file written, "" for none.

    No profile is opened: whoever reports has none.
    """
    from app.ui.report_form.report_window import ask  # Qt is loaded only where a window is wanted

    return ask(mail=mail, drop=drop, user=account.full_name(), now=clock().now)


def has_display(platform: str, environ: Mapping[str, str]) -> bool:
    """Tell whether a person would see a window; only on Linux can a session be without a display.

    A platform that paints into memory (QT_QPA_PLATFORM=offscreen) is none.
    """
    if environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in {"offscreen", "minimal"}:
        return False
    if platform in {"win32", "darwin"}:
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def picture_of_window(profile: Profile, path: Path) -> bool:
    """Save a picture of the window on a profile, with or without a display.

    Nothing is shown on a screen. False where Qt's libraries are missing.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from app.ui.application import picture  # Qt is loaded only where a window is wanted
    except ImportError:
        return False
    return picture(desk_opener(profile), path)


def open_every_screen(profile: Profile, folder: Path) -> dict[str, Any]:
    """Open every screen on a profile once, shown on no display, with a picture of each."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.ui.self_test import open_every_screen as look

    return look(desk_opener(profile), folder)


def self_test(directory: str) -> int:
    """Prove that the program works on this computer; print what it did as JSON (0: it works)."""
    from pathlib import Path

    from app.services import self_test as proving

    told = proving.run(sys.modules[__name__], Path(directory).absolute())
    written = json.dumps(told, indent=1, ensure_ascii=False)
    Path(directory, "selftest.json").write_text(written + "\n", "utf-8")
    if sys.stdout is not None:  # a program of the Windows menu has none
        sys.stdout.write(json.dumps(told, indent=1) + "\n")
    return 0 if told["ok"] else 1
