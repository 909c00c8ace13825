"""DynamoDB: writes at the same moment, and the encryption of a table that is there."""

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


@patch(
    "dynamodb.update_encryption",
    gap="UpdateTable ignores SSESpecification: the provider waits ten minutes for the key",
)
def update_encryption() -> None:
    from moto.dynamodb.responses import DynamoHandler

    @wrap(DynamoHandler, "update_table")
    def update_table(original, self):
        table = self.dynamodb_backend.get_table(self.body["TableName"])
        if given := self.body.get("SSESpecification"):
            default = table._get_default_encryption_key(table.account_id, table.region_name)
            table.sse_specification = {"KMSMasterKeyId": default, **given}
        return original(self)
