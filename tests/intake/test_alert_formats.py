"""Each format is recognised by itself and read: fingerprint, state, severity, title, instants."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import InvalidInputError
from app.intake.alert import AlertState
from app.intake.alert_formats import FORMATS, format_named, read_payload

SHARED = Path("/") / "work" / "shared" / "data"
PAYLOADS, MAILS = SHARED / "alert_payloads", SHARED / "monitoring_mails"
PUBLISHED = pytest.mark.skipif(not PAYLOADS.is_dir(), reason="published payloads are not here")
FIRING, RESOLVED = AlertState.FIRING, AlertState.RESOLVED
_AM = {
    "labels": {"alertname": "Down", "instance": "a:80", "severity": "critical"},
    "startsAt": "2026-03-09T12:00:00.123456789+03:00",
    "endsAt": "0001-01-01T00:00:00Z",
}
_PD = {
    "id": "P1",
    "title": "DB down",
    "status": "triggered",
    "urgency": "high",
    "service": {"summary": "db"},
    "number": 7,
}
_OPS = {"alertId": "1-2", "alias": "db-down", "message": "DB down", "priority": "P2"}
_GCP = {
    "incident_id": "0.a1",
    "policy_name": "CPU",
    "resource_name": "vm-1",
    "started_at": 1773046800,
}
_AZ = {
    "alertRule": "CPU",
    "severity": "Sev1",
    "alertTargetIDs": ["/sub/vm1"],
    "firedDateTime": "2026-03-09T09:00:00Z",
}
_CW = {"AlarmName": "HighCPU", "AlarmArn": "arn:1", "NewStateReason": "x", "Region": "eu"}
_SNS = {"Type": "Notification", "TopicArn": "arn:t"}
_KUMA = {"id": 3, "name": "Shop"}
_CMK = {"host": "srv", "service": "Disk", "what": "SERVICE", "severity": "CRITICAL"}
_NAG = {"HOSTNAME": "srv", "SERVICEDESC": "Disk", "SERVICEOUTPUT": "full"}
_LNMS = {
    "hostname": "sw1",
    "device_id": "2",
    "rule_id": "13",
    "name": "Up/down",
    "severity": "critical",
}

PAIRS: dict[str, tuple[Any, Any, str]] = {
    "alertmanager": (
        {"version": "4", "groupKey": "{}", "alerts": [{**_AM, "status": "firing"}]},
        {"version": "4", "groupKey": "{}", "alerts": [{**_AM, "status": "resolved"}]},
        "Down on a:80",
    ),
    "grafana": (
        {"orgId": 1, "alerts": [{**_AM, "status": "firing", "panelURL": "https://g/p"}]},
        {"orgId": 1, "alerts": [{**_AM, "status": "resolved", "panelURL": "https://g/p"}]},
        "Down on a:80",
    ),
    "grafana_legacy": (
        {"ruleId": 1, "ruleName": "CPU", "state": "alerting", "title": "[Alerting] CPU"},
        {"ruleId": 1, "ruleName": "CPU", "state": "ok", "title": "[OK] CPU"},
        "CPU",
    ),
    "zabbix": (
        {"event_id": "10", "trigger_id": "5", "host": "srv", "event_name": "Disk full",
         "event_value": "1", "event_severity": "Disaster"},
        {"event_id": "11", "trigger_id": "5", "host": "srv", "event_name": "Disk full",
         "event_value": "0", "event_severity": "Disaster"},
        "Disk full",
    ),
    "nagios": (
        {"NOTIFICATIONTYPE": "PROBLEM", "SERVICESTATE": "CRITICAL", **_NAG},
        {"NOTIFICATIONTYPE": "RECOVERY", "SERVICESTATE": "OK", **_NAG},
        "Disk on srv is CRITICAL",
    ),
    "checkmk": (
        {"notification_type": "PROBLEM", "status": "CRIT", **_CMK},
        {"notification_type": "RECOVERY", "status": "OK", **_CMK},
        "srv: Disk",
    ),
    "librenms": ({"state": "1", **_LNMS}, {"state": "0", **_LNMS}, "Up/down on sw1"),
    "datadog": (
        {"title": "[Triggered] CPU", "monitor_id": "9", "alert_transition": "Triggered",
         "tags": "env:prod,team:db"},
        {"title": "[Recovered] CPU", "monitor_id": "9", "alert_transition": "Recovered"},
        "CPU",
    ),
    "pagerduty": (
        {"event": {"event_type": "incident.triggered", "data": _PD}},
        {"event": {"event_type": "incident.resolved", "data": {**_PD, "status": "resolved"}}},
        "DB down",
    ),
    "opsgenie": (
        {"action": "Create", "alert": _OPS}, {"action": "Close", "alert": _OPS}, "DB down",
    ),
    "uptime_kuma": (
        {"heartbeat": {"status": 0, "msg": "timeout"}, "monitor": _KUMA, "msg": "Shop down"},
        {"heartbeat": {"status": 1, "msg": "200"}, "monitor": _KUMA, "msg": "Shop up"},
        "Shop is down",
    ),
    "azure_monitor": (
        {"schemaId": "azureMonitorCommonAlertSchema",
         "data": {"essentials": {**_AZ, "monitorCondition": "Fired"}}},
        {"schemaId": "azureMonitorCommonAlertSchema",
         "data": {"essentials": {**_AZ, "monitorCondition": "Resolved"}}},
        "CPU on vm1",
    ),
    "cloudwatch": (
        {**_SNS, "Message": json.dumps({**_CW, "NewStateValue": "ALARM"})},
        {**_SNS, "Message": json.dumps({**_CW, "NewStateValue": "OK"})},
        "HighCPU",
    ),
    "google_cloud": (
        {"incident": {**_GCP, "state": "open"}, "version": "1.2"},
        {"incident": {**_GCP, "state": "closed"}, "version": "1.2"},
        "CPU on vm-1",
    ),
    "sentry": (
        {"action": "created",
         "data": {"issue": {"id": "77", "title": "KeyError", "level": "error"}}},
        {"action": "resolved", "data": {"issue": {"id": "77", "title": "KeyError"}}},
        "KeyError",
    ),
    "graylog": (
        {"event_definition_id": "e1", "event_definition_title": "Many errors",
         "event": {"priority": 3, "timestamp": "2026-03-09T09:00:00.000Z", "key": "srv"}},
        None, "Many errors",
    ),
    "wazuh": (
        {"rule": {"id": "5710", "level": 12, "description": "Break-in"},
         "agent": {"id": "001", "name": "srv"}},
        None, "Break-in",
    ),
    "axiom": (
        {"action": "Open", "event": {"monitorID": "m1", "title": "Triggered: Errors"}},
        {"action": "Closed", "event": {"monitorID": "m1", "title": "Resolved: Errors"}},
        "Errors",
    ),
    "coralogix": (
        {"alert_id": "a", "alert_action": "trigger", "name": "Errors", "fields": []},
        {"alert_id": "a", "alert_action": "resolve", "name": "Errors", "fields": []},
        "Errors",
    ),
    "signalfx": (
        {"incidentId": "1", "detector": "CPU", "rule": "high", "statusExtended": "anomalous"},
        {"incidentId": "1", "detector": "CPU", "rule": "high", "statusExtended": "ok"},
        "high (CPU)",
    ),
    "kapacitor": (
        {"id": "cpu:srv", "level": "CRITICAL", "previousLevel": "OK", "message": "cpu is high"},
        {"id": "cpu:srv", "level": "OK", "previousLevel": "CRITICAL", "message": "cpu is fine"},
        "cpu is high",
    ),
    "checkly": (
        {"CHECK_ID": "c", "CHECK_NAME": "Login", "ALERT_TYPE": "ALERT_FAILURE"},
        {"CHECK_ID": "c", "CHECK_NAME": "Login", "ALERT_TYPE": "ALERT_RECOVERY"},
        "Check Login fails",
    ),
    "generic": (
        {"title": "Cold room is warm", "state": "alerting", "id": "x1"},
        {"title": "Cold room is warm", "state": "ok", "id": "x1"},
        "Cold room is warm",
    ),
}  # fmt: skip


def read(document: Any, name: str = "", **more: Any) -> Any:
    return read_payload(json.dumps(document).encode(), name=name, **more)


def test_every_format_has_a_payload_here() -> None:
    assert {one.name for one in FORMATS} == set(PAIRS)


@pytest.mark.parametrize("name", PAIRS)
def test_a_format_is_recognised_and_its_recovery_belongs_to_it(name: str) -> None:
    down, well, title = PAIRS[name]
    (fired,) = read(down)
    assert fired.state is FIRING
    assert fired.title == title
    assert fired.fingerprint
    known = read(down, name)
    assert known == [fired]
    others = [one.name for one in FORMATS if one.name != "generic" and one.recognise(down)]
    assert name == "generic" or others[0] == name
    if well is not None:
        (recovered,) = read(well)
        assert (recovered.key, recovered.state) == (fired.key, RESOLVED)


def test_severities_and_instants_are_read() -> None:
    (one,) = read(PAIRS["alertmanager"][0])
    assert one.severity == "critical"
    assert one.started_at == datetime(2026, 3, 9, 9, 0, 0, 123456, UTC)
    assert one.ended_at is None
    (one,) = read(PAIRS["google_cloud"][0])
    assert one.started_at == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    (one,) = read(PAIRS["datadog"][0])
    assert (one.labels["env"], one.labels["team"]) == ("prod", "db")


def test_older_messages_of_pagerduty_are_read() -> None:
    v2 = {"messages": [{"event": "incident.trigger", "incident": _PD}]}
    v3 = {"event": {"event_type": "incident.acknowledged", "data": _PD}}
    assert read(v2)[0].key == read(v3)[0].key == "pagerduty:P1"


def test_a_subscription_is_never_confirmed_from_here() -> None:
    asked = {"Type": "SubscriptionConfirmation", "TopicArn": "t", "SubscribeURL": "https://e.org"}
    with pytest.raises(InvalidInputError, match="confirm"):
        read(asked)


def test_a_team_teaches_the_fields_of_its_own_tool() -> None:
    document = {"data": {"what": "Pump stopped", "how": "fine", "ids": ["p7"]}}
    mapping = {"title": "data.what", "state": "data.how", "id": "data.ids.0"}
    (one,) = read(document, "generic", mapping=mapping)
    assert (one.title, one.fingerprint, one.state) == ("Pump stopped", "p7", FIRING)


@pytest.mark.parametrize("document", [{}, [], 1, "text", None, {"a": {}}, {"alerts": [{}]}, [[]]])
def test_what_says_nothing_is_refused(document: Any) -> None:
    with pytest.raises(InvalidInputError, match="No alert"):
        read(document)


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
@pytest.mark.parametrize("value", [None, [], {}, 7, "x", [1], {"a": [None]}, True])
def test_no_format_breaks_at_odd_values(name: str, value: Any) -> None:
    for document in PAIRS[name][:2]:
        for key in document or {}:
            odd = json.dumps({**document, key: value}).encode()
            for wanted in ("", name):
                try:
                    read_payload(odd, name=wanted)
                except InvalidInputError:
                    continue


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(InvalidInputError, match="zabbix"):
        format_named("nonsense")


def test_lines_of_a_notification_command_are_read() -> None:
    lines = b"NOTIFICATION TYPE: PROBLEM\nHost: srv\nService: Disk\nState: CRITICAL\n"
    (one,) = read_payload(lines)
    assert (one.title, one.state) == ("Disk on srv is CRITICAL", FIRING)
    with pytest.raises(InvalidInputError, match="neither JSON nor"):
        read_payload(b"Subject: hello\n\nhow are you")


@PUBLISHED
def test_published_payloads_are_read_as_expected() -> None:
    for fact in json.loads((PAYLOADS / "facts.json").read_text()):
        alerts = read_payload((PAYLOADS / fact["file"]).read_bytes())
        expected = fact.get("expect", {})
        if "names" in expected:
            assert [one.labels["alertname"] for one in alerts] == expected["names"]
            assert [one.severity or None for one in alerts] == expected["severities"]
            assert [str(one.state) for one in alerts] == expected["statuses"]
        if "startsAt_utc" in expected:
            assert alerts[0].started_at == datetime.fromisoformat(expected["startsAt_utc"])
        tool = fact["file"].split("_")[1].split(".")[0]
        if tool in {"axiom", "checkmk", "coralogix", "datadog", "signalfx", "wazuh", "zabbix"}:
            assert {one.source for one in alerts} == {tool}
    assert len(read_payload((PAYLOADS / "keep_prometheus.json").read_bytes())) == 5
    both = [read_payload((PAYLOADS / f"grafana_legacy_{name}_alerta.json").read_bytes())[0]
            for name in ("alerting", "ok")]  # fmt: skip
    assert both[0].key == both[1].key
    assert [one.state for one in both] == [FIRING, RESOLVED]
    messages = read_payload((PAYLOADS / "pagerduty_v1_alerta.json").read_bytes())
    assert [(one.key, one.state) for one in messages] == [
        ("pagerduty:PIJ90N7", FIRING), ("pagerduty:PIJ90N7", RESOLVED),
    ]  # fmt: skip


@PUBLISHED
def test_published_mails_of_icinga_open_join_and_close() -> None:
    told = [read_payload(file.read_bytes())[0] for file in sorted(MAILS.glob("*.eml"))]
    keys = [one.key for one in told]
    assert keys[0] == keys[1] == keys[2]
    assert keys[3] == keys[5] == keys[6]
    assert len(set(keys)) == 3
    assert [one.state for one in told] == [
        FIRING, FIRING, RESOLVED, FIRING, FIRING, FIRING, RESOLVED,
    ]  # fmt: skip


def test_a_payload_of_another_tool_than_was_said_is_a_sentence() -> None:
    with pytest.raises(InvalidInputError, match="no payload of Zabbix"):
        read(PAIRS["opsgenie"][0], "zabbix")
