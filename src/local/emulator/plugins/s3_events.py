"""S3: what a bucket tells EventBridge of its objects."""

from __future__ import annotations

import uuid
from typing import Any

from emulator.deliveries import deliveries
from emulator.registry import patch, wrap
from emulator.runtime import ACCOUNT

_REASONS = {
    "Put": "PutObject",
    "Post": "PutObject",
    "Copy": "CopyObject",
    "CompleteMultipartUpload": "CompleteMultipartUpload",
    "Delete": "DeleteObject",
    "DeleteMarkerCreated": "DeleteObject",
}


@patch(
    "events.s3",
    gap="the detail of an S3 event differs from AWS's: eTag for etag, a constant sequencer, "
    "ObjectCreated:Put as the reason (AWS: PutObject), version-id null without versioning; a "
    "multipart upload is told twice, and every put also as Object Tags Added",
)
def s3_events() -> None:
    from moto.core.utils import unix_time
    from moto.events.models import events_backends
    from moto.s3 import notifications
    from moto.s3.models import s3_backends

    tagger = s3_backends[ACCOUNT]["aws"].tagger
    count = iter(range(1, 1 << 62))

    def send(account_id: str, bucket: Any, event_name: str, key: Any) -> None:
        name = str(getattr(event_name, "value", event_name))
        kind = name.split(":")[-1]
        if name == "s3:ObjectTagging:Put" and not tagger.get_tag_dict_for_resource(key.arn):
            return  # moto sets the tags of each object that is put, mostly none
        if kind == "Put" and getattr(key, "multipart", None):
            return  # moto puts the object of a multipart upload, and then tells of the upload
        subject = {"key": key.name, "sequencer": f"{next(count):016X}"}
        detail = {"version": "0", "bucket": {"name": bucket.name}, "object": subject}
        detail |= {"request-id": uuid.uuid4().hex[:16].upper(), "requester": account_id}
        detail |= {"source-ip-address": "127.0.0.1"}
        if name.startswith(("s3:ObjectCreated:", "s3:ObjectRemoved:")):
            detail["reason"] = _REASONS.get(kind, kind)
        if kind == "DeleteMarkerCreated":
            detail["deletion-type"] = "Delete Marker Created"
        elif kind == "Delete":
            detail["deletion-type"] = "Permanently Deleted"
        else:
            subject |= {"size": key.size, "etag": key.etag.replace('"', "")}
        if bucket.is_versioned:
            subject["version-id"] = key.version_id
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": notifications._detail_type(event_name),
            "source": "aws.s3",
            "account": account_id,
            "time": unix_time(),
            "region": bucket.region_name,
            "resources": [bucket.arn],
            "detail": detail,
        }
        rules = events_backends[account_id][bucket.region_name].event_buses["default"].rules

        def deliver() -> None:
            for rule in list(rules.values()):
                rule.send_to_targets(event, transform_input=False)

        deliveries.hand_over(bucket.name, key.name, deliver)

    notifications._send_event_bridge_message = send


@patch(
    "s3.version_events",
    gap="in a versioned bucket neither a delete marker is told nor the deletion of a version, but "
    "of the last one",
)
def version_events() -> None:
    from moto.s3 import notifications
    from moto.s3.models import S3Backend

    kinds = notifications.S3NotificationEvent
    marked = kinds.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT
    removed = kinds.OBJECT_REMOVED_DELETE_EVENT

    @wrap(S3Backend, "delete_object")
    def delete_object(original, self, bucket_name, key_name, version_id=None, bypass=False):
        bucket = self.get_bucket(bucket_name)
        versions = bucket.keys.getlist(key_name) if key_name in bucket.keys else []
        deleted = original(self, bucket_name, key_name, version_id, bypass)
        if not deleted[0] or not bucket.is_versioned:
            return deleted
        if version_id is None:
            notifications.send_event(self.account_id, marked, bucket, bucket.keys[key_name])
        elif key_name in bucket.keys:  # of the last version moto tells
            for version in versions:
                if str(version.version_id) == str(version_id):
                    notifications.send_event(self.account_id, removed, bucket, version)
        return deleted
