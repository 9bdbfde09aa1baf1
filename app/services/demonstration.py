"""The demonstration: sample data in a profile of its own, and the whole job without a display."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.domain.incident import CauseClass, FixType, Outcome
from app.domain.incident_record import IncidentDraft
from app.domain.lifecycle import Given
from app.services import (
    browsing,
    incidents,
    logging_incidents,
    moves,
    reporting,
    sample_loading,
    stakeholders,
    work_records,
)
from app.services.sample_data import SAMPLE_PERSON
from app.system.paths import Profile, demo_profile

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.desk import Desk


def open_window(opener: Any) -> None:
    """Open the window on the demo profile, and return when it is closed."""
    profile = demo_profile()
    _fill(opener, profile)
    opener.run_window(profile)


def run_headless(opener: Any, out: Path) -> dict[str, Any]:
    """Log, work and close one incident; leave its report and a picture of the window in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    profile = Profile(out / "profile")
    _fill(opener, profile)
    desk = opener.open_profile(str(profile.directory), person=SAMPLE_PERSON)
    try:
        number = close_one(desk)
        facts = reporting.write_report(desk, number, out / f"{number}.pdf")
    finally:
        desk.close()
    picture = out / "window.png"
    shown = opener.picture_of_window(profile, picture)
    return {
        "incident": number,
        "report": facts["path"],
        "screenshot": str(picture) if shown else None,
    }


def _fill(opener: Any, profile: Profile) -> None:
    """Play the sample data into the profile, unless it has been used before."""
    if not profile.exists():
        clock = opener.clock()
        sample_loading.load(profile, clock.now(), opener.zone())


def close_one(desk: Desk) -> str:
    """Take one incident from the first call to the closed record; return its number."""
    start = desk.now() - timedelta(minutes=50)

    def after(minutes: int) -> Any:
        return start + timedelta(minutes=minutes)

    draft = IncidentDraft(
        title="Label printer in dispatch prints blank labels",
        description="Every label comes out blank since the morning. Eight parcels are waiting.",
        requester="Maja Lindqvist",
        category="hardware/printer",
        impact=2,
        urgency=1,
        occurred_at=after(-15),
    )
    logged = logging_incidents.log(desk, draft, at=start)
    uid = logged.ids["incident"][0]
    moves.start(desk, [uid], at=after(4))
    incidents.add_note(
        desk, [uid], "Test page is blank too; the ribbon was loaded upside down.", at=after(15)
    )
    given = Given(
        outcome=Outcome.FIXED,
        fix_type=FixType.HARDWARE_REPAIR,
        cause_class=CauseClass.HUMAN,
        resolution="Ribbon turned over and the print head cleaned; twelve labels printed clean.",
    )
    extra = {
        "root_cause": "The ribbon was replaced the evening before and loaded with the ink inside.",
        "people_affected": 3,
        "business_effect": "Dispatch was late by 45 minutes; all parcels left the same day.",
    }
    moves.resolve(desk, [uid], given, extra=extra, at=after(38))
    work_records.log_time(desk, uid, 34 * 60, "At the printer", at=after(39))
    stakeholders.verify_with_requester(desk, uid, "Maja Lindqvist", "phone", at=after(41))
    stakeholders.tell(desk, uid, "Dispatch team", "phone", at=after(42))
    moves.close(desk, [uid], at=after(43))
    return browsing.incident(desk, uid).number
