"""SQS: queue attributes as the provider reads them back."""

from __future__ import annotations

import json

from emulator.registry import patch, wrap


@patch(
    "sqs.redrive_allow_policy",
    gap="RedriveAllowPolicy is accepted and never returned: the provider waits for it for ever",
)
def redrive_allow_policy() -> None:
    from moto.sqs import models

    name = "RedriveAllowPolicy"
    models.Queue.redrive_allow_policy = None

    @wrap(models.SQSBackend, "get_queue_attributes")
    def get_queue_attributes(original, self, queue_name, attribute_names):
        asked = [a for a in attribute_names if a != name]
        found = dict(original(self, queue_name, asked))
        policy = self.get_queue(queue_name).redrive_allow_policy
        if policy and {name, "All"} & set(attribute_names):
            found[name] = policy
        return found


@patch(
    "sqs.redrive_policy_text",
    gap="RedrivePolicy comes back with blanks after commas and colons; AWS returns it compact",
)
def redrive_policy_text() -> None:
    from moto.sqs import models

    attributes = models.Queue.attributes.fget

    def compact(self):
        result = attributes(self)
        if result.get("RedrivePolicy"):
            policy = json.loads(result["RedrivePolicy"])
            result["RedrivePolicy"] = json.dumps(policy, separators=(",", ":"))
        return result

    models.Queue.attributes = property(compact)


@patch(
    "sqs.kept_policy",
    gap="SetQueueAttributes without a Policy takes the queue's policy away: where another resource "
    "sets the redrive policy, the provider waits for the policy for ever",
)
def kept_policy() -> None:
    from moto.sqs.models import Queue

    @wrap(Queue, "_set_attributes")
    def set_attributes(original, self, attributes, now=None):
        policy = getattr(self, "policy", None)
        original(self, attributes, now)
        if "Policy" not in attributes:
            self.policy = policy
