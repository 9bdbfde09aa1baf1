"""Prometheus Alertmanager webhooks, versions 3 and 4, and Grafana's unified ones of the same shape.

Source: prometheus.io, alerting/latest/configuration (webhook_config), and Grafana's documentation
of its webhook notifier, which adds orgId, title, state, message and links of dashboards.
"""

from __future__ import annotations

from typing import Any

from app.intake.alert import Alert
from app.intake.alert_formats.payload import (
    AlertFormat,
    digest,
    first,
    has,
    labels,
    rows,
    state,
    table,
    when,
)

_MARKS = ("startsAt", "status", "annotations", "summary")
_GRAFANA_LINKS = ("dashboardURL", "panelURL", "silenceURL", "valueString")


def _is_group(document: Any) -> bool:
    return has(document, "alerts") and bool(rows(document["alerts"]))


def _is_one(document: Any) -> bool:
    return has(document, "labels") and any(key in document for key in _MARKS)


def _is_grafana(document: Any) -> bool:
    if not _is_group(document):
        return False
    alerts = rows(document["alerts"])
    return "orgId" in document or any(link in one for one in alerts for link in _GRAFANA_LINKS)


def _is_alertmanager(document: Any) -> bool:
    if isinstance(document, list):
        return bool(document) and all(_is_one(one) for one in document)
    return _is_one(document) or (
        _is_group(document)
        and ("groupKey" in document or "groupLabels" in document or "receiver" in document)
    )


def _one(source: str, raw: dict[str, Any], group: dict[str, Any], called: str = "") -> Alert:
    known = labels({"alertname": called}, raw.get("labels"))
    said = labels(group.get("commonAnnotations"), raw.get("annotations"))
    name = known.get("alertname", "")
    spoken = first(raw.get("summary"), said.get("summary"), said.get("title"), said.get("message"))
    where = first(known.get("instance"), known.get("host"), known.get("pod"))
    fallback = " on ".join(part for part in (name, where) if part)
    own = first(raw.get("fingerprint")) or digest(
        {key: value for key, value in known.items() if key != "severity"}
    )
    return Alert(
        source,
        own,
        state(raw.get("status"), group.get("status")),
        first(spoken, fallback, said.get("description"), group.get("title"), "Alert"),
        first(known.get("severity"), known.get("priority")),
        "\n".join(dict.fromkeys(said.values())),
        known,
        when(raw.get("startsAt")),
        when(raw.get("endsAt")),
        first(raw.get("panelURL"), raw.get("dashboardURL"), raw.get("generatorURL"),
              group.get("externalURL")),
    )  # fmt: skip


def _reader(source: str) -> Any:
    def read(document: Any, name: str) -> list[Alert]:
        if isinstance(document, list):
            return [_one(source, one, {}) for one in rows(document)]
        if "alerts" not in document:
            return [_one(source, document, {}, name)]
        return [_one(source, one, table(document)) for one in rows(document["alerts"])]

    return read


ALERTMANAGER = AlertFormat(
    "alertmanager", "Prometheus Alertmanager", _is_alertmanager, _reader("alertmanager")
)
GRAFANA = AlertFormat("grafana", "Grafana", _is_grafana, _reader("grafana"))
