"""SQS event source mappings: pollers that gather batches for a function, as Lambda's do."""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from emulator import calls
from emulator.faults import faults
from emulator.plugins import lambda_run
from emulator.registry import patch, wrap
from emulator.runtime import LOG, background

# Without a batching window a poller takes what one long poll brings. SQS gathers for an instant
# across its servers; here one queue lives in one place, so a put of many objects at once would
# always arrive one by one: this is how long a poller waits for more.
GATHER_SECONDS = 0.05
POLL_SECONDS = 0.2  # how soon a changed mapping or a message that is visible again is noticed
DEFAULT_CONCURRENCY = 5  # pollers begin with five concurrent batches
PAYLOAD_LIMIT = 6 * 1024 * 1024  # bytes of one invocation


@dataclass
class Poller:
    """One mapping's loop; it ends when the mapping is deleted."""

    mapping: Any
    backend: Any
    deleted: threading.Event = field(default_factory=threading.Event)
    busy: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def _record(self, operation: str) -> None:
        """Pollers read the queue with the function's role, by these three operations:
        https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
        role = self.backend.get_function(self.mapping.function_arn).role
        calls.record(role, f"sqs:{operation}", self.mapping.event_source_arn)

    def loop(self) -> None:
        self._record("GetQueueAttributes")
        while not self.deleted.is_set():
            try:
                batch = self._gather() if self.mapping.enabled else []
            except Exception:  # the queue may be gone, or come back
                LOG.exception("event source mapping %s", self.mapping.uuid)
                batch = []
            if not batch:
                self.deleted.wait(POLL_SECONDS)
                continue
            with self.changed:
                self.busy += 1
            background(f"mapping {self.mapping.uuid}", self._process, batch)

    def _is_on(self) -> bool:
        """Looked at before each receive: what comes once it says Disabled waits in the queue."""
        return self.mapping.enabled and not self.deleted.is_set()

    def _limit(self) -> int:
        scaling = self.mapping.scaling_config or {}
        return int(scaling.get("MaximumConcurrency") or DEFAULT_CONCURRENCY)

    def _queue(self) -> Any:
        from moto.sqs.models import sqs_backends

        _, _, _, region, account, name = self.mapping.event_source_arn.split(":")
        backend = sqs_backends[account][region]
        return backend, backend.queues.get(name)

    def _gather(self) -> list[Any]:
        """Messages until the batch is full or the window, counted from the first one, is over."""
        with self.changed:
            self.changed.wait_for(lambda: self.busy < self._limit(), POLL_SECONDS)
            if self.busy >= self._limit():
                return []
        backend, queue = self._queue()
        if queue is None:
            return []
        queue.wait_for_messages(POLL_SECONDS)
        batch: list[Any] = []
        size, end = 0, 0.0
        while self._is_on() and len(batch) < self.mapping.batch_size:
            count = min(10, self.mapping.batch_size - len(batch))
            received = backend.receive_message(queue.name, count, 0, queue.visibility_timeout)
            if received:
                self._record("ReceiveMessage")
            if received and not batch:
                window = self.mapping.max_batch_window or 0
                end = time.monotonic() + max(float(window), GATHER_SECONDS)
            # One that became visible again while the window was open is in the batch already.
            again = {message.id for message in received}
            batch = [message for message in batch if message.id not in again] + received
            size += sum(len(m.body) for m in received)
            if not batch or time.monotonic() >= end or size > PAYLOAD_LIMIT * 0.9:
                break
            if not received:
                queue.wait_for_messages(min(POLL_SECONDS, max(0.01, end - time.monotonic())))
        return batch

    def _process(self, batch: list[Any]) -> None:
        backend, queue = self._queue()
        try:
            failed = self._failed(batch)
            for message in batch:
                # A failed one is left alone: it is visible again after the queue's timeout.
                if message.id not in failed:
                    self._record("DeleteMessage")
                    backend.delete_message(queue.name, message.receipt_handle)
        finally:
            with self.changed:
                self.busy -= 1
                self.changed.notify_all()

    def _failed(self, batch: list[Any]) -> set[str]:
        """Message ids to be delivered again; all of them unless the function reports items."""
        everything = {message.id for message in batch}
        function = self.backend.get_function(self.mapping.function_arn)
        records = [record(m, self.mapping.event_source_arn, function.region) for m in batch]
        try:
            faults.check("lambda", "Invoke", function.function_name)
        except ClientError:
            return everything
        try:
            outcome = lambda_run.run(function, {"Records": records})
        except lambda_run.Throttled:
            return everything
        if outcome.failed:
            return everything
        if "ReportBatchItemFailures" not in (self.mapping.function_response_types or []):
            return set()
        answer = json.loads(outcome.payload)
        if answer is None or answer == "":
            return set()
        try:
            reported = {item["itemIdentifier"] for item in answer["batchItemFailures"] or []}
        except (TypeError, KeyError):  # AWS: a malformed answer fails the whole batch
            return everything if isinstance(answer, dict) and answer else set()
        return reported if reported <= everything else everything


def record(message: Any, queue_arn: str, region: str) -> dict[str, Any]:
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(message.sent_timestamp),
        "SenderId": str(message.sender_id),
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
    }
    if message.group_id:
        attributes["MessageGroupId"] = message.group_id
    if queue_arn.endswith(".fifo"):
        attributes["MessageDeduplicationId"] = message.deduplication_id
        attributes["SequenceNumber"] = message.sequence_number
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": attributes,
        "messageAttributes": {
            name: _message_attribute(value) for name, value in message.message_attributes.items()
        },
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": region,
    }


def _message_attribute(value: dict[str, Any]) -> dict[str, Any]:
    attribute = {"dataType": value.get("DataType"), "stringListValues": [], "binaryListValues": []}
    if value.get("StringValue") is not None:
        attribute["stringValue"] = value["StringValue"]
    if value.get("BinaryValue") is not None:
        binary = value["BinaryValue"]
        raw = binary if isinstance(binary, bytes) else str(binary).encode()
        attribute["binaryValue"] = base64.b64encode(raw).decode()
    return attribute


@patch(
    "lambda.sqs_mapping",
    gap="each message is a batch of its own, handed over while the sender waits; no batching "
    "window, no ReportBatchItemFailures, a failed message is visible again at once, and a queue "
    "whose visibility timeout is below the function's timeout is accepted",
)
def sqs_mapping() -> None:
    from moto.awslambda.models import LambdaBackend

    pollers: dict[str, Poller] = {}

    def detach(mapping: Any) -> None:
        """Takes the mapping off the queue's own list, through which moto invokes at once."""
        from moto.sqs.models import sqs_backends

        _, _, _, region, account, name = mapping.event_source_arn.split(":")
        queue = sqs_backends[account][region].queues.get(name)
        if queue:
            queue.lambda_event_source_mappings.clear()

    def check_visibility(backend: Any, spec: dict[str, Any]) -> None:
        """AWS refuses a queue whose messages could come again while the function is running."""
        from moto.awslambda.exceptions import LambdaClientError
        from moto.sqs.models import sqs_backends

        _, _, _, region, account, name = spec["EventSourceArn"].split(":")
        queue = sqs_backends[account][region].queues.get(name)
        function = backend.get_function(spec["FunctionName"])
        if queue and int(queue.visibility_timeout) < int(function.timeout):
            raise LambdaClientError(
                "InvalidParameterValueException",
                f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than "
                f"Function timeout: {function.timeout} seconds",
            )

    @wrap(LambdaBackend, "create_event_source_mapping")
    def create_event_source_mapping(original, self, spec):
        if ":sqs:" in spec.get("EventSourceArn", "") and spec.get("FunctionName"):
            check_visibility(self, spec)
        mapping = original(self, spec)
        if ":sqs:" in mapping.event_source_arn:
            detach(mapping)
            poller = pollers[mapping.uuid] = Poller(mapping, self)
            background(f"poller {mapping.uuid}", poller.loop)
        return mapping

    @wrap(LambdaBackend, "delete_event_source_mapping")
    def delete_event_source_mapping(original, self, uuid):
        poller = pollers.pop(uuid, None)
        if poller:
            poller.deleted.set()
        return original(self, uuid)
