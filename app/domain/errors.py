"""Known errors: what the world does to the program; any other exception is a bug.

Each carries a stable `code` (snake_case, printed by the command line as JSON) and one sentence that
names what is wrong and what to do. A known error means that nothing was written.
"""

from __future__ import annotations


class KnownError(Exception):
    """Something outside the program is wrong; the message is shown to the user as it stands."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InvalidInputError(KnownError):
    """A value that was given cannot be used; the sentence names the value and what would do."""

    code = "invalid_input"

    def __init__(self, message: str, *, field: str = "", code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.field = field


class TransitionRefusedError(InvalidInputError):
    """A change of status that the lifecycle does not know (domain.md, statuses and transitions)."""

    code = "transition_refused"


class NotFoundError(KnownError):
    """A number, name or file that is not there."""

    code = "not_found"


class ConflictError(KnownError):
    """The value has moved on since it was read, so the action asks before it overwrites."""

    code = "moved_on"


class StoreError(KnownError):
    """The database file cannot be used (corrupt, newer, read-only, locked, disk full)."""

    code = "store"


class HubError(KnownError):
    """The shared folder or server cannot be used; local work goes on."""

    code = "hub"


class HubAwayError(HubError):
    """The hub cannot be reached now; what waits is sent later."""

    code = "offline"


class HubFullError(HubError):
    """There is no space on the hub: pushing stops, pulling goes on."""

    code = "hub_full"


class HubRefusedError(HubError):
    """The hub is there and may not be read or written by this person."""

    code = "hub_refused"


class HubNewerError(HubError):
    """The hub was made by a newer program."""

    code = "newer"


class WrongHubError(HubError):
    """The place is no hub, or the hub of another team or epoch."""

    code = "wrong_hub"


class MailError(KnownError):
    """A letter could not be handed to the mail server."""

    code = "mail"


class MailAwayError(MailError):
    """The server cannot be reached now, or asks to come again: the letter is tried later."""

    code = "mail_away"


class MailHeldError(MailError):
    """A person must put something right (password, certificate, address) before the next try."""

    code = "mail_held"


class MailRefusedError(MailError):
    """The server will never take this letter."""

    code = "mail_refused"


class MailUnsureError(MailError):
    """The server had the whole letter and did not answer: it may have been sent."""

    code = "mail_unsure"
