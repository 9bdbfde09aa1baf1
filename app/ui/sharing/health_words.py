"""What to do about each thing that is told of sharing (sync.md, faults)."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

CONTEXT = "Health"


def _noop(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("Health", text))


ADVICE = {
    "offline": _noop(
        "Go on working: it is tried again by itself, and what waits is sent then. If it lasts, "
        "test the shared place below."
    ),
    "hub_full": _noop(
        "Free some space in the shared place. What waits is sent by itself then; the work of "
        "others goes on coming."
    ),
    "hub_refused": _noop("Ask whoever keeps the shared place for the right to read and write it."),
    "waiting_for_approval": _noop(
        "Read your workstation's code to whoever began the team; they admit it under Tools, "
        "Sharing with the team."
    ),
    "newer": _noop("Update Incident Desk on this computer. You can go on working until then."),
    "wrong_hub": _noop(
        "Connect the right folder. If the team has moved, stop sharing under Tools, Sharing with "
        "the team, and join it there."
    ),
    "hub_wiped": _noop(
        "If it is only not connected, connect it. If it was wiped, publish everything again."
    ),
    "hub_label_lost": _noop(
        "Bring team.json back from a backup of the folder, or publish everything again."
    ),
    "damaged": _noop(
        "Nothing, if it was just copied: it is mended by any workstation that has the content. If "
        "it stays, open Incident Desk on the workstation named, and test the shared place."
    ),
    "copied": _noop(
        "Nothing is to be done here. If the profile was copied to a second computer, join the team "
        "there anew instead."
    ),
    "forked": _noop(
        "Nothing is lost. Look through the incidents of that time: some may be there twice, or say "
        "two things. Do not restore a profile and the shared folder together again."
    ),
    "restored": _noop(
        "Nothing is to be done: what was lost is there again. Ask who restored the folder, so that "
        "it does not happen unseen."
    ),
    "epoch": _noop("Nothing is to be done: everything is on its way to the new place."),
    "clock": _noop(
        "Set the clock of that computer, or let the network set it. No change is lost by it; only "
        "which of two values is shown first may be wrong."
    ),
    "number": _noop("Tell whoever wrote the number down; searching for it finds both."),
    "snapshot": _noop(
        "Nothing is to be done: the work came another way. If it happens again, test the shared "
        "place."
    ),
    "forged": _noop(
        "Ask who may write to the shared place: somebody put a replica there that did not come "
        "from the team's own work. Nothing of it was kept."
    ),
    "mailbox": _noop(
        "Mails wait on their server meanwhile, and nothing is lost. Put server, user and password "
        "right in the settings, E-mail and alerts, and test the mailbox there."
    ),
    "listener": _noop(
        "Tools that repeat their alerts deliver them later. Put address, certificate, folder or "
        "log right in the settings, E-mail and alerts."
    ),
    "reports": _noop(
        "Reports wait in their folder meanwhile. Put its name right in the settings, E-mail and "
        "alerts."
    ),
    "repaired": _noop(
        "If entries were lost, look for them in your last backup; the damaged file is kept in the "
        "profile."
    ),
}
"""What to do, by the kind of a note or the state of sharing."""
_OTHERWISE = _noop("Test the shared place below; it says in plain words what does not work.")
PUBLISH_AGAIN = frozenset({"hub_wiped", "hub_label_lost"})
"""Kinds that publishing everything again is the way out of."""


def advice(kind: str) -> str:
    """Return what to do."""
    return QCoreApplication.translate(CONTEXT, ADVICE.get(kind, _OTHERWISE))
