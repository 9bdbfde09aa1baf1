"""All known formats of alerts, one small module each; a new tool is one module and one line here.

Any thread. A document is taken as the format that recognises it, in the order below.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidInputError
from app.domain.taught_format import TaughtFormat, code_of
from app.intake.alert_formats.alertmanager import ALERTMANAGER, GRAFANA
from app.intake.alert_formats.axiom import AXIOM
from app.intake.alert_formats.azure_monitor import AZURE_MONITOR
from app.intake.alert_formats.checkly import CHECKLY
from app.intake.alert_formats.checkmk import CHECKMK
from app.intake.alert_formats.cloudwatch import CLOUDWATCH
from app.intake.alert_formats.coralogix import CORALOGIX
from app.intake.alert_formats.datadog import DATADOG
from app.intake.alert_formats.generic import GENERIC, read_mapped
from app.intake.alert_formats.google_cloud import GOOGLE_CLOUD
from app.intake.alert_formats.grafana_legacy import GRAFANA_LEGACY
from app.intake.alert_formats.graylog import GRAYLOG
from app.intake.alert_formats.kapacitor import KAPACITOR
from app.intake.alert_formats.librenms import LIBRENMS
from app.intake.alert_formats.nagios import NAGIOS, read_lines, read_mail
from app.intake.alert_formats.opsgenie import OPSGENIE
from app.intake.alert_formats.pagerduty import PAGERDUTY
from app.intake.alert_formats.sentry import SENTRY
from app.intake.alert_formats.signalfx import SIGNALFX
from app.intake.alert_formats.taught import MOST_ENTRIES, fits, read_taught
from app.intake.alert_formats.uptime_kuma import UPTIME_KUMA
from app.intake.alert_formats.wazuh import WAZUH
from app.intake.alert_formats.zabbix import ZABBIX
from app.intake.strict_json import MOST_BYTES, read_strictly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.intake.alert import Alert
    from app.intake.alert_formats.payload import AlertFormat

FORMATS: tuple[AlertFormat, ...] = (
    GRAFANA,
    GRAFANA_LEGACY,
    ALERTMANAGER,
    AZURE_MONITOR,
    CLOUDWATCH,
    GOOGLE_CLOUD,
    PAGERDUTY,
    OPSGENIE,
    UPTIME_KUMA,
    CHECKMK,
    NAGIOS,
    LIBRENMS,
    CHECKLY,
    CORALOGIX,
    AXIOM,
    GRAYLOG,
    WAZUH,
    SENTRY,
    SIGNALFX,
    KAPACITOR,
    DATADOG,
    ZABBIX,
    GENERIC,
)
"""In the order in which they are tried; the one that takes anything stands last."""
_MOST_ALERTS = MOST_ENTRIES - 1
_BEGINNING = re.compile(rb"\s*(?:[A-Za-z][A-Za-z0-9_ -]{0,40}[:=]|\*{3})")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*: ")


def format_named(name: str, taught: Sequence[TaughtFormat] = ()) -> AlertFormat | TaughtFormat:
    """Return a format by its name; raise InvalidInputError naming all of them."""
    for one in FORMATS:
        if one.name == code_of(name):
            return one
    for other in taught:
        if other.code == code_of(name):
            return other
    known = ", ".join([*(one.name for one in FORMATS), *(one.code for one in taught)])
    raise InvalidInputError(
        f'There is no alert format "{name}"; known are {known}.', field="format"
    )


def read_payload(
    body: bytes,
    *,
    name: str = "",
    mapping: Mapping[str, str] | None = None,
    taught: Sequence[TaughtFormat] = (),
) -> list[Alert]:
    """Return the alerts of what a tool has posted.

    Args:
        body: the bytes as they came.
        name: a format; else the one that recognises the document.
        mapping: where the generic format finds its fields, field to path.
        taught: the formats that the team has taught; tried after those of known tools, unless
            one says that a known one gives way to it.

    Raises:
        InvalidInputError: it is no JSON that is safe to believe, or of no format; nothing is known
            of an alert then.
    """
    wanted = format_named(name, taught) if name else None
    if _is_text(body) and (wanted is None or wanted is NAGIOS):
        found = _read_text(body)
    elif isinstance(wanted, TaughtFormat):
        found = read_taught(read_strictly(body), wanted)
    else:
        found = _read(read_strictly(body), wanted, mapping or {}, taught)
    if not found or not all(one.title for one in found):
        raise InvalidInputError(
            "No alert can be read from this payload: there is no title in it. Name its format, or "
            "teach one by pointing at the title."
        )
    if len(found) > _MOST_ALERTS:
        raise InvalidInputError(
            f"The payload holds {len(found):,} alerts; at most {_MOST_ALERTS:,} are taken at once."
        )
    return found


def tool_of(document: Any) -> AlertFormat | None:
    """Return the format of the known tool that claims a document; None when none does."""
    known = next((one for one in FORMATS if one.recognise(document)), None)
    return None if known is GENERIC else known


def _read(
    document: Any,
    wanted: AlertFormat | None,
    mapping: Mapping[str, str],
    taught: Sequence[TaughtFormat],
) -> list[Alert]:
    tried = FORMATS if wanted is None else (wanted,)
    fitting = next((one for one in tried if one.recognise(document)), None)
    own = _taught_for(document, fitting, taught) if wanted is None else None
    if own is not None:
        return read_taught(document, own)
    if fitting is not None:
        return _read_as(fitting, document, "", mapping)
    if mapping and wanted in (None, GENERIC):
        mapped = read_mapped(document, mapping)
        if mapped.title:
            return [mapped]
    found: list[Alert] = []
    if _is_collection(document):
        for name, value in document.items():
            one = next((each for each in tried if each.recognise(value)), None)
            if one is None:
                return []
            found += _read_as(one, value, name, mapping)
    if wanted is not None and not found:
        raise InvalidInputError(
            f"This is no payload of {wanted.label}: what tells one is missing. Leave the format "
            "out to have it recognised."
        )
    return found


def _taught_for(
    document: Any, known: AlertFormat | None, taught: Sequence[TaughtFormat]
) -> TaughtFormat | None:
    """Return the taught format of a document that no known tool claims, the closest one first."""
    if known is not None and known is not GENERIC:
        taught = [one for one in taught if one.before == known.name]
    closest = sorted(taught, key=lambda one: -len(one.places))
    return next((one for one in closest if fits(document, one)), None)


def _is_text(body: bytes) -> bool:
    """Tell a mail or KEY=VALUE lines from JSON, which begins with a bracket."""
    return bool(_BEGINNING.match(body[:200]))


def _read_text(body: bytes) -> list[Alert]:
    """Return the alert of a notification of Nagios or Icinga: its mail, or lines of its command."""
    if len(body) > MOST_BYTES:
        raise InvalidInputError(f"The mail has more than {MOST_BYTES:,} bytes.", code="too_large")
    said = body.decode("utf-8", "replace")
    found = read_mail(body) if _HEADER.match(said) else []
    found = found or read_lines(said)
    if not found:
        raise InvalidInputError("This text is neither JSON nor a notification of Nagios or Icinga.")
    return found


def _read_as(one: AlertFormat, document: Any, name: str, mapping: Mapping[str, str]) -> list[Alert]:
    return [read_mapped(document, mapping)] if one is GENERIC else one.read(document, name)


def _is_collection(document: Any) -> bool:
    """Tell whether a document is an object of payloads by name."""
    return (
        isinstance(document, dict)
        and bool(document)
        and all(isinstance(value, dict) for value in document.values())
    )
