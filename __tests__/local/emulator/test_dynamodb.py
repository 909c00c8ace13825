"""DynamoDB from a state machine: conditional writes, sets, and what is returned."""

from __future__ import annotations

import json
from typing import Any

import pytest
from emulator_support import Aws, unique

OPTIMIZED, SDK = "arn:aws:states:::dynamodb:", "arn:aws:states:::aws-sdk:dynamodb:"
NAMES = {"#s": "source", "#o": "owner"}


def run(aws: Aws, resource: str, parameters: dict[str, Any]) -> Any:
    """The output of one task, or the name of its error."""
    state = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
    ended = aws.execute(aws.machine({"Only": state}))
    return json.loads(ended["output"]) if ended["status"] == "SUCCEEDED" else ended["error"]


@pytest.mark.parametrize(
    ("prefix", "refused"),
    [
        (OPTIMIZED, "DynamoDB.ConditionalCheckFailedException"),
        (SDK, "DynamoDb.ConditionalCheckFailedException"),
    ],
)
def test_a_lock_is_taken_joined_and_released_by_conditional_writes(
    aws: Aws, prefix: str, refused: str
) -> None:
    table = {"TableName": unique("locks")}
    aws.dynamodb.create_table(
        **table,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "source", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "source", "AttributeType": "S"}],
    )
    key = {"source": {"S": "flights"}}
    put = {
        **table,
        "Item": {**key, "owner": {"S": "first"}},
        "ConditionExpression": "attribute_not_exists(#s)",
        "ExpressionAttributeNames": {"#s": "source"},
    }
    assert run(aws, prefix + "putItem", put) == {}
    assert run(aws, prefix + "putItem", put) == refused

    def add(*days: str) -> Any:
        update = {
            **table,
            "Key": key,
            "UpdateExpression": "ADD days :days",
            "ExpressionAttributeValues": {":days": {"SS": list(days)}},
            "ReturnValues": "ALL_OLD",
        }
        return run(aws, prefix + "updateItem", update)["Attributes"]

    assert add("2025-10-09") == {**key, "owner": {"S": "first"}}
    assert add("2025-10-10", "2025-10-09")["days"] == {"SS": ["2025-10-09"]}

    def release(owner: str) -> Any:
        delete = {
            **table,
            "Key": key,
            "ConditionExpression": "#o = :owner",
            "ExpressionAttributeNames": {"#o": "owner"},
            "ExpressionAttributeValues": {":owner": {"S": owner}},
            "ReturnValues": "ALL_OLD",
        }
        return run(aws, prefix + "deleteItem", delete)

    assert release("second") == refused
    days = release("first")["Attributes"]["days"]["SS"]
    assert sorted(days) == ["2025-10-09", "2025-10-10"]
    assert release("first") == refused
