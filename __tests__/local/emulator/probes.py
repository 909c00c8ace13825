"""One probe for each patch: the right behaviour over HTTP, which moto alone does not show."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from emulator_support import ACCOUNT, REGION, ROLE, Aws, parquet, unique, until


@dataclass(frozen=True)
class Probe:
    patch: str
    group: int  # the patches of a group are left out together: none needs another of its group
    check: Callable[[Aws], None]


PROBES: list[Probe] = []


def probe(patch: str, group: int = 1) -> Callable[[Callable[[Aws], None]], Callable[[Aws], None]]:
    def register(check: Callable[[Aws], None]) -> Callable[[Aws], None]:
        PROBES.append(Probe(patch, group, check))
        return check

    return register


@probe("s3.lifecycle")
def lifecycle_rules_come_back_whole(aws: Aws) -> None:
    bucket = aws.bucket()
    rule = {
        "ID": "old",
        "Status": "Enabled",
        "Filter": {"ObjectSizeGreaterThan": 1024},
        "Expiration": {"Days": 9},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 3, "NewerNoncurrentVersions": 2},
    }
    aws.s3.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": [rule]}
    )
    assert aws.s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == [rule]


@probe("s3.notification")
def the_notification_says_eventbridge(aws: Aws) -> None:
    bucket = aws.bucket(eventbridge=True)
    found = aws.s3.get_bucket_notification_configuration(Bucket=bucket)
    assert "EventBridgeConfiguration" in found


@probe("s3.deleted_folders")
def a_folder_whose_objects_are_deleted_is_not_listed(aws: Aws) -> None:
    bucket = aws.bucket()
    aws.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for key in ("day=01/kept", "day=02/gone"):
        aws.put(bucket, key)
    aws.s3.delete_object(Bucket=bucket, Key="day=02/gone")
    found = aws.s3.list_objects_v2(Bucket=bucket, Delimiter="/")["CommonPrefixes"]
    assert found == [{"Prefix": "day=01/"}]


@probe("s3.delete_markers")
def a_bucket_with_delete_markers_can_be_emptied(aws: Aws) -> None:
    bucket = aws.bucket()
    for status in ("Enabled", "Suspended"):
        aws.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})
        if status == "Enabled":
            aws.put(bucket, "key")
            aws.s3.delete_object(Bucket=bucket, Key="key")
    versions = aws.s3.list_object_versions(Bucket=bucket)
    for one in versions["DeleteMarkers"] + versions["Versions"]:
        aws.s3.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])
    aws.s3.delete_bucket(Bucket=bucket)


@probe("sqs.redrive_allow_policy")
def the_redrive_allow_policy_comes_back(aws: Aws) -> None:
    policy = json.dumps({"redrivePermission": "denyAll"})
    url, _ = aws.queue(RedriveAllowPolicy=policy)
    found = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedriveAllowPolicy"])
    assert found["Attributes"]["RedriveAllowPolicy"] == policy


@probe("sqs.kept_policy")
def a_queue_keeps_its_policy_when_another_attribute_is_set(aws: Aws) -> None:
    url, arn = aws.queue()
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "7"})
    found = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert json.loads(found["Policy"]) == json.loads(policy)


@probe("sqs.redrive_policy_text")
def the_redrive_policy_is_compact(aws: Aws) -> None:
    _, dead_letters = aws.queue()
    policy = f'{{"deadLetterTargetArn":"{dead_letters}","maxReceiveCount":3}}'
    url, _ = aws.queue(RedrivePolicy=policy)
    found = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
    assert found["Attributes"]["RedrivePolicy"] == policy


def budget(aws: Aws) -> tuple[dict[str, str], dict[str, object]]:
    name = unique("budget")
    notification = {
        "NotificationType": "ACTUAL",
        "ComparisonOperator": "GREATER_THAN",
        "Threshold": 80.0,
        "ThresholdType": "PERCENTAGE",
    }
    subscribers = [{"SubscriptionType": "EMAIL", "Address": "ops@example.com"}]
    aws.budgets.create_budget(
        AccountId=ACCOUNT,
        Budget={
            "BudgetName": name,
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "50", "Unit": "USD"},
        },
        NotificationsWithSubscribers=[{"Notification": notification, "Subscribers": subscribers}],
        ResourceTags=[{"Key": "Project", "Value": "lake"}],
    )
    return {"AccountId": ACCOUNT, "BudgetName": name}, notification


@probe("budgets.subscribers")
def a_budget_tells_its_subscribers(aws: Aws) -> None:
    which, notification = budget(aws)
    found = aws.budgets.describe_subscribers_for_notification(**which, Notification=notification)
    assert found["Subscribers"][0]["Address"] == "ops@example.com"


@probe("budgets.tags")
def a_budget_has_tags(aws: Aws) -> None:
    which, _ = budget(aws)
    arn = f"arn:aws:budgets::{ACCOUNT}:budget/{which['BudgetName']}"
    aws.budgets.tag_resource(ResourceARN=arn, ResourceTags=[{"Key": "a", "Value": "1"}])
    aws.budgets.untag_resource(ResourceARN=arn, ResourceTagKeys=["Project"])
    found = aws.budgets.list_tags_for_resource(ResourceARN=arn)
    assert found["ResourceTags"] == [{"Key": "a", "Value": "1"}]


@probe("cloudwatch.composite_alarm")
def a_composite_alarm_can_be_made(aws: Aws) -> None:
    name = unique("alarm")
    aws.cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule="ALARM(other)")
    found = aws.cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])
    assert found["CompositeAlarms"][0]["AlarmRule"] == "ALARM(other)"


@probe("ec2.rule_description")
def a_rule_keeps_its_description(aws: Aws) -> None:
    group = security_group(aws)
    peer = {"GroupId": group, "Description": "from itself"}
    aws.ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{**TLS, "UserIdGroupPairs": [peer]}]
    )
    assert "from itself" in descriptions(aws, group)


@probe("ec2.prefix_list_description")
def a_rule_for_a_prefix_list_keeps_its_description(aws: Aws) -> None:
    group = security_group(aws)
    lists = aws.ec2.describe_prefix_lists()["PrefixLists"]
    peer = {"PrefixListId": lists[0]["PrefixListId"], "Description": "to S3"}
    aws.ec2.authorize_security_group_egress(
        GroupId=group, IpPermissions=[{**TLS, "PrefixListIds": [peer]}]
    )
    assert "to S3" in descriptions(aws, group)


TLS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


def security_group(aws: Aws) -> str:
    vpc = aws.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return aws.ec2.create_security_group(GroupName=unique("group"), Description="test", VpcId=vpc)[
        "GroupId"
    ]


def descriptions(aws: Aws, group: str) -> list[str | None]:
    found = aws.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    return [rule.get("Description") for rule in found["SecurityGroupRules"]]


@probe("lakeformation.revoke")
def revoking_ends_with_an_error(aws: Aws) -> None:
    grant = {
        "Principal": {"DataLakePrincipalIdentifier": ROLE},
        "Resource": {"Database": {"Name": unique("database")}},
        "Permissions": ["ALTER"],
    }
    aws.lakeformation.grant_permissions(**grant)
    aws.lakeformation.revoke_permissions(**grant)
    try:
        aws.lakeformation.revoke_permissions(**grant)
    except aws.lakeformation.exceptions.InvalidInputException:
        return
    raise AssertionError("a second revoke succeeded")


@probe("lambda.configuration")
def a_function_keeps_its_configuration(aws: Aws) -> None:
    _, queue = aws.queue()
    logging = {"LogFormat": "JSON", "LogGroup": "/lake/functions"}
    name = aws.function(
        "", DeadLetterConfig={"TargetArn": queue}, LoggingConfig={"LogGroup": "/lake/functions"}
    )
    aws.lambda_.update_function_configuration(
        FunctionName=name, TracingConfig={"Mode": "Active"}, LoggingConfig=logging
    )
    found = aws.lambda_.get_function_configuration(FunctionName=name)
    assert found["DeadLetterConfig"]["TargetArn"] == queue
    assert found["LoggingConfig"] == logging
    assert found["TracingConfig"]["Mode"] == "Active"


@probe("lambda.node")
def a_function_runs_in_node(aws: Aws) -> None:
    name = aws.function("export const handler = async (event) => ({ got: event.a + 1 });")
    assert aws.invoke(name, {"a": 1}) == ({"got": 2}, None)


@probe("lambda.sqs_mapping", group=2)
def messages_come_in_batches(aws: Aws) -> None:
    url, queue = aws.queue()
    name = aws.function(
        """
        export const handler = async (event) => {
          console.log('batch of', event.Records.length);
          return { batchItemFailures: [] };
        };""",
    )
    aws.lambda_.create_event_source_mapping(
        EventSourceArn=queue,
        FunctionName=name,
        BatchSize=10,
        MaximumBatchingWindowInSeconds=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    for number in range(3):
        aws.sqs.send_message(QueueUrl=url, MessageBody=str(number))

    def logged() -> list[str]:
        return [x for x in aws.log_lines(f"/aws/lambda/{name}") if "batch of" in x]

    assert until(logged, 8)[0].endswith("batch of 3")


@probe("events.targets", group=2)
def every_kind_of_target_gets_the_event(aws: Aws) -> None:
    url, queue = aws.queue()
    topic = aws.sns.create_topic(Name=unique("topic"))["TopicArn"]
    aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    rule = aws.rule(
        {"source": ["lake"]},
        topic,
        InputTransformer={
            "InputPathsMap": {"state": "$.detail.state"},
            "InputTemplate": '"The job is <state>"',
        },
    )
    aws.events.put_targets(Rule=rule, Targets=[{"Id": "2", "Arn": queue, "InputPath": "$.detail"}])
    entry = {"Source": "lake", "DetailType": "t", "Detail": '{"state": "FAILED"}'}
    aws.events.put_events(Entries=[entry])
    got = [aws.receive(url, 3), aws.receive(url, 3)]
    assert {"state": "FAILED"} in got
    assert "The job is FAILED" in [one.get("Message") for one in got]


@probe("events.s3", group=2)
def an_s3_event_has_the_shape_of_aws(aws: Aws) -> None:
    url, queue = aws.queue()
    bucket = aws.bucket(eventbridge=True)
    aws.rule({"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}}, queue)
    aws.put(bucket, "raw/a b.csv", b"abc")
    event = aws.receive(url, 3)
    assert event["detail-type"] == "Object Created"
    detail = event["detail"]
    assert detail["reason"] == "PutObject"
    assert detail["bucket"] == {"name": bucket}
    etag, sequencer = "900150983cd24fb0d6963f7d28e17f72", detail["object"]["sequencer"]
    expected = {"key": "raw/a b.csv", "size": 3, "etag": etag, "sequencer": sequencer}
    assert detail["object"] == expected


@probe("s3.version_events")
def the_deletions_of_a_versioned_bucket_are_told(aws: Aws) -> None:
    url, queue = aws.queue()
    bucket = aws.bucket(eventbridge=True)
    aws.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    detail = {"bucket": {"name": [bucket]}}
    aws.rule({"source": ["aws.s3"], "detail-type": ["Object Deleted"], "detail": detail}, queue)
    aws.put(bucket, "raw/a")
    version = aws.s3.head_object(Bucket=bucket, Key="raw/a")["VersionId"]
    marker = aws.s3.delete_object(Bucket=bucket, Key="raw/a")["VersionId"]
    aws.s3.delete_object(Bucket=bucket, Key="raw/a", VersionId=version)
    for expected, kind in ((marker, "Delete Marker Created"), (version, "Permanently Deleted")):
        detail = aws.receive(url, 3)["detail"]
        assert (detail["reason"], detail["deletion-type"]) == ("DeleteObject", kind)
        assert (detail["object"]["key"], detail["object"]["version-id"]) == ("raw/a", expected)


@probe("dynamodb.atomic")
def one_of_many_conditional_writes_wins(aws: Aws) -> None:
    table = unique("locks")
    aws.dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )

    # A long update: the time between the judgement and the write is what others may slip into. Of
    # a hundred fields, two or more won at 29 locks of 30; of twenty, at 4.
    fields = ", ".join(f"field{n} = :field" for n in range(100))

    def take(lock: str, owner: str) -> bool:
        try:
            aws.dynamodb.update_item(
                TableName=table,
                Key={"id": {"S": lock}},
                UpdateExpression=f"ADD owners :owners SET {fields}",
                ConditionExpression="attribute_not_exists(owners)",
                ExpressionAttributeValues={":owners": {"SS": [owner]}, ":field": {"S": "x"}},
            )
        except aws.dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        for lock in "12345":
            assert sum(threads.map(take, [lock] * 8, "abcdefgh")) == 1


@probe("stepfunctions.validate")
def a_definition_can_be_validated(aws: Aws) -> None:
    good = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    bad = {"StartAt": "A", "States": {"A": {"Type": "Pess", "End": True}}}
    validate = aws.sfn.validate_state_machine_definition
    assert validate(definition=json.dumps(good))["result"] == "OK"
    assert validate(definition=json.dumps(bad))["result"] == "FAIL"


@probe("stepfunctions.versions")
def a_machine_lists_its_versions(aws: Aws) -> None:
    machine = aws.machine({"A": {"Type": "Pass", "End": True}}, publish=True)
    found = aws.sfn.list_state_machine_versions(stateMachineArn=machine)
    assert [v["stateMachineVersionArn"] for v in found["stateMachineVersions"]] == [f"{machine}:1"]


@probe("stepfunctions.unnamed")
def executions_without_a_name_get_names_of_their_own(aws: Aws) -> None:
    machine = aws.machine({"A": {"Type": "Pass", "End": True}})
    started = [aws.sfn.start_execution(stateMachineArn=machine)["executionArn"] for _ in range(2)]
    assert len(set(started)) == 2


@probe("stepfunctions.random")
def the_end_of_a_random_number_is_exclusive(aws: Aws) -> None:
    drawn = {f"{n}.$": "States.MathRandom(0, 2)" for n in range(50)}
    drawn["only.$"] = "States.ArrayGetItem($.one, States.MathRandom(0, States.ArrayLength($.one)))"
    machine = aws.machine({"A": {"Type": "Pass", "Parameters": drawn, "End": True}})
    output = json.loads(aws.execute(machine, {"one": ["it"]})["output"])
    assert output.pop("only") == "it"
    assert set(output.values()) == {0, 1}


@probe("stepfunctions.sdk_names")
def an_error_is_named_as_on_aws(aws: Aws) -> None:
    states = {
        "Start": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:glue:startCrawler",
            "Parameters": {"Name": "none"},
            "Catch": [{"ErrorEquals": ["Glue.EntityNotFoundException"], "Next": "Caught"}],
            "End": True,
        },
        "Caught": {"Type": "Pass", "Result": {"caught": True}, "End": True},
    }
    assert json.loads(aws.execute(aws.machine(states))["output"]) == {"caught": True}


@probe("stepfunctions.lambda_errors")
def a_refusal_of_lambda_has_its_name(aws: Aws) -> None:
    states = {
        "Run": {
            "Type": "Task",
            "Resource": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{unique('none')}",
            "Catch": [{"ErrorEquals": ["Lambda.ResourceNotFoundException"], "Next": "Caught"}],
            "End": True,
        },
        "Caught": {"Type": "Pass", "Result": {"caught": True}, "End": True},
    }
    assert json.loads(aws.execute(aws.machine(states))["output"]) == {"caught": True}


@probe("stepfunctions.sdk_shapes")
def camel_case_services_are_called(aws: Aws) -> None:
    states = {
        "Get": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sfn:describeStateMachine",
            "Parameters": {},
            "End": True,
        }
    }
    other = aws.machine({"A": {"Type": "Pass", "End": True}})
    states["Get"]["Parameters"] = {"StateMachineArn": other}
    ended = aws.execute(aws.machine(states))
    assert json.loads(ended["output"])["StateMachineArn"] == other


@probe("stepfunctions.sync", group=2)
def a_query_is_waited_for(aws: Aws) -> None:
    bucket = aws.bucket()
    states = {
        "Query": {
            "Type": "Task",
            "Resource": "arn:aws:states:::athena:startQueryExecution.sync",
            "Parameters": {
                "QueryString": "SELECT 1",
                "ResultConfiguration": {"OutputLocation": f"s3://{bucket}/"},
            },
            "End": True,
        }
    }
    output = json.loads(aws.execute(aws.machine(states))["output"])
    assert output["QueryExecution"]["Status"]["State"] == "SUCCEEDED"


@probe("stepfunctions.logs")
def an_execution_is_logged(aws: Aws) -> None:
    group = unique("/aws/vendedlogs/states/machine")
    aws.logs.create_log_group(logGroupName=group)
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"
    machine = aws.machine(
        {"A": {"Type": "Pass", "End": True}},
        loggingConfiguration={
            "level": "ALL",
            "includeExecutionData": True,
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}],
        },
    )
    ended = aws.execute(machine, {"a": 1})
    lines = [json.loads(line) for line in aws.log_lines(group)]
    assert lines[0]["type"] == "ExecutionStarted"
    assert lines[0]["execution_arn"] == ended["executionArn"]
    assert json.loads(lines[0]["details"]["input"]) == {"a": 1}
    assert lines[-1]["type"] == "ExecutionSucceeded"


@probe("stepfunctions.status_events")
def the_end_of_an_execution_is_an_event(aws: Aws) -> None:
    url, queue = aws.queue()
    machine = aws.machine({"A": {"Type": "Fail", "Error": "Mine", "Cause": "why"}})
    detail = {"stateMachineArn": [machine], "status": ["FAILED"]}
    aws.rule({"source": ["aws.states"], "detail": detail}, queue)
    aws.execute(machine, {"a": 1})
    found = aws.receive(url, 3)["detail"]
    assert (found["error"], found["cause"]) == ("Mine", "why")
    assert json.loads(found["input"]) == {"a": 1}


@probe("emrserverless.application_states", group=2)
def an_application_has_the_states_of_aws(aws: Aws) -> None:
    application = aws.application()

    def state() -> str:
        return aws.emr.get_application(applicationId=application)["application"]["state"]

    assert state() == "CREATED"
    aws.emr.start_application(applicationId=application)
    assert state() == "STARTING"
    until(lambda: state() == "STARTED", 3)
    aws.emr.stop_application(applicationId=application)
    assert state() == "STOPPING"
    until(lambda: state() == "STOPPED", 3)
    aws.emr.delete_application(applicationId=application)
    assert state() == "TERMINATED"


@probe("emrserverless.application_fields")
def an_application_keeps_its_fields(aws: Aws) -> None:
    application = aws.application(
        architecture="ARM64",
        interactiveConfiguration={"studioEnabled": True},
        runtimeConfiguration=[{"classification": "spark-defaults", "properties": {"a": "b"}}],
    )
    found = aws.emr.get_application(applicationId=application)["application"]
    assert found["architecture"] == "ARM64"
    assert found["interactiveConfiguration"] == {"studioEnabled": True}
    assert found["runtimeConfiguration"][0]["properties"] == {"a": "b"}


@probe("emrserverless.job_runs")
def a_job_run_really_runs(aws: Aws) -> None:
    application = aws.application()
    job = aws.job(application, "s3://no-such-bucket/job.py", clientToken="same")
    assert aws.job(application, "s3://another/job.py", clientToken="same") == job
    ended = aws.job_run(application, job)
    assert ended["state"] == "FAILED"


@probe("glue.crawl")
def a_crawl_makes_tables(aws: Aws) -> None:
    bucket = aws.bucket()
    aws.put(bucket, "processed/flights/day=1/a.parquet", parquet({"delay": [1, 2]}))
    database, _, last = aws.crawl(f"s3://{bucket}/processed/")
    assert last["Status"] == "SUCCEEDED"
    table = aws.glue.get_table(DatabaseName=database, Name="flights")["Table"]
    assert table["StorageDescriptor"]["Columns"] == [{"Name": "delay", "Type": "bigint"}]


@probe("glue.table_version")
def an_overtaken_update_of_a_table_is_refused(aws: Aws) -> None:
    table = {"DatabaseName": unique("database"), "TableInput": {"Name": "flights"}}
    aws.glue.create_database(DatabaseInput={"Name": table["DatabaseName"]})
    aws.glue.create_table(**table)
    found = aws.glue.get_table(DatabaseName=table["DatabaseName"], Name="flights")["Table"]
    aws.glue.update_table(**table, VersionId=found["VersionId"])
    try:
        aws.glue.update_table(**table, VersionId=found["VersionId"])
    except aws.glue.exceptions.ConcurrentModificationException:
        return
    raise AssertionError("the second update of one version succeeded")


@probe("athena.delete")
def a_named_query_can_be_deleted(aws: Aws) -> None:
    made = aws.athena.create_named_query(Name="top", Database="lake", QueryString="SELECT 1")
    aws.athena.delete_named_query(NamedQueryId=made["NamedQueryId"])
    name = unique("catalog")
    aws.athena.create_data_catalog(Name=name, Type="GLUE")
    aws.athena.delete_data_catalog(Name=name)
    assert aws.athena.list_named_queries()["NamedQueryIds"] == []


@probe("athena.update_work_group")
def a_work_group_can_be_changed(aws: Aws) -> None:
    name = unique("group")
    location = {"OutputLocation": "s3://results/"}
    made = {"BytesScannedCutoffPerQuery": 10_000_000, "ResultConfiguration": location}
    aws.athena.create_work_group(Name=name, Configuration=made)
    aws.athena.update_work_group(
        WorkGroup=name,
        Description="narrow",
        ConfigurationUpdates={
            "RemoveBytesScannedCutoffPerQuery": True,
            "RequesterPaysEnabled": True,
            "ResultConfigurationUpdates": {
                "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
            },
        },
    )
    group = aws.athena.get_work_group(WorkGroup=name)["WorkGroup"]
    assert group["Description"] == "narrow"
    assert "BytesScannedCutoffPerQuery" not in group["Configuration"]
    assert group["Configuration"]["RequesterPaysEnabled"] is True
    assert group["Configuration"]["ResultConfiguration"] == {
        **location,
        "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
    }


@probe("athena.queries")
def a_query_returns_rows(aws: Aws) -> None:
    assert aws.rows("SELECT 6 * 7 AS answer", "default", aws.bucket()) == [["answer"], ["42"]]


def wait_a_moment() -> None:
    """For asserting that something does not happen."""
    time.sleep(0.4)
