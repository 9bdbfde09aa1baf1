"""Proves that an installed program works on this computer: `incident-desk --selftest DIR`.

Everything happens in the folder that is named; the person's own data are not touched. Each step is
timed and told, and the first failure does not hide the later ones.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import app
from app.domain.errors import InvalidInputError
from app.services import demonstration, reporting, signing, verification
from app.storage import migrations_runner, schema
from app.system.paths import Profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run(opener: Any, folder: Path) -> dict[str, Any]:
    """Make and migrate a store, work an incident, prove and sign its report, open every screen.

    Raises:
        InvalidInputError: the folder holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInputError(
            f"The self-test needs a folder of its own, and {folder} is not empty: name a new one.",
            code="self_test",
        )
    folder.mkdir(parents=True, exist_ok=True)
    steps: list[dict[str, Any]] = []
    work = Profile(folder / "work" / "profile")
    for name, step in (
        ("migrate", lambda: _migrate(opener, Profile(folder / "migrated"))),
        ("work", lambda: demonstration.run_headless(opener, folder / "work")),
        ("report", lambda: _prove_report(opener, work, folder / "work")),
        ("sign", lambda: _sign_report(opener, work, folder / "work")),
        ("screens", lambda: _open_screens(opener, work, folder / "screens")),
    ):
        steps.append(_timed(name, step))
    return {
        "ok": all(step["ok"] for step in steps),
        "version": app.__version__,
        "python": ".".join(map(str, sys.version_info[:3])),
        "frozen": bool(getattr(sys, "frozen", False)),
        "steps": steps,
    }


def _timed(name: str, step: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Run one step; a failure of any kind becomes its answer, which is what the test is for."""
    begun = time.monotonic()
    try:
        told = step()
        ok = bool(told.pop("ok", True))
    except Exception as error:
        told, ok = {"error": f"{type(error).__name__}: {error}"}, False
    return {"step": name, "ok": ok, "seconds": round(time.monotonic() - begun, 2), **told}


def _migrate(opener: Any, profile: Profile) -> dict[str, Any]:
    """Make a store of the first schema and let the program bring it to the newest."""
    profile.create()
    migrations_runner.make_first(profile.database)
    desk = opener.open_profile(str(profile.directory), person="Self-test")
    try:
        reached = schema.schema_of(desk.connection, profile.database)
    finally:
        desk.close()
    return {"ok": reached == schema.NEWEST, "from": 1, "to": reached}


def _prove_report(opener: Any, profile: Profile, folder: Path) -> dict[str, Any]:
    """Verify the report that was written, and that an altered one is found out."""
    (report,) = folder.glob("*.pdf")
    desk = opener.open_profile(str(profile.directory))
    try:
        whole = verification.verify_file(desk, report)
        content = bytearray(report.read_bytes())
        content[len(content) // 2] ^= 1
        altered = verification.verify_content(desk, bytes(content))
    finally:
        desk.close()
    return {
        "ok": whole.genuine and not altered.genuine,
        "verdict": whole.verdict.value,
        "altered": altered.verdict.value,
        "bytes": len(content),
    }


def _sign_report(opener: Any, profile: Profile, folder: Path) -> dict[str, Any]:
    """Sign a report with a certificate made for this, where the part that signs is installed."""
    from app.reports.sign import is_available, make_own_certificate, open_key

    if not is_available():
        return {"signs": False}
    (report,) = folder.glob("*.pdf")
    signed = folder / "signed" / report.name
    signed.parent.mkdir()
    desk = opener.open_profile(str(profile.directory))
    try:
        made = make_own_certificate(desk.person.name, "", "self-test", desk.now())
        key = open_key(made, "self-test")
        signing.trust(desk, key)
        reporting.write_report(desk, report.stem, signed, key=key)
        found = verification.verify_file(desk, signed)
    finally:
        desk.close()
    state = "none" if found.signature is None else found.signature.state.value
    return {"ok": found.genuine and state == "valid", "signs": True, "signature": state}


def _open_screens(opener: Any, profile: Profile, folder: Path) -> dict[str, Any]:
    """Open every screen without a display."""
    told: dict[str, Any] = opener.open_every_screen(profile, folder)
    return {"ok": not told["failures"], **told}
