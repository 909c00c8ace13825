"""S3: bucket configuration as the provider reads it back, and listings without what was deleted."""

from __future__ import annotations

import copy
import io
import re

import xmltodict

from emulator.registry import patch, wrap


@patch(
    "s3.lifecycle",
    gap="lifecycle rules lose NewerNoncurrentVersions of the expiration and ObjectSize filters: "
    "the provider waits three minutes for them and fails",
)
def lifecycle() -> None:
    from moto.s3.models import S3Backend
    from moto.s3.responses import S3Response

    @wrap(S3Backend, "put_bucket_lifecycle")
    def put_bucket_lifecycle(original, self, bucket_name, rules):
        as_put = copy.deepcopy(rules)
        original(self, bucket_name, rules)  # validates, and raises as AWS does
        self.get_bucket(bucket_name).lifecycle_as_put = as_put

    @wrap(S3Response, "get_bucket_lifecycle")
    def get_bucket_lifecycle(original, self):
        status, headers, body = original(self)  # raises NoSuchLifecycleConfiguration
        rules = self.backend.get_bucket(self.bucket_name).lifecycle_as_put
        root = {"@xmlns": "http://s3.amazonaws.com/doc/2006-03-01/", "Rule": rules}
        return status, headers, xmltodict.unparse({"LifecycleConfiguration": root})


@patch(
    "s3.notification",
    gap="GetBucketNotificationConfiguration omits EventBridgeConfiguration",
)
def notification() -> None:
    from moto.s3.responses import S3Response

    @wrap(S3Response, "get_bucket_notification")
    def get_bucket_notification(original, self):
        response = original(self)
        config = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if not config or config.event_bridge is None:
            return response
        status, headers, body = response
        text = body.decode() if isinstance(body, bytes) else body
        element = "<EventBridgeConfiguration></EventBridgeConfiguration>"
        end = "</NotificationConfiguration>"
        text = re.sub(r"(<NotificationConfiguration[^>]*?)/>", r"\1>" + end, text)
        return status, headers, text.replace(end, element + end)


@patch(
    "s3.log_key_format",
    gap="GetBucketLogging omits TargetObjectKeyFormat: every plan wants to change the logging",
)
def log_key_format() -> None:
    from moto.s3.responses import S3Response

    @wrap(S3Response, "get_bucket_logging")
    def get_bucket_logging(original, self):
        status, headers, body = original(self)
        given = self.backend.get_bucket_logging(self.bucket_name).get("TargetObjectKeyFormat")
        if not given:
            return status, headers, body
        element = xmltodict.unparse({"TargetObjectKeyFormat": given}, full_document=False)
        end = "</LoggingEnabled>"
        text = body.decode() if isinstance(body, bytes) else body
        return status, headers, text.replace(end, element + end)


@patch(
    "s3.deleted_folders",
    gap="a listing with a delimiter names folders of a versioned bucket whose objects are all "
    "deleted: Spark finds a partition there, opens it and fails",
)
def deleted_folders() -> None:
    from moto.s3.models import FakeDeleteMarker, S3Backend

    @wrap(S3Backend, "list_objects")
    def list_objects(original, self, bucket, *args, **kwargs):
        keys, folders, *rest = original(self, bucket, *args, **kwargs)
        if folders:
            live = [n for n, key in bucket.keys.items() if not isinstance(key, FakeDeleteMarker)]
            folders = [one for one in folders if any(name.startswith(one) for name in live)]
        return keys, folders, *rest


@patch(
    "s3.delete_markers",
    gap="deleting an object whose history holds a delete marker from a bucket whose versioning is "
    "suspended is an error 500: Terraform cannot empty a bucket, and retries without an end",
)
def delete_markers() -> None:
    from moto.s3.models import FakeDeleteMarker

    FakeDeleteMarker.dispose = lambda self: None


@patch(
    "s3.key_over_http",
    gap="HeadObject names the key of an object, as on AWS. Hadoop's S3A then renames by a copy "
    "that names it too, which its SDK sends over TLS only: here every such rename fails",
)
def key_over_http() -> None:
    from moto.s3.responses import S3Response

    @wrap(S3Response, "head_object")
    def head_object(original, self, bucket_name, query, key_name, headers):
        answer = original(self, bucket_name, query, key_name, headers)
        if "Hadoop" in (headers.get("User-Agent") or ""):
            answer[1].pop("x-amz-server-side-encryption-aws-kms-key-id", None)
        return answer


@patch(
    "s3.chunked_body",
    gap="a body that comes in chunks, as the SDKs send a stream, is put together by copying all of "
    "it for each chunk: 100 MB take half a minute, 200 MB two",
)
def chunked_body() -> None:
    from moto.s3.responses import S3Response

    def decoded(self, body: io.BufferedIOBase | bytes) -> bytes:
        """The length of each chunk in hex, a line, stands before it; the last one is 0."""
        stream = io.BytesIO(body) if isinstance(body, bytes) else body
        parts = []
        while length := int(stream.readline().partition(b";")[0].strip() or b"0", 16):
            parts.append(stream.read(length))
            stream.readline()
        return b"".join(parts)

    S3Response._handle_encoded_body = decoded
