"""
What tests may do to the local AWS, beside AWS's own API: `/emulator/…` on the same endpoint.

    POST /emulator/faults      {"service": "stepfunctions", "action": "StartExecution",
                                "error": "ThrottlingException", "times": 3}
                               or "kill": "job_run" | "function[:NAME]" with "when": "after"
    POST /emulator/deliveries  {"bucket": B, "keys": "raw/*", "seed": 1,
                                "duplicate": 0.3, "delay": 2}
    POST /emulator/hold        {"job_runs": "PENDING" | "SCHEDULED" | "RUNNING"}; DELETE with the
                               same body lets go of that state, without one of all
    POST /emulator/kill        {"name": "job_run:ID"} or {"name": "function:NAME"}
    POST /emulator/time_out    {"execution": NAME}: as if its TimeoutSeconds were over
    POST /emulator/minute      {"seconds": 0.5}: the length of a CloudWatch minute from now on
    POST /emulator/metric      {"region": R, "namespace": "AWS/States", "name": N, "value": 1,
                                "dimensions": {…}}: for what nothing here publishes
    POST /emulator/spend       {"actual": USD, "forecast": USD}: this month, for every budget
    GET  /emulator/calls       [{"role": ARN, "action": "s3:GetObject", "resource": ARN,
                                 "context": {"s3:prefix": "raw/"}, "count": 2}, …]

GET shows faults, deliveries, hold, minute and calls, DELETE ends or forgets them. SDKs try again by
themselves, usually four times: a call fails for good only when `times` says more.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from emulator import calls, children
from emulator.deliveries import deliveries
from emulator.faults import Fault, faults
from emulator.holds import holds
from emulator.metrics import Series, metrics
from emulator.minutes import minutes
from emulator.plugins import budgets_spend

Given = dict[str, Any]


def do(what: str, method: str, given: Given) -> Any:
    """
    Runs one command; the answer is JSON.
    :raises ValueError, TypeError: where there is no such command, or not with this body
    """
    found = _COMMANDS.get(what, {})
    if method not in found:
        known = "; ".join(f"{name} ({', '.join(one)})" for name, one in _COMMANDS.items())
        raise ValueError(f"known are {known}")
    return found[method](given)


def _add_fault(given: Given) -> Given:
    return dataclasses.asdict(faults.add(given))


def _list_faults(given: Given) -> Given:
    shown: list[Fault] = faults.all
    return {"faults": [dataclasses.asdict(fault) for fault in shown]}


def _time_out(given: Given) -> Given:
    """Ends running executions of this name, the tasks in them too, as TIMED_OUT."""
    from moto.stepfunctions.parser.models import stepfunctions_parser_backends

    from emulator.runtime import ACCOUNT

    found = [
        execution
        for backend in list(stepfunctions_parser_backends[ACCOUNT].values())
        for machine in list(backend.state_machines)
        for execution in list(machine.executions)
        if execution.name == given.get("execution") and execution.exec_status.value == "RUNNING"
    ]
    for execution in found:
        execution.exec_worker.env.set_timed_out()
    return {"timed_out": len(found)}


def _put_metric(given: Given) -> Given:
    datum = Datum(**given)
    series = Series.of(datum.region, datum.namespace, datum.name, datum.dimensions)
    metrics.put(series, [float(datum.value)], datum.unit)
    return dataclasses.asdict(datum)


@dataclasses.dataclass(frozen=True)
class Datum:
    """One value of a metric, in this minute."""

    namespace: str
    name: str
    value: float
    dimensions: dict[str, str] = dataclasses.field(default_factory=dict)
    region: str = "us-east-1"
    unit: str = "Count"


def _after(change: Callable[[Given], Any], show: Callable[[Given], Any]) -> Callable[[Given], Any]:
    def run(given: Given) -> Any:
        change(given)
        return show(given)

    return run


def _shown(describe: Callable[[], Any]) -> Callable[[Given], Any]:
    return lambda given: describe()


_COMMANDS: dict[str, dict[str, Callable[[Given], Any]]] = {
    "faults": {
        "GET": _list_faults,
        "POST": _add_fault,
        "DELETE": _after(lambda given: faults.clear(), _list_faults),
    },
    "deliveries": {
        "GET": _shown(deliveries.describe),
        "POST": _after(deliveries.disturb, _shown(deliveries.describe)),
        "DELETE": _after(lambda given: deliveries.calm(), _shown(deliveries.describe)),
    },
    "hold": {
        "GET": _shown(holds.describe),
        "POST": _after(holds.add, _shown(holds.describe)),
        "DELETE": _after(holds.release, _shown(holds.describe)),
    },
    "calls": {
        "GET": _shown(calls.listed),
        "DELETE": _after(lambda given: calls.forget(), _shown(calls.listed)),
    },
    "kill": {"POST": lambda given: {"killed": children.kill_named(str(given.get("name") or ""))}},
    "time_out": {"POST": _time_out},
    "metric": {"POST": _put_metric},
    "minute": {
        "GET": _shown(minutes.describe),
        "POST": _after(minutes.change, _shown(minutes.describe)),
    },
    "spend": {"POST": budgets_spend.spend},
}
