"""Step Functions: operations that moto lacks."""

from __future__ import annotations

import uuid

from emulator.registry import patch, wrap


@patch(
    "stepfunctions.validate",
    gap="ValidateStateMachineDefinition is missing; the provider calls it in plan and apply",
)
def validate() -> None:
    from moto.core.responses import ActionResult
    from moto.stepfunctions.parser.api import InvalidDefinition
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend
    from moto.stepfunctions.responses import StepFunctionResponse

    def validate_state_machine_definition(self) -> ActionResult:
        diagnostics = []
        try:
            StepFunctionsParserBackend._validate_definition(self._get_param("definition"))
        except InvalidDefinition as problem:
            code = "SCHEMA_VALIDATION_FAILED"
            diagnostics.append({"severity": "ERROR", "code": code, "message": problem.message})
        result = "FAIL" if diagnostics else "OK"
        return ActionResult({"result": result, "diagnostics": diagnostics, "truncated": False})

    StepFunctionResponse.validate_state_machine_definition = validate_state_machine_definition


@patch("stepfunctions.versions", gap="ListStateMachineVersions is missing")
def versions() -> None:
    from moto.core.responses import ActionResult
    from moto.stepfunctions.responses import StepFunctionResponse

    def list_state_machine_versions(self) -> ActionResult:
        machine = self.stepfunction_backend.describe_state_machine(
            self._get_param("stateMachineArn")
        )
        newest_first = reversed(list(machine.versions.values()))
        listed = [
            {"stateMachineVersionArn": v.arn, "creationDate": v.creation_date} for v in newest_first
        ]
        return ActionResult({"stateMachineVersions": listed})

    StepFunctionResponse.list_state_machine_versions = list_state_machine_versions


@patch("stepfunctions.unnamed", gap="an execution started without a name is called None")
def unnamed() -> None:
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend

    @wrap(StepFunctionsParserBackend, "start_execution")
    def start_execution(original, self, state_machine_arn, name, *args, **kwargs):
        return original(self, state_machine_arn, name or str(uuid.uuid4()), *args, **kwargs)
