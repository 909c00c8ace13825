"""Probes of the patches for keys, roles and policies; see probes.py."""

from __future__ import annotations

import json

from emulator_support import ACCOUNT, REGION, ROLE, Aws, unique
from probes import probe

# Parquet is written to a temporary folder, and renamed.
WRITES = """
import sys
from pyspark.sql import SparkSession

SparkSession.builder.getOrCreate().range(3).coalesce(1).write.parquet(f"s3://{sys.argv[1]}/table")
"""


@probe("kms.rotation_period")
def the_rotation_period_comes_back(aws: Aws) -> None:
    key = aws.kms.create_key()["KeyMetadata"]["KeyId"]
    aws.kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    assert aws.kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 180
    aws.kms.enable_key_rotation(KeyId=key)
    assert aws.kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365


@probe("logs.kms_key")
def a_log_group_that_is_there_gets_a_key(aws: Aws) -> None:
    group = {"logGroupName": unique("/lake/group")}
    key = aws.kms.create_key()["KeyMetadata"]["Arn"]
    aws.logs.create_log_group(**group)

    def keys() -> list[str | None]:
        found = aws.logs.describe_log_groups(logGroupNamePrefix=group["logGroupName"])
        return [one.get("kmsKeyId") for one in found["logGroups"]]

    aws.logs.associate_kms_key(**group, kmsKeyId=key)
    assert keys() == [key]
    aws.logs.disassociate_kms_key(**group)
    assert keys() == [None]


@probe("dynamodb.update_encryption")
def a_table_that_is_there_gets_a_key(aws: Aws) -> None:
    table = unique("locks")
    aws.dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    key = aws.kms.create_key()["KeyMetadata"]["Arn"]
    given = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    aws.dynamodb.update_table(TableName=table, SSESpecification=given)
    found = aws.dynamodb.describe_table(TableName=table)["Table"]["SSEDescription"]
    assert found == {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}


@probe("s3.log_key_format")
def the_format_of_log_keys_comes_back(aws: Aws) -> None:
    logs, bucket = aws.bucket(), aws.bucket()
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{logs}/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.s3.put_bucket_policy(Bucket=logs, Policy=policy)
    key_format = {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}
    given = {"TargetBucket": logs, "TargetPrefix": "a/", "TargetObjectKeyFormat": key_format}
    aws.s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": given})
    assert aws.s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"] == given


@probe("glue.update_crawler")
def a_crawler_can_be_changed(aws: Aws) -> None:
    _, name, _ = aws.crawl(f"s3://{aws.bucket()}/processed/")
    aws.glue.update_crawler(Name=name, CrawlerSecurityConfiguration="keyed", TablePrefix="lake_")
    found = aws.glue.get_crawler(Name=name)["Crawler"]
    assert (found["CrawlerSecurityConfiguration"], found["TablePrefix"]) == ("keyed", "lake_")
    assert (found["Role"], found["Version"]) == (ROLE, 2)


@probe("ec2.flow_log_role")
def a_flow_log_uses_its_role(aws: Aws) -> None:
    vpc = aws.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group, role = unique("/flows"), f"arn:aws:iam::{ACCOUNT}:role/{unique('flows')}"
    aws.logs.create_log_group(logGroupName=group)
    aws.ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestination=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}",
        DeliverLogsPermissionArn=role,
    )
    stream = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:log-stream:{vpc}-all"
    assert ("logs:PutLogEvents", stream) in aws.calls(role)


@probe("stepfunctions.role")
def a_task_calls_with_the_role_of_the_machine(aws: Aws) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/{unique('machine')}"
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler",
        "Parameters": {"Name": "none"},
        "End": True,
    }
    aws.execute(aws.machine({"Get": task}, roleArn=role))
    crawler = f"arn:aws:glue:{REGION}:{ACCOUNT}:crawler/none"
    assert aws.calls(role) == {("glue:GetCrawler", crawler)}


@probe("stepfunctions.log_delivery")
def a_machine_that_logs_sets_up_the_delivery(aws: Aws) -> None:
    group, role = unique("/aws/vendedlogs/states"), f"arn:aws:iam::{ACCOUNT}:role/{unique('logs')}"
    aws.logs.create_log_group(logGroupName=group)
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"
    logging = {"level": "ERROR", "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}]}
    states = {"A": {"Type": "Pass", "End": True}}
    aws.machine(states, roleArn=role, loggingConfiguration=logging)
    assert ("logs:CreateLogDelivery", "*") in aws.calls(role)
    aws.machine(states, roleArn=f"{role}-silent")
    assert aws.calls(f"{role}-silent") == set()


@probe("iam.object_actions", group=2)
def a_multipart_upload_with_a_wrong_key_does_not_begin(aws: Aws) -> None:
    bucket = aws.bucket()
    header = "s3:x-amz-server-side-encryption"
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": {"StringNotEquals": {header: "aws:kms"}, "Null": {header: "false"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    aws.s3.create_multipart_upload(Bucket=bucket, Key="k", ServerSideEncryption="aws:kms")
    try:
        aws.s3.create_multipart_upload(Bucket=bucket, Key="k", ServerSideEncryption="AES256")
    except aws.s3.exceptions.ClientError:
        return
    raise AssertionError("the upload began")


@probe("iam.conditions")
def a_policy_whose_condition_is_unmet_does_not_apply(aws: Aws) -> None:
    bucket = aws.bucket()
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    aws.put(bucket, "key")


@probe("s3.key_over_http", group=2)
def s3a_renames_what_is_encrypted_with_a_key(aws: Aws) -> None:
    bucket, key = aws.bucket(), aws.kms.create_key()["KeyMetadata"]["Arn"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    aws.s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    aws.put(bucket, "job.py", WRITES)
    application = aws.application()
    run = aws.job_run(application, aws.job(application, f"s3://{bucket}/job.py", bucket))
    assert run["state"] == "SUCCESS", run["stateDetails"]
    listed = aws.s3.list_objects_v2(Bucket=bucket, Prefix="table/")["Contents"]
    (written,) = (one["Key"] for one in listed if one["Key"].endswith(".parquet"))
    assert aws.s3.head_object(Bucket=bucket, Key=written)["ServerSideEncryption"] == "aws:kms"
