"""Step Functions: where moto reads the states language otherwise than AWS."""

from __future__ import annotations

import importlib
from typing import Any

from emulator.registry import patch

_FUNCTIONS = "moto.stepfunctions.parser.asl.component.intrinsic.function.statesfunction"


@patch(
    "stepfunctions.random",
    gap="States.MathRandom may return its end, which is exclusive on AWS: an item drawn by the "
    "length of its array is sometimes not there",
)
def random_end() -> None:
    drawing = importlib.import_module(_FUNCTIONS + ".math_operations.math_random").MathRandom
    original = drawing._validate_integer_value

    def validate_integer_value(value: Any, argument_name: str) -> int:
        # moto draws from start to end, both included.
        return original(value, argument_name) - (argument_name == "end")

    drawing._validate_integer_value = staticmethod(validate_integer_value)
