"""EventBridge: rules with a schedule."""

from __future__ import annotations

import re
import time
import uuid
from datetime import datetime, timezone
from typing import Any

from emulator import clock
from emulator.minutes import minutes
from emulator.plugins import events
from emulator.registry import patch, wrap
from emulator.runtime import ACCOUNT, LOG, background

_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}


def rate_minutes(expression: str) -> int | None:
    """The CloudWatch minutes of `rate(5 minutes)`; None for a cron expression."""
    rate = re.fullmatch(r"rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)", expression or "")
    return int(rate[1]) * _MINUTES[rate[2]] if rate else None


@patch(
    "events.schedules",
    gap="schedules never run. Here `rate(…)` does, in CloudWatch minutes; a cron expression does "
    "not, which the log says when the rule is made",
)
def schedules() -> None:
    from moto.events.models import EventsBackend, events_backends

    @wrap(EventsBackend, "put_rule")
    def put_rule(original, self, *args, **kwargs):
        rule = original(self, *args, **kwargs)
        if rule.scheduled_expression:
            rate = rate_minutes(rule.scheduled_expression)
            if rate is None:
                LOG.warning("rule %s: %s never runs here", rule.name, rule.scheduled_expression)
            # The first event comes a period after the rule is made.
            rule.due = rate and minutes.of(time.time()) + rate
        return rule

    def scheduled_rules(minute: int) -> None:
        for backend in list(events_backends[ACCOUNT].values()):
            for rule in list(backend.event_buses["default"].rules.values()):
                due = getattr(rule, "due", None)
                if due is None or minute < due:
                    continue
                rule.due = minute + rate_minutes(rule.scheduled_expression)
                if rule.state != "DISABLED":
                    background(f"rule {rule.name}", _fire, rule, _event(rule, minute))

    clock.schedules.append(scheduled_rules)


def _event(rule: Any, minute: int) -> dict[str, Any]:
    moment = datetime.fromtimestamp(minutes.begin(minute), timezone.utc)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": rule.account_id,
        "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": rule.region_name,
        "resources": [rule.arn],
        "detail": {},
    }


def _fire(rule: Any, event: dict[str, Any]) -> None:
    for target in list(rule.targets):
        events.attempt(rule, target, event, 0)
