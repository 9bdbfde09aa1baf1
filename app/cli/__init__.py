"""The command line: everything the window does, scriptable and headless (cli.md).

Exit codes: 0 done, 1 the answer is "no", 2 wrong usage, 3 a known error, 70 a bug. With `--json`
exactly one JSON document stands on stdout; messages go to stderr.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import traceback
from contextlib import nullcontext, redirect_stdout, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import typer

from app.cli import printing
from app.domain.errors import KnownError
from app.domain.incident_json import incident_to_json
from app.domain.instants import zone_named
from app.services import browsing
from app.system.faults import MachineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.incident import EntityId
    from app.services.desk import Desk

DONE, NO, USAGE, KNOWN, BUG, STOPPED = 0, 1, 2, 3, 70, 130
_VALUED = {"--profile": "profile", "--as": "person", "--zone": "zone"}
_COMMON_OPTIONS = """Common options, before or after the command; a plain -- ends options:

--profile DIR  The data directory; else INCIDENT_DESK_PROFILE, else this computer's place for it.

--as NAME  Who acts; else the person of the profile.

--zone ZONE  The zone of times that are given without an offset, like Europe/London.

--json  Print one JSON document to stdout; messages go to stderr.
"""


class Opener(Protocol):
    """What the command line needs of the composition root."""

    def open_profile(self, directory: str = "", *, person: str = "", zone: str = "") -> Desk:
        """Open a profile."""
        ...


@dataclass(slots=True)
class Context:
    """The common options of one run, and what a command has to say."""

    opener: Any
    profile: str = ""
    person: str = ""
    zone: str = ""
    as_json: bool = False
    exit_code: int = DONE
    said: dict[str, Any] | None = None
    lines: list[str] = field(default_factory=list)
    _desk: Desk | None = None

    @property
    def desk(self) -> Desk:
        """Return the profile's desk, opening it at first use."""
        if self._desk is None:
            self._desk = self.opener.open_profile(self.profile, person=self.person, zone=self.zone)
        return self._desk

    def say(self, document: dict[str, Any], *lines: str, answer: bool = True) -> None:
        """Set what is printed: a JSON document, or lines for people; `answer` False exits 1."""
        self.said, self.lines = document, list(lines)
        self.exit_code = DONE if answer else NO

    def say_incident(self, which: str | EntityId) -> None:
        """Print an incident whole, as it now is; the first word for people is its number."""
        incident = browsing.incident(self.desk, which)
        self.say(
            incident_to_json(incident, conflicts=browsing.conflicts(self.desk, incident.id)),
            f"{incident.number}  {incident.priority}  {incident.status}  {incident.title}",
        )

    def close(self) -> None:
        """Close the profile."""
        if self._desk is not None:
            self._desk.close()


application = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False
)


_CONTEXT: ContextVar[Context] = ContextVar("context")

_UsageError: Any = typer.BadParameter.__base__
"""What typer raises for wrong usage; it has no public name for the class itself."""


def context() -> Context:
    """Return the context of the running command."""
    return _CONTEXT.get()


def run(arguments: Sequence[str], opener: Any) -> int:
    """Run one command and return its exit code."""
    from app.cli import (  # each registers its commands
        exchange,
        insight,
        intake_alerts,
        intake_mail,
        keeping,
        life,
        lists,
        records,
        report_form,
        sharing,
        team,
    )

    del exchange, insight, intake_alerts, intake_mail, keeping, life, lists, records
    del report_form, sharing, team
    printing.prepare_streams()
    logging.getLogger("app").addHandler(logging.NullHandler())  # stderr is for sentences
    known = Context(opener)
    try:
        rest = _common_options(arguments, known)
        if known.zone:
            zone_named(known.zone)
        _CONTEXT.set(known)
        left = _run_command(rest, known)
        _print(known)
        return known.exit_code or (left if isinstance(left, int) else DONE)
    except _UsageError as error:
        with redirect_stdout(sys.stderr), suppress(OSError):
            error.show(sys.stderr)
        sentence = error.format_message() or "Name a command; --help lists them."
        return _failed(known, USAGE, "usage", sentence)
    except (KnownError, MachineError) as error:
        printing.write_sentence(error.message)
        return _failed(known, KNOWN, error.code, error.message)
    except (KeyboardInterrupt, typer.Abort):
        sentence = "Stopped. What was not finished was not written."
        printing.write_sentence(sentence)
        return _failed(known, STOPPED, "stopped", sentence)
    except Exception as error:
        return _bug(known, error)
    finally:
        known.close()


def _run_command(words: list[str], known: Context) -> Any:
    """Run the command of a line; what typer itself prints (help) becomes a document with --json."""
    command = typer.main.get_command(application)
    _explain_common_options(command)
    printed = io.StringIO()
    try:
        with redirect_stdout(printed) if known.as_json else nullcontext():
            left = command.main(words, prog_name="incident-desk", standalone_mode=False)
    except SystemExit:  # typer's answer to a reader who has seen enough: `--help | head -1`
        return DONE
    except OSError as error:
        if "--help" not in words:
            raise
        printing.lose_output(error)
        return DONE
    if known.said is None and printed.getvalue():
        known.say({"help": printed.getvalue()})
    return left


def _explain_common_options(command: Any) -> None:
    """Add the options that every command takes to its help and to that of those below it."""
    command.epilog = _COMMON_OPTIONS
    for one in getattr(command, "commands", {}).values():
        _explain_common_options(one)


def _common_options(arguments: Sequence[str], known: Context) -> list[str]:
    """Take the common options out of the line, before or after the command; `--` ends options."""
    rest: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        if word == "--":
            return [*rest, word, *waiting]
        name, equals, value = word.partition("=")
        if word == "--json":
            known.as_json = True
        elif name in _VALUED:
            given = value if equals else next(waiting, None)
            if given is None:
                raise _UsageError(f"Option '{name}' needs a value.")
            setattr(known, _VALUED[name], given)
        else:
            rest.append(word)
    return rest


def _print(known: Context) -> None:
    if known.said is None:
        return
    if known.as_json:
        printing.write_document(known.said)
    else:
        printing.write_lines(known.lines)


def _failed(known: Context, code: int, name: str, message: str) -> int:
    if known.as_json:
        printing.write_document({"error": {"code": name, "message": message}})
    return code


def _bug(known: Context, error: Exception) -> int:
    from app.system import crash  # only a bug needs it
    from app.system.clock import SystemClock
    from app.system.paths import choose_profile

    try:
        profile = choose_profile(known.profile or None, os.environ)
        now = SystemClock().now()
        path = crash.write_crash(profile.crashes, error, now=now, logs=profile.logs)
        kept = path.is_file()
    except Exception:
        kept = False
    details = f"the details are in {path}" if kept else "no crash file could be written."
    message = f"The program has a bug. Nothing more was done; {details}"
    if not kept:
        with suppress(OSError):
            traceback.print_exception(error)
    printing.write_sentence(message)
    return _failed(known, BUG, "bug", message)
