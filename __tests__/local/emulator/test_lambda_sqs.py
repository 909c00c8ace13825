"""SQS event source mappings: batches, windows, partial failures, dead letters."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from emulator_support import Aws, until
from probes import wait_a_moment

# Tells the sizes of its batches in the log, and fails the messages whose body says so.
HANDLER = """
export const handler = async (event) => {
  console.log('batch', JSON.stringify(event.Records.map((r) => r.body)));
  const failed = event.Records.filter((r) => r.body === 'bad');
  return { batchItemFailures: failed.map((r) => ({ itemIdentifier: r.messageId })) };
};"""


def mapped(aws: Aws, queue: str, code: str = HANDLER, **more: Any) -> tuple[str, str]:
    """A function behind the queue: its name and the mapping's id."""
    name = aws.function(code, Timeout=more.pop("Timeout", 2))
    mapping = aws.lambda_.create_event_source_mapping(
        **{
            "EventSourceArn": queue,
            "FunctionName": name,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            **more,
        }
    )
    return name, mapping["UUID"]


def send(aws: Aws, url: str, *bodies: str) -> None:
    for body in bodies:
        aws.sqs.send_message(QueueUrl=url, MessageBody=body)


def batches(aws: Aws, name: str) -> list[list[str]]:
    lines = [line for line in aws.log_lines(f"/aws/lambda/{name}") if "\tbatch " in line]
    return [json.loads(line.split("\tbatch ")[1]) for line in lines]


def test_a_window_gathers_messages_until_the_batch_is_full(aws: Aws) -> None:
    url, queue = aws.queue()
    name, _ = mapped(aws, queue, BatchSize=4, MaximumBatchingWindowInSeconds=20)
    send(aws, url, "1", "2", "3", "4")
    # Four make it full: nobody waits for the window.
    assert until(lambda: batches(aws, name), 8) == [["1", "2", "3", "4"]]


def test_a_window_ends_with_what_there_is(aws: Aws) -> None:
    url, queue = aws.queue()
    name, _ = mapped(aws, queue, BatchSize=10, MaximumBatchingWindowInSeconds=1)
    send(aws, url, "1", "2")
    assert until(lambda: batches(aws, name), 8) == [["1", "2"]]


def test_only_reported_messages_come_again_and_end_as_dead_letters(aws: Aws) -> None:
    dead_url, dead = aws.queue()
    policy = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 2})
    url, queue = aws.queue(VisibilityTimeout="2", RedrivePolicy=policy)
    name, _ = mapped(aws, queue, BatchSize=10, MaximumBatchingWindowInSeconds=1)
    send(aws, url, "good", "bad")

    def dead_letters() -> Any:
        return aws.sqs.receive_message(QueueUrl=dead_url).get("Messages")

    assert until(dead_letters, 12)[0]["Body"] == "bad"
    assert [sorted(batch) for batch in batches(aws, name)] == [["bad", "good"], ["bad"]]
    assert aws.is_empty(url)


def test_a_thrown_error_fails_the_whole_batch(aws: Aws) -> None:
    dead_url, dead = aws.queue()
    policy = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 1})
    url, queue = aws.queue(VisibilityTimeout="2", RedrivePolicy=policy)
    mapped(aws, queue, "export const handler = async () => { throw new Error('no') };")
    send(aws, url, "1")
    until(lambda: not aws.is_empty(dead_url), 10)


def test_a_queue_whose_messages_could_come_too_early_is_refused(aws: Aws) -> None:
    _, queue = aws.queue(VisibilityTimeout="3")
    with pytest.raises(ClientError, match="is less than Function timeout: 4 seconds"):
        mapped(aws, queue, Timeout=4)


def test_a_mapping_that_is_disabled_or_deleted_takes_nothing(aws: Aws) -> None:
    url, queue = aws.queue()
    name, mapping = mapped(aws, queue, Enabled=False)
    send(aws, url, "1")
    wait_a_moment()
    assert batches(aws, name) == []
    aws.lambda_.update_event_source_mapping(UUID=mapping, Enabled=True)
    assert until(lambda: batches(aws, name)) == [["1"]]
    aws.lambda_.delete_event_source_mapping(UUID=mapping)
    wait_a_moment()
    send(aws, url, "2")
    wait_a_moment()
    assert batches(aws, name) == [["1"]]
    assert not aws.is_empty(url)


def test_what_comes_once_a_mapping_is_disabled_waits_in_the_queue(aws: Aws) -> None:
    url, queue = aws.queue()
    name, mapping = mapped(aws, queue)
    taken = []
    for body in ("1", "2", "3"):
        # It waits for messages at this moment, as it nearly always does.
        aws.lambda_.update_event_source_mapping(UUID=mapping, Enabled=False)
        send(aws, url, body)
        wait_a_moment()
        assert batches(aws, name) == taken
        aws.lambda_.update_event_source_mapping(UUID=mapping, Enabled=True)
        taken.append([body])
        until(lambda: batches(aws, name) == taken)


def test_a_record_has_lambdas_shape(aws: Aws) -> None:
    url, queue = aws.queue()
    name, _ = mapped(
        aws, queue, "export const handler = async (e) => console.log('batch', JSON.stringify([e]));"
    )
    attribute = {"kind": {"DataType": "String", "StringValue": "x"}}
    aws.sqs.send_message(QueueUrl=url, MessageBody="b", MessageAttributes=attribute)
    (event,) = until(lambda: batches(aws, name))[0]
    (record,) = event["Records"]
    assert (record["eventSource"], record["eventSourceARN"]) == ("aws:sqs", queue)
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["md5OfBody"] == "92eb5ffee6ae2fec3ad71c777531578f"
