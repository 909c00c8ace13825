"""Step Functions: with whose role an execution acts, and what AWS does with that role for it."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from emulator import calls
from emulator.registry import patch, wrap
from emulator.runtime import ACCOUNT

_CLIENTS = "moto.stepfunctions.parser.asl.utils.boto_client"
# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html lists what the role of a machine
# that logs must be allowed; which of them Step Functions calls, and when, it does not say.
_LOG_DELIVERY = (
    "CreateLogDelivery",
    "GetLogDelivery",
    "UpdateLogDelivery",
    "DeleteLogDelivery",
    "ListLogDeliveries",
    "PutResourcePolicy",
    "DescribeResourcePolicies",
    "DescribeLogGroups",
)
_SYNC_RULES = {"emr-serverless": "StepFunctionsGetEventsForEMRServerlessJobRule"}


@patch(
    "stepfunctions.role",
    gap="a task calls with credentials of nobody: what the state machine's role must be allowed "
    "cannot be told from what others call",
)
def role() -> None:
    importlib.import_module("moto.stepfunctions.parser.models")  # and with it all kinds of states
    clients = importlib.import_module(_CLIENTS)
    original = clients.boto_client_for
    boto3 = clients.boto3

    class WithRole:
        """Stands for the module boto3 in `boto_client_for`, which names nobody's access key."""

        def __init__(self, arn: str) -> None:
            self.arn = arn

        def client(self, **given: Any) -> Any:
            return boto3.client(**{**given, "aws_access_key_id": calls.access_key(self.arn)})

    def boto_client_for(region: str, service: str, state_credentials: Any = None) -> Any:
        if state_credentials is None:
            return original(region=region, service=service)
        made = type(original)(
            original.__code__, {**clients.__dict__, "boto3": WithRole(state_credentials.role_arn)}
        )
        return made(region, service, state_credentials)

    for name, module in list(sys.modules.items()):
        if name.startswith("moto.stepfunctions.parser") and hasattr(module, "boto_client_for"):
            module.boto_client_for = boto_client_for


def record_sync(role_arn: str, service: str, region: str) -> None:
    """
    Waiting by `.sync` sets up a managed rule with the machine's role, as the page of the service
    says: https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html
    """
    if rule := _SYNC_RULES.get(service):
        for action in ("PutTargets", "PutRule", "DescribeRule"):
            resource = f"arn:aws:events:{region}:{ACCOUNT}:rule/{rule}"
            calls.record(role_arn, f"events:{action}", resource)


@patch(
    "stepfunctions.log_delivery",
    gap="what AWS does with the machine's role to set up its logging is not told",
)
def log_delivery() -> None:
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend

    def record(machine: Any) -> None:
        level = (machine.loggingConfiguration or {}).get("level", "OFF")
        for action in _LOG_DELIVERY if level != "OFF" else ():
            calls.record(machine.roleArn, f"logs:{action}", "*")

    @wrap(StepFunctionsParserBackend, "create_state_machine")
    def create_state_machine(original, self, *args, **kwargs):
        machine = original(self, *args, **kwargs)
        record(machine)
        return machine

    @wrap(StepFunctionsParserBackend, "update_state_machine")
    def update_state_machine(original, self, *args, **kwargs):
        machine = original(self, *args, **kwargs)
        record(machine)
        return machine
