"""DynamoDB: what moto's threads may do to one item at the same moment."""

from __future__ import annotations

import threading

from emulator.registry import patch, wrap


@patch(
    "dynamodb.atomic",
    gap="the condition of a write is judged, and the write made, without a lock: of requests at "
    "the same moment several win where one may",
)
def atomic() -> None:
    from moto.dynamodb.responses import DynamoHandler

    one_at_a_time = threading.RLock()

    @wrap(DynamoHandler, "call_action")
    def call_action(original, self):
        with one_at_a_time:
            return original(self)
