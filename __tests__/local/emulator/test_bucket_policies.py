"""What a bucket's policy refuses by the headers of a request, as on AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from emulator_support import ACCOUNT, REGION, Aws

HEADER = "s3:x-amz-server-side-encryption"
KEY_HEADER = f"{HEADER}-aws-kms-key-id"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/ours"
OTHER = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/other"
KMS = {"ServerSideEncryption": "aws:kms"}
STRICT = [
    {"StringNotEquals": {HEADER: "aws:kms"}, "Null": {HEADER: "false"}},
    {"StringNotEquals": {KEY_HEADER: KEY}, "Null": {KEY_HEADER: "false"}},
    {"Null": {f"{HEADER}-customer-algorithm": "false"}},
]


def guarded(aws: Aws, *conditions: dict[str, Any]) -> str:
    """A bucket into which nothing may be put that meets one of these conditions."""
    bucket = aws.bucket()
    common = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject"}
    common["Resource"] = f"arn:aws:s3:::{bucket}/*"
    statements = [{**common, "Condition": one} for one in conditions]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    return bucket


@pytest.mark.parametrize("given", [{}, KMS, {**KMS, "SSEKMSKeyId": KEY}])
def test_a_put_without_a_header_or_with_the_right_one_is_taken(aws: Aws, given: Any) -> None:
    bucket = guarded(aws, *STRICT)
    aws.s3.put_object(Bucket=bucket, Key="k", Body=b"x", **given)
    assert aws.s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"


@pytest.mark.parametrize(
    "given", [{"ServerSideEncryption": "AES256"}, {**KMS, "SSEKMSKeyId": OTHER}]
)
def test_a_put_with_another_encryption_or_key_is_refused(aws: Aws, given: Any) -> None:
    bucket = guarded(aws, *STRICT)
    with pytest.raises(ClientError) as refused:
        aws.s3.put_object(Bucket=bucket, Key="k", Body=b"x", **given)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert aws.s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_what_is_not_there_differs_from_everything(aws: Aws) -> None:
    bucket = guarded(aws, {"StringNotEquals": {HEADER: "aws:kms"}})
    with pytest.raises(ClientError):
        aws.s3.put_object(Bucket=bucket, Key="k", Body=b"x")


def test_a_condition_on_what_exists_only_applies_without_it(aws: Aws) -> None:
    bucket = guarded(aws, {"StringEqualsIfExists": {HEADER: "AES256"}})
    with pytest.raises(ClientError):
        aws.s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    aws.s3.put_object(Bucket=bucket, Key="k", Body=b"x", **KMS)
