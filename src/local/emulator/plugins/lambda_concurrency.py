"""Lambda: reserved concurrency, and what becomes of the invocations beyond it."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from emulator.plugins import lambda_run
from emulator.registry import patch, wrap


@patch(
    "lambda.concurrency",
    gap="reserved concurrency is stored and limits nothing: no invocation is ever throttled",
)
def concurrency() -> None:
    from moto.awslambda.exceptions import LambdaClientError
    from moto.awslambda.models import LambdaFunction

    running: Counter[str] = Counter()
    lock = threading.Lock()

    class TooManyRequests(LambdaClientError):
        code = 429

        def __init__(self) -> None:
            super().__init__("TooManyRequestsException", "Rate Exceeded.")

    def most(function: Any) -> float:
        reserved = function.reserved_concurrency
        return float("inf") if reserved in (None, "") else int(reserved)

    @wrap(lambda_run, "run")
    def run(original, function, event):
        arn = function.function_arn
        with lock:
            if running[arn] >= most(function):
                raise lambda_run.Throttled(function.function_name)
            running[arn] += 1
        try:
            return original(function, event)
        finally:
            with lock:
                running[arn] -= 1

    @wrap(LambdaFunction, "invoke")
    def invoke(original, self, body, request_headers, response_headers):
        try:
            return original(self, body, request_headers, response_headers)
        except lambda_run.Throttled:
            raise TooManyRequests() from None
