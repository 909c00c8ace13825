"""What an API request asks of IAM: real requests of boto3, and which actions on what they need."""

from __future__ import annotations

import io
import urllib.parse
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from emulator_support import ACCOUNT, REGION

ENDPOINT = "http://127.0.0.1:1"
GLUE = f"arn:aws:glue:{REGION}:{ACCOUNT}:"
EMR = f"arn:aws:emr-serverless:{REGION}:{ACCOUNT}:/applications/a1"
LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:"
STATES = f"arn:aws:states:{REGION}:{ACCOUNT}:"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:t"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
JOB_ROLE = f"arn:aws:iam::{ACCOUNT}:role/lake/job"


class Sent(Exception):
    """Carries the request that would have left."""


def environ_of(service: str, operation: str, **given: Any) -> dict[str, Any]:
    """The request of a boto3 call, as a server is handed it."""
    client = boto3.client(
        service,
        region_name=REGION,
        endpoint_url=ENDPOINT,
        aws_access_key_id="ASIAKEY",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )
    caught: list[AWSPreparedRequest] = []

    def catch(request: AWSPreparedRequest, **more: Any) -> AWSResponse:
        caught.append(request)
        raise Sent

    client.meta.events.register("before-send", catch)
    with pytest.raises(Sent):
        getattr(client, operation)(**given)
    request = caught[0]
    url = urllib.parse.urlsplit(request.url)
    body = request.body or b""
    body = body.read() if hasattr(body, "read") else body
    body = body.encode() if isinstance(body, str) else body
    headers = {
        f"HTTP_{k.upper().replace('-', '_')}": v.decode() if isinstance(v, bytes) else str(v)
        for k, v in request.headers.items()
    }
    return {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": urllib.parse.unquote(url.path).encode().decode("latin-1"),
        "QUERY_STRING": url.query,
        "HTTP_HOST": url.netloc,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **headers,
    }


def asked(service: str, operation: str, **given: Any) -> list[tuple[str, str, dict[str, Any]]]:
    from emulator import api_request, authorization

    environ = environ_of(service, operation, **given)
    assert api_request.signer(environ) == ("ASIAKEY", REGION)
    request = api_request.read(environ, REGION, environ["wsgi.input"].read)
    return [(one.action, one.resource, dict(one.context)) for one in authorization.asked(request)]


def in_s3(key: str) -> str:
    return f"arn:aws:s3:::b/{key}"


# fmt: off
S3 = [
    ("get_object", {"Key": "raw/ü b.csv"}, [("GetObject", in_s3("raw/ü b.csv"), {})]),
    ("head_object", {"Key": "k"}, [("GetObject", in_s3("k"), {})]),
    ("get_object", {"Key": "k", "VersionId": "v"},
     [("GetObjectVersion", in_s3("k"), {"s3:VersionId": "v"})]),
    ("get_object_tagging", {"Key": "k", "VersionId": "v"},
     [("GetObjectVersionTagging", in_s3("k"), {"s3:VersionId": "v"})]),
    ("put_object", {"Key": "k", "Body": b"x"}, [("PutObject", in_s3("k"), {})]),
    ("put_object",
     {"Key": "k", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "arn:k", "Tagging": "a=b"},
     [("PutObject", in_s3("k"), {"s3:x-amz-server-side-encryption": "aws:kms",
                                 "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:k"}),
      ("PutObjectTagging", in_s3("k"), {"s3:x-amz-server-side-encryption": "aws:kms",
                                 "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:k"})]),
    ("create_multipart_upload", {"Key": "k"}, [("PutObject", in_s3("k"), {})]),
    ("upload_part", {"Key": "k", "UploadId": "u", "PartNumber": 1},
     [("PutObject", in_s3("k"), {})]),
    ("complete_multipart_upload", {"Key": "k", "UploadId": "u", "MultipartUpload": {"Parts": []}},
     [("PutObject", in_s3("k"), {})]),
    ("abort_multipart_upload", {"Key": "k", "UploadId": "u"},
     [("AbortMultipartUpload", in_s3("k"), {})]),
    ("list_parts", {"Key": "k", "UploadId": "u"},
     [("ListMultipartUploadParts", in_s3("k"), {})]),
    ("list_multipart_uploads", {"Prefix": "p/"},
     [("ListBucketMultipartUploads", "arn:aws:s3:::b", {"s3:prefix": "p/"})]),
    ("list_objects_v2", {"Prefix": "raw/a b/", "Delimiter": "/"},
     [("ListBucket", "arn:aws:s3:::b", {"s3:prefix": "raw/a b/", "s3:delimiter": "/"})]),
    ("list_objects_v2", {}, [("ListBucket", "arn:aws:s3:::b", {})]),
    ("list_objects", {"Prefix": ""}, [("ListBucket", "arn:aws:s3:::b", {"s3:prefix": ""})]),
    ("list_object_versions", {"Prefix": "p"},
     [("ListBucketVersions", "arn:aws:s3:::b", {"s3:prefix": "p"})]),
    ("head_bucket", {}, [("ListBucket", "arn:aws:s3:::b", {})]),
    ("get_bucket_location", {}, [("GetBucketLocation", "arn:aws:s3:::b", {})]),
    ("get_bucket_encryption", {}, [("GetEncryptionConfiguration", "arn:aws:s3:::b", {})]),
    ("delete_object", {"Key": "k"}, [("DeleteObject", in_s3("k"), {})]),
    ("delete_object", {"Key": "k", "VersionId": "v"},
     [("DeleteObjectVersion", in_s3("k"), {"s3:VersionId": "v"})]),
    ("delete_objects",
     {"Delete": {"Objects": [{"Key": "a&b"}, {"Key": "c", "VersionId": "v"}]}},
     [("DeleteObject", in_s3("a&b"), {}),
      ("DeleteObjectVersion", in_s3("c"), {"s3:VersionId": "v"})]),
    ("delete_objects", {"Delete": {"Objects": [{"Key": "only"}]}},
     [("DeleteObject", in_s3("only"), {})]),
    ("copy_object", {"Key": "k", "CopySource": {"Bucket": "other", "Key": "a b"}},
     [("PutObject", in_s3("k"), {"s3:x-amz-copy-source": "other/a%20b"}),
      ("GetObject", "arn:aws:s3:::other/a b", {})]),
    ("copy_object", {"Key": "k", "CopySource": {"Bucket": "o", "Key": "a", "VersionId": "v"}},
     [("PutObject", in_s3("k"), {"s3:x-amz-copy-source": "o/a?versionId=v"}),
      ("GetObjectVersion", "arn:aws:s3:::o/a", {"s3:VersionId": "v"})]),
]

OTHERS = [
    ("dynamodb", "update_item", {"TableName": "locks", "Key": {"id": {"S": "x"}}},
     [("dynamodb:UpdateItem", TABLE + "locks")]),
    ("dynamodb", "query", {"TableName": "locks", "IndexName": "byday"},
     [("dynamodb:Query", TABLE + "locks/index/byday")]),
    ("dynamodb", "transact_write_items",
     {"TransactItems": [{"Put": {"TableName": "a", "Item": {}}},
                        {"Delete": {"TableName": "b", "Key": {}}}]},
     [("dynamodb:PutItem", TABLE + "a"), ("dynamodb:DeleteItem", TABLE + "b")]),
    ("dynamodb", "batch_get_item", {"RequestItems": {"a": {"Keys": [{}]}}},
     [("dynamodb:BatchGetItem", TABLE + "a")]),
    ("emr-serverless", "start_job_run",
     {"applicationId": "a1", "clientToken": "t", "executionRoleArn": JOB_ROLE},
     [("emr-serverless:StartJobRun", EMR), ("iam:PassRole", JOB_ROLE)]),
    ("emr-serverless", "get_job_run", {"applicationId": "a1", "jobRunId": "j"},
     [("emr-serverless:GetJobRun", EMR + "/jobruns/j")]),
    ("emr-serverless", "cancel_job_run", {"applicationId": "a1", "jobRunId": "j"},
     [("emr-serverless:CancelJobRun", EMR + "/jobruns/j")]),
    ("emr-serverless", "list_job_runs", {"applicationId": "a1"},
     [("emr-serverless:ListJobRuns", EMR)]),
    ("events", "put_events", {"Entries": [{"Source": "a"}, {"Source": "b"}]},
     [("events:PutEvents", f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default")]),
    ("events", "put_targets", {"Rule": "r", "Targets": [{"Id": "1", "Arn": TOPIC}]},
     [("events:PutTargets", f"arn:aws:events:{REGION}:{ACCOUNT}:rule/r")]),
    ("glue", "get_table", {"DatabaseName": "d", "Name": "t"},
     [("glue:GetTable", GLUE + r) for r in ("catalog", "database/d", "table/d/t")]),
    ("glue", "update_table", {"DatabaseName": "d", "TableInput": {"Name": "t"}},
     [("glue:UpdateTable", GLUE + r) for r in ("catalog", "database/d", "table/d/t")]),
    ("glue", "batch_create_partition",
     {"DatabaseName": "d", "TableName": "t", "PartitionInputList": []},
     [("glue:BatchCreatePartition", GLUE + r) for r in ("catalog", "database/d", "table/d/t")]),
    ("glue", "get_tables", {"DatabaseName": "d"},
     [("glue:GetTables", GLUE + r) for r in ("catalog", "database/d", "table/d/*")]),
    ("glue", "get_database", {"Name": "d"},
     [("glue:GetDatabase", GLUE + r) for r in ("catalog", "database/d")]),
    ("glue", "get_databases", {},
     [("glue:GetDatabases", GLUE + r) for r in ("catalog", "database/*")]),
    ("glue", "start_crawler", {"Name": "c"}, [("glue:StartCrawler", GLUE + "crawler/c")]),
    ("lambda", "invoke", {"FunctionName": "f"}, [("lambda:InvokeFunction", FUNCTION)]),
    ("lambda", "invoke", {"FunctionName": FUNCTION}, [("lambda:InvokeFunction", FUNCTION)]),
    ("lambda", "invoke", {"FunctionName": "f", "Qualifier": "live"},
     [("lambda:InvokeFunction", FUNCTION + ":live")]),
    ("lambda", "get_function", {"FunctionName": "f"}, [("lambda:GetFunction", FUNCTION)]),
    ("logs", "put_log_events",
     {"logGroupName": "/g", "logStreamName": "s", "logEvents": [{"timestamp": 1, "message": "m"}]},
     [("logs:PutLogEvents", LOGS + "/g:log-stream:s")]),
    ("logs", "describe_log_groups", {}, [("logs:DescribeLogGroups", LOGS + ":log-stream:")]),
    ("sns", "publish", {"TopicArn": TOPIC, "Message": "m"}, [("sns:Publish", TOPIC)]),
    ("sqs", "receive_message", {"QueueUrl": f"{ENDPOINT}/{ACCOUNT}/q"},
     [("sqs:ReceiveMessage", QUEUE)]),
    ("sqs", "delete_message_batch", {"QueueUrl": f"{ENDPOINT}/{ACCOUNT}/q", "Entries": []},
     [("sqs:DeleteMessage", QUEUE)]),
    ("stepfunctions", "start_execution", {"stateMachineArn": STATES + "stateMachine:m"},
     [("states:StartExecution", STATES + "stateMachine:m")]),
    ("stepfunctions", "describe_execution", {"executionArn": STATES + "execution:m:e"},
     [("states:DescribeExecution", STATES + "execution:m:e")]),
    ("sts", "get_caller_identity", {}, []),
    ("sts", "assume_role", {"RoleArn": JOB_ROLE, "RoleSessionName": "session"},
     [("sts:AssumeRole", JOB_ROLE)]),
    # In no table: the operation by its name, on the ARN that is given, or on all.
    ("secretsmanager", "get_secret_value", {"SecretId": "arn:aws:secretsmanager:s"},
     [("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:s")]),
    ("cloudwatch", "put_metric_data", {"Namespace": "n", "MetricData": []},
     [("cloudwatch:PutMetricData", "*")]),
    ("ssm", "get_parameter", {"Name": "p"}, [("ssm:GetParameter", "*")]),
]
# fmt: on


@pytest.mark.parametrize(("operation", "given", "expected"), S3)
def test_s3_asks_for(operation: str, given: dict[str, Any], expected: list[Any]) -> None:
    found = asked("s3", operation, Bucket="b", **given)
    assert found == [(f"s3:{action}", *more) for action, *more in expected]


@pytest.mark.parametrize(("service", "operation", "given", "expected"), OTHERS)
def test_a_service_asks_for(
    service: str, operation: str, given: dict[str, Any], expected: list[Any]
) -> None:
    found = asked(service, operation, **given)
    assert [(action, resource) for action, resource, _ in found] == expected


def test_a_role_is_passed_to_emr_serverless() -> None:
    found = asked(
        "emr-serverless",
        "start_job_run",
        **{"applicationId": "a1", "clientToken": "t", "executionRoleArn": JOB_ROLE},
    )
    assert found[1][2] == {"iam:PassedToService": "emr-serverless.amazonaws.com"}


def test_a_bucket_in_the_host_is_the_same_bucket() -> None:
    from emulator import api_request, authorization

    environ = environ_of("s3", "get_object", Bucket="b", Key="raw/k")
    environ |= {"HTTP_HOST": "b.localhost:4566", "PATH_INFO": "/raw/k"}
    request = api_request.read(environ, REGION, lambda: b"")
    assert authorization.asked(request)[0][:2] == ("s3:GetObject", in_s3("raw/k"))


def test_a_presigned_url_names_its_signer() -> None:
    from emulator import api_request

    environ = {
        "QUERY_STRING": f"X-Amz-Credential=ASIAKEY%2F20250101%2F{REGION}%2Fs3%2Faws4_request"
    }
    assert api_request.signer(environ) == ("ASIAKEY", REGION)


def test_the_body_of_an_object_is_not_read() -> None:
    from emulator import api_request

    def never() -> bytes:
        raise AssertionError("the body was read")

    environ = environ_of("s3", "put_object", Bucket="b", Key="k", Body=b"x" * 10)
    assert api_request.read(environ, REGION, never).operation == "PutObject"
