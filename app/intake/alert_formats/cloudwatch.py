"""CloudWatch alarms, bare or inside a notification of SNS.

Source: docs.aws.amazon.com, sns-message-and-json-formats and AlarmThatSendsEmail. The link that
confirms a subscription is never opened: whoever runs the topic does that.
"""

from __future__ import annotations

from typing import Any

from app.domain.errors import InvalidInputError
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
    text,
    when,
    within,
)
from app.intake.strict_json import read_strictly


def _alarm(document: Any) -> dict[str, Any]:
    if has(document, "Type", "TopicArn"):
        if document["Type"] != "Notification":
            raise InvalidInputError(
                "Amazon SNS asks to confirm a subscription. Nothing is opened from here: confirm "
                "it with the link in the kept payload if you know the topic."
            )
        message = document.get("Message")
        if isinstance(message, str) and message.lstrip().startswith("{"):
            return table(read_strictly(message.encode("utf-8", "surrogatepass")))
        return {"AlarmName": document.get("Subject"), "AlarmDescription": message}
    return table(document)


def _recognise(document: Any) -> bool:
    return has(document, "Type", "TopicArn") or has(document, "AlarmName", "NewStateValue")


def _read(document: Any, name: str) -> list[Alert]:
    alarm = _alarm(document)
    title = first(alarm.get("AlarmName"), alarm.get("AlarmDescription"), name)
    dimensions = {
        text(one.get("name")): one.get("value")
        for one in rows(within(alarm, "Trigger", "Dimensions"))
    }
    return [
        Alert(
            "cloudwatch",
            first(alarm.get("AlarmArn"))
            or digest(alarm.get("AWSAccountId"), alarm.get("Region"), title),
            state(alarm.get("NewStateValue")),
            title,
            "",
            "\n".join(
                part
                for key in ("AlarmDescription", "NewStateReason")
                if (part := text(alarm.get(key)))
            ),
            labels(
                dimensions,
                region=alarm.get("Region"),
                account=alarm.get("AWSAccountId"),
                metric=within(alarm, "Trigger", "MetricName"),
            ),
            when(alarm.get("StateChangeTime")),
        )
    ]


CLOUDWATCH = AlertFormat("cloudwatch", "Amazon CloudWatch", _recognise, _read)
