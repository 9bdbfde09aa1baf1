"""Commands that move data in and out, and measure it: import, export, metrics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from typer import Argument, Option

from app.cli import application, context
from app.cli.progress import progress_bar, stoppable
from app.domain import metrics as domain_metrics
from app.domain.instants import parse_instant
from app.services import exporting, importing, measuring

if TYPE_CHECKING:
    from datetime import datetime

_REJECTS_SHOWN = 20


@application.command(name="import")
def import_command(
    file: Annotated[
        Path, Argument(help="CSV, JSON, XLSX, XML, SQL (also .xz, .gz) or a .zip package.")
    ],
    mapping: Annotated[str, Option(help="A mapping's name or its file; else guessed.")] = "",
    dry_run: Annotated[bool, Option("--dry-run", help="Only say what would happen.")] = False,
    dates: Annotated[str, Option(help="dmy or mdy, where no date of the file decides.")] = "",
) -> None:
    """Take in the incidents of another tool; a second run adds nothing."""
    with progress_bar("Importing") as told, stoppable() as stopped:
        result = importing.import_file(
            context().desk,
            file,
            mapping=mapping or None,
            dry_run=dry_run,
            zone=context().zone,
            date_order=dates,
            progress=told,
            cancelled=stopped,
        )
    lines = [f"Read as {result.dialect}; mapping {result.mapping}."]
    lines += result.notes
    lines += [f"line {one.line}: {one.reason}" for one in result.rejected[:_REJECTS_SHOWN]]
    if result.rejected_count > _REJECTS_SHOWN:
        lines.append(f"... and {result.rejected_count - _REJECTS_SHOWN:,} more (--json lists them)")
    context().say(result.to_json(), *lines, result.sentence(), answer=not result.cancelled)


@application.command()
def export(
    output: Annotated[Path, Option("-o", "--output", help=".csv, .json or .zip.")],
    filter_text: Annotated[str, Option("--filter", help="The filter language.")] = "",
) -> None:
    """Write incidents to a CSV, JSON or .zip package file."""
    with progress_bar("Exporting") as told, stoppable() as stopped:
        written = exporting.export_file(
            context().desk, output, text=filter_text, progress=told, cancelled=stopped
        )
    path = str(output)
    context().say({"written": written, "path": path}, f"{written:,} written to {path}")


@application.command()
def metrics(
    start: Annotated[str, Option("--from", help="From this instant on.")] = "",
    end: Annotated[
        str, Option("--to", help="Up to this instant; the backlog is taken at it.")
    ] = "",
    filter_text: Annotated[str, Option("--filter", help="The filter language.")] = "",
) -> None:
    """Measure the desk: every metric with its definition."""
    found = measuring.measure(
        context().desk,
        from_at=_instant(start, "from"),
        to_at=_instant(end, "to"),
        text=filter_text,
    )
    document = domain_metrics.to_json(found)
    context().say(document, *(_line(key, told) for key, told in document.items()))


def _instant(text: str, field: str) -> datetime | None:
    zone = ZoneInfo(context().zone or context().desk.store.zone)
    return parse_instant(text, zone, field=field) if text else None


def _line(key: str, told: dict[str, Any]) -> str:
    """Word a metric for people: durations in hours."""
    if told.get("no_data"):
        return f"{key:<15} no data"
    if "mean" in told:
        hours = (f"{name} {told[name] / 3600:.2f} h" for name in ("mean", "median", "p90"))
        return f"{key:<15} {', '.join(hours)} (n = {told['n']}, {told['excluded']} left out)"
    if "value" in told:
        value = told["value"]
        shown = f"{value:.1%}" if 0 <= value <= 1 and key != "backlog" else f"{value:,}"
        return f"{key:<15} {shown} (n = {told['n']})"
    return f"{key:<15} n = {told['n']}"
