"""Commands for the report and the team: report, verify, config, demo."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from typer import Argument, Option

from app.cli import application, context
from app.cli.progress import progress_bar, stoppable
from app.domain.errors import InvalidInputError
from app.domain.instants import parse_span, zone_named
from app.reports.language import language_of
from app.services import (
    configuration,
    demonstration,
    period_reporting,
    report_batch,
    reporting,
    signing,
    verification,
)
from app.services.verification import Verdict

if TYPE_CHECKING:
    from app.reports.sign import SigningKey

config = typer.Typer(help="Read and change settings.", no_args_is_help=True)
application.add_typer(config, name="config")


class _Look(NamedTuple):
    """Paper and language of reports; "" is what is set."""

    paper: str
    language: str


_VERDICTS = {
    Verdict.GENUINE: "Genuine",
    Verdict.RECORD_CHANGED: "Record changed since",
    Verdict.FILE_ALTERED: "File altered",
    Verdict.NOT_OURS: "Not ours",
}


@application.command()
def report(
    output: Annotated[
        Path, Option("-o", "--output", help="The PDF file; with --filter also a folder.")
    ],
    number: Annotated[str, Argument(help="The incident's number.")] = "",
    paper: Annotated[str, Option(help="a4 or letter.")] = "",
    language: Annotated[str, Option(help="en or de; else as in the settings.")] = "",
    period: Annotated[str, Option(help="FROM..TO: the report of a period instead.")] = "",
    text: Annotated[
        str,
        Option("--filter", help="Many: a file each into a folder, or one .pdf; or of a period."),
    ] = "",
    sign: Annotated[str, Option(help="A PKCS#12 file (.p12) to sign it with.")] = "",
    review: Annotated[
        bool, Option("--review", help="The post-incident review of a major incident.")
    ] = False,
) -> None:
    """Write a closure report, those of a filter, or the report of a period, as PDF."""
    size = paper.strip().lower()
    if size not in {"", "a4", "letter"}:
        raise InvalidInputError(f'There is no paper "{paper}". Use a4 or letter.', field="paper")
    look = _Look(size, language_of(language).code if language else "")
    if not number and not text and not period:
        raise typer.BadParameter("Missing argument 'number'.")
    other = number or ("--review" if review else "")
    key = None
    if sign and not (period and other):
        key = signing.key_of_file(Path(sign), _sign_password(sign))
    if period:
        _report_period(output, period, text, look, other, key)
        return
    if text:
        if number or review:
            raise typer.BadParameter("Give a number or --filter, not both.")
        _report_many(text, output, look, key)
        return
    facts = reporting.write_report(
        context().desk,
        number,
        output,
        paper=look.paper,
        language=look.language,
        zone=context().zone,
        key=key,
        review=review,
    )
    context().say(facts, str(facts["path"]))


def _report_period(
    output: Path, period: str, text: str, look: _Look, other: str, key: SigningKey | None
) -> None:
    if other:
        raise InvalidInputError(
            f'"{other}" goes with the report of one incident; leave it out, or --period.',
            field="period",
        )
    zone = context().zone or context().desk.store.zone
    from_at, to_at = parse_span(period, zone_named(zone), field="period")
    with progress_bar("Report") as progress:
        facts = period_reporting.write_report(
            context().desk,
            output,
            from_at,
            to_at=to_at,
            text=text,
            zone=zone,
            progress=progress,
            key=key,
            paper=look.paper,
            language=look.language,
        )
    context().say(facts, str(facts["path"]))


def _report_many(text: str, output: Path, look: _Look, key: SigningKey | None) -> None:
    """Write the reports of a filter: into one file that ends in .pdf, else into a folder."""
    desk, zone = context().desk, context().zone
    uids = report_batch.chosen(desk, text)
    one_file = output.suffix.lower() == ".pdf" and not output.is_dir()
    with progress_bar("Writing reports") as told, stoppable() as stopped:
        if one_file:
            facts = report_batch.write_bundle(
                desk, uids, output, paper=look.paper, language=look.language, zone=zone,
                key=key, progress=told, cancelled=stopped,
            )  # fmt: skip
        else:
            facts = report_batch.write_reports(
                desk, uids, output, paper=look.paper, language=look.language, zone=zone,
                key=key, progress=told, cancelled=stopped,
            )  # fmt: skip
    context().say(facts, f"{facts['written']:,} written to {facts['path']}")


def _sign_password(path: str) -> str:
    """Return the password of a certificate: from the environment, the key store, or typed."""
    known = os.environ.get("INCIDENT_DESK_SIGN_PASSWORD") or signing.kept_password(path)
    if known or not sys.stdin.isatty():
        return known
    return getpass.getpass(f"Password of {path}: ", stream=sys.stderr)


@application.command(name="verify")
def verify_report(
    file: Annotated[Path, Argument(help="A PDF that somebody says is a report.")],
) -> None:
    """Tell whether a report is genuine, its record changed since, it was altered, or not ours."""
    found = verification.verify_file(context().desk, file)
    lines = [_VERDICTS[found.verdict], found.reason]
    lines += [
        f"  {one.field}: {one.was or 'nothing'} -> {one.now or 'nothing'}" for one in found.changes
    ]
    lines += [f"  added: {one}" for one in found.since]
    if found.signature is not None:
        state = found.signature.state.value.replace("_", " ")
        lines.append(f"Signature: {state}, {found.signature.signer}".rstrip(", "))
    context().say(found.to_json(), *lines, answer=found.genuine)


@config.command()
def get(key: Annotated[str, Argument(help="Like files.limit_mb, report or people.")]) -> None:
    """Print a setting, a group of settings, or a list: people, teams, calendars, ..."""
    value: Any = configuration.look_up(context().desk, key)
    lines = [str(value)]
    if isinstance(value, list):
        lines = [str(one["name"] if isinstance(one, dict) else one) for one in value]
    elif isinstance(value, dict):
        lines = [f"{name} = {one}" for name, one in value.items()]
    context().say({key: value}, *lines)


@config.command(name="set")
def set_setting(
    key: Annotated[str, Argument(help="Like files.limit_mb.")],
    value: Annotated[str, Argument(help="The new value.")],
) -> None:
    """Change a setting."""
    configuration.set_setting(context().desk, key, value)
    now: Any = configuration.get_setting(context().desk, key)
    context().say({key: now}, f"{key} = {now}")


@config.command(name="import")
def import_file(path: Annotated[Path, Argument(help="A TOML or JSON file.")]) -> None:
    """Take over people, teams, categories, matrix, calendars, targets from one file."""
    result = configuration.import_file(context().desk, path)
    counts = {kind: len(ids) for kind, ids in result.ids.items()}
    words = ", ".join(f"{n} {kind}" for kind, n in counts.items()) or "nothing new"
    context().say({"changed": counts}, f"Imported: {words}.")


@application.command()
def demo(
    headless: Annotated[bool, Option("--headless", help="Open no window.")] = False,
    out: Annotated[Path, Option(help="Where the report and the picture go.")] = Path("demo"),
) -> None:
    """Open the window on sample data; with no display do the whole job and say where it is."""
    opener = context().opener
    if not headless and opener.has_display(sys.platform, os.environ):
        demonstration.open_window(opener)
        context().say({"incident": None, "report": None, "screenshot": None})
        return
    result = demonstration.run_headless(opener, out)
    context().say(result, *(f"{name}: {value}" for name, value in result.items()))
