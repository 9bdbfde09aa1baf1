"""Takes the answer to the satisfaction question out of a mail that answers our letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.satisfaction import read_answer
from app.services.mail_senders import is_participant

if TYPE_CHECKING:
    from app.domain.incident_record import Incident
    from app.intake.mail_message import MailMessage
    from app.services.desk import Desk
    from app.services.mail_threads import Thread
    from app.storage.journal import Action


def answer_of(
    desk: Desk, incident: Incident, message: MailMessage, thread: Thread | None
) -> int | None:
    """Return 1 (bad) to 5 (good); None for a mail that is no answer to the question.

    The question must have been asked, the mail must answer a letter of ours, and it must come from
    the requester; without one, from somebody who was told.
    """
    if incident.survey_sent_at is None or thread is None or not thread.of_letter:
        return None
    address = message.sender.address
    asked = is_participant(desk, incident, address, only_requester=incident.requester is not None)
    return read_answer(message.fresh) if asked else None


def record(action: Action, incident: Incident, answer: int | None) -> None:
    """Put an answer into the record; a later one of the same person takes its place."""
    if answer is not None and answer != incident.satisfaction:
        action.set_many(incident.id, {"satisfaction": answer, "survey_answered_at": action.now_ms})
