"""What S3 asks IAM before it does an operation.

By "API operations defined by Amazon S3" and the condition keys of
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html, and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterator
from typing import Any

import xmltodict

from emulator.api_request import ApiRequest

Asked = tuple[str, str, dict[str, "str | list[str]"]]

# The actions that are not named as their operation.
_ACTIONS = {
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
}
# Condition keys whose value is that of the header.
_HEADERS = (
    "x-amz-acl",
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-storage-class",
)


def asked(request: ApiRequest) -> Iterator[Asked]:
    """Actions with their resources and context; several for a copy, and for deleting many."""
    bucket, key = request.parameters["Bucket"], request.parameters["Key"]
    if request.operation == "DeleteObjects":
        yield from _deletions(bucket, request.body)
        return
    action = (
        _ACTIONS.get(request.operation, request.operation) or f"{request.method} {request.path}"
    )
    context = {f"s3:{name}": request.headers[name] for name in _HEADERS if name in request.headers}
    if key:
        yield _of_object(action, bucket, key, request.query.get("versionId"), context)
    else:
        for name in ("prefix", "delimiter"):
            if name in request.query:
                context[f"s3:{name}"] = request.query[name]
        yield f"s3:{action}", f"arn:aws:s3:::{bucket}" if bucket else "*", context
    if source := request.headers.get("x-amz-copy-source"):
        path, _, version = urllib.parse.unquote(source).lstrip("/").partition("?versionId=")
        yield _of_object("GetObject", *path.split("/", 1), version or None, {})
    if "x-amz-tagging" in request.headers:
        yield "s3:PutObjectTagging", f"arn:aws:s3:::{bucket}/{key}", context
    if "x-amz-acl" in request.headers:
        yield "s3:PutObjectAcl", f"arn:aws:s3:::{bucket}/{key}", context


def asked_of_absence(request: ApiRequest) -> Iterator[Asked]:
    """
    That an object is not there is told only to those who may list it; others are refused with 403:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html. The object's key is the
    prefix that AWS puts to the condition: https://github.com/ceph/ceph/pull/68577.
    """
    bucket, key = request.parameters["Bucket"], request.parameters["Key"]
    if key and request.operation in ("GetObject", "HeadObject"):
        yield "s3:ListBucket", f"arn:aws:s3:::{bucket}", {"s3:prefix": key}


def _of_object(
    action: str, bucket: str, key: str, version: str | None, context: dict[str, Any]
) -> Asked:
    """One version of an object has actions of its own: GetObjectVersion, DeleteObjectVersion, …"""
    if version is not None:
        action = re.sub(r"^(Get|Delete|Put)Object(?!Version)", r"\1ObjectVersion", action)
        context = {**context, "s3:VersionId": version}
    return f"s3:{action}", f"arn:aws:s3:::{bucket}/{key}", context


def _deletions(bucket: str, body: bytes) -> Iterator[Asked]:
    objects = xmltodict.parse(body)["Delete"].get("Object") or []
    for one in objects if isinstance(objects, list) else [objects]:
        yield _of_object("DeleteObject", bucket, one["Key"], one.get("VersionId"), {})
