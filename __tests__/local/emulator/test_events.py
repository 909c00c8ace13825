"""EventBridge: what matches, and what each kind of target gets."""

from __future__ import annotations

import json

from emulator_support import Aws, unique, until
from probes import wait_a_moment


def s3_pattern(bucket: str, **object_pattern: object) -> dict[str, object]:
    detail = {"bucket": {"name": [bucket]}, "object": object_pattern}
    return {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": detail}


def test_a_pattern_selects_by_prefix_size_and_anything_but(aws: Aws) -> None:
    url, queue = aws.queue()
    bucket = aws.bucket(eventbridge=True)
    suffixes = [{"anything-but": {"suffix": ["_SUCCESS"]}}]
    aws.rule(s3_pattern(bucket, key=[{"prefix": "raw/"}], size=[{"numeric": [">", 0]}]), queue)
    other_url, other = aws.queue()
    aws.rule(s3_pattern(bucket, key=suffixes), other)
    for key, body in (("other/x", "x"), ("raw/empty", ""), ("raw/_SUCCESS", "x"), ("raw/a", "x")):
        aws.put(bucket, key, body)
    got = [aws.receive(url)["detail"]["object"]["key"] for _ in range(2)]
    assert got == ["raw/_SUCCESS", "raw/a"]
    assert aws.is_empty(url)
    got = [aws.receive(other_url)["detail"]["object"]["key"] for _ in range(3)]
    assert got == ["other/x", "raw/empty", "raw/a"]


def test_a_bucket_without_the_notification_tells_nothing(aws: Aws) -> None:
    url, queue = aws.queue()
    bucket = aws.bucket()
    aws.rule(s3_pattern(bucket, key=[{"prefix": ""}]), queue)
    aws.put(bucket, "key")
    wait_a_moment()
    assert aws.is_empty(url)


def test_a_large_upload_and_a_copy_are_told_once_each(aws: Aws) -> None:
    url, queue = aws.queue()
    bucket = aws.bucket(eventbridge=True)
    aws.rule({"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}}, queue)
    upload = aws.s3.create_multipart_upload(Bucket=bucket, Key="big")["UploadId"]
    part = {"Bucket": bucket, "Key": "big", "UploadId": upload}
    etag = aws.s3.upload_part(**part, PartNumber=1, Body=b"x" * 10)["ETag"]
    parts = {"Parts": [{"ETag": etag, "PartNumber": 1}]}
    aws.s3.complete_multipart_upload(**part, MultipartUpload=parts)
    assert aws.receive(url)["detail"]["reason"] == "CompleteMultipartUpload"
    aws.s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/big")
    assert aws.receive(url)["detail"]["reason"] == "CopyObject"
    aws.s3.delete_object(Bucket=bucket, Key="copy")
    deleted = aws.receive(url)
    assert deleted["detail-type"] == "Object Deleted"
    assert deleted["detail"]["deletion-type"] == "Permanently Deleted"
    assert aws.is_empty(url)


def test_disabled_and_scheduled_rules_get_nothing(aws: Aws) -> None:
    url, queue = aws.queue()
    aws.rule({"source": ["lake"]}, queue, State="DISABLED")
    name = unique("nightly")
    aws.events.put_rule(Name=name, ScheduleExpression="cron(0 2 * * ? *)")
    aws.events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": queue}])
    aws.events.put_events(Entries=[{"Source": "lake", "DetailType": "t", "Detail": "{}"}])
    wait_a_moment()
    assert aws.is_empty(url)


def test_a_function_an_execution_and_a_log_group_get_the_event(aws: Aws) -> None:
    function = aws.function("export const handler = async (e) => console.log(e.detail.say);")
    machine = aws.machine({"A": {"Type": "Pass", "End": True}})
    group = unique("/aws/events/lake")
    aws.logs.create_log_group(logGroupName=group)
    source = unique("source")
    rule = aws.rule({"source": [source]}, aws.function_arn(function))
    targets = [machine, f"arn:aws:logs:eu-central-1:123456789012:log-group:{group}"]
    aws.events.put_targets(
        Rule=rule, Targets=[{"Id": f"t{n}", "Arn": arn} for n, arn in enumerate(targets)]
    )
    entry = {"Source": source, "DetailType": "t", "Detail": json.dumps({"say": "hello"})}
    aws.events.put_events(Entries=[entry])
    until(lambda: any("hello" in x for x in aws.log_lines(f"/aws/lambda/{function}")))
    assert any("hello" in line for line in aws.log_lines(group))
    found = until(lambda: aws.sfn.list_executions(stateMachineArn=machine)["executions"])
    given = aws.sfn.describe_execution(executionArn=found[0]["executionArn"])["input"]
    assert json.loads(given)["detail"] == {"say": "hello"}


def test_an_input_transformer_fills_text_and_json(aws: Aws) -> None:
    url, queue = aws.queue()
    source = unique("source")
    paths = {"bucket": "$.detail.bucket", "tags": "$.detail.tags", "none": "$.detail.none"}
    template = '{"text": "in <bucket>: <none>", "tags": <tags>, "whole": <aws.events.event.json>}'
    aws.rule(
        {"source": [source]},
        queue,
        InputTransformer={"InputPathsMap": paths, "InputTemplate": template},
    )
    detail = {"bucket": 'a"b', "tags": [1, {"x": None}]}
    entry = {"Source": source, "DetailType": "t", "Detail": json.dumps(detail)}
    aws.events.put_events(Entries=[entry])
    got = aws.receive(url)
    assert got["text"] == 'in a"b: '
    assert got["tags"] == [1, {"x": None}]
    assert got["whole"]["detail"] == detail


def test_what_a_target_refuses_goes_to_its_dead_letter_queue(aws: Aws) -> None:
    url, queue = aws.queue()
    source = unique("source")
    aws.rule({"source": [source]}, aws.function_arn("none"), DeadLetterConfig={"Arn": queue})
    aws.events.put_events(Entries=[{"Source": source, "DetailType": "t", "Detail": "{}"}])
    assert aws.receive(url)["source"] == source


def test_the_dead_letter_queue_is_told_why(aws: Aws) -> None:
    url, dead_letters = aws.queue()
    source, gone = unique("source"), f"arn:aws:sqs:eu-central-1:123456789012:{unique('gone')}"
    config = {"DeadLetterConfig": {"Arn": dead_letters}, "RetryPolicy": {"MaximumRetryAttempts": 2}}
    rule = aws.rule({"source": [source]}, gone, **config)
    kept = aws.events.list_targets_by_rule(Rule=rule)["Targets"][0]
    assert {name: kept.get(name) for name in config} == config
    aws.events.put_events(Entries=[{"Source": source, "DetailType": "t", "Detail": "{}"}])
    asked = {"MessageAttributeNames": ["All"], "MaxNumberOfMessages": 1}
    message = until(lambda: aws.sqs.receive_message(QueueUrl=url, **asked).get("Messages"))[0]
    told = {k: v["StringValue"] for k, v in message["MessageAttributes"].items()}
    assert told["TARGET_ARN"] == gone
    assert told["RULE_ARN"].endswith(f"rule/{rule}")
    assert "queue does not exist" in told["ERROR_MESSAGE"]
    assert json.loads(message["Body"])["source"] == source


def test_the_end_of_an_execution_reaches_a_queue_a_function_and_a_topic(aws: Aws) -> None:
    machine = aws.machine({"A": {"Type": "Fail", "Error": "Mine", "Cause": "why"}})
    function = aws.function("export const handler = async (e) => console.log(e.detail.error);")
    (url, queue), (of_topic, subscribed) = aws.queue(), aws.queue()
    topic = aws.sns.create_topic(Name=unique("topic"))["TopicArn"]
    aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=subscribed)
    detail = {"stateMachineArn": [machine], "status": ["FAILED", "TIMED_OUT", "ABORTED"]}
    kind = "Step Functions Execution Status Change"
    rule = aws.rule({"source": ["aws.states"], "detail-type": [kind], "detail": detail}, queue)
    arns = (aws.function_arn(function), topic)
    aws.events.put_targets(
        Rule=rule, Targets=[{"Id": f"t{n}", "Arn": a} for n, a in enumerate(arns)]
    )
    ended = aws.execute(machine)
    assert aws.receive(url)["resources"] == [ended["executionArn"]]
    assert json.loads(aws.receive(of_topic)["Message"])["detail"]["cause"] == "why"
    until(lambda: any("Mine" in line for line in aws.log_lines(f"/aws/lambda/{function}")))


def test_a_deleted_object_is_told_once(aws: Aws) -> None:
    url, queue = aws.queue()
    bucket = aws.bucket(eventbridge=True)
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Deleted"]}
    aws.rule({**pattern, "detail": {"bucket": {"name": [bucket]}}}, queue)
    for key in "abc":
        aws.put(bucket, key)
    aws.s3.delete_object(Bucket=bucket, Key="a")
    aws.s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "b"}, {"Key": "c"}]})
    details = [aws.receive(url)["detail"] for _ in range(3)]
    assert [one["object"]["key"] for one in details] == ["a", "b", "c"]
    assert {one["deletion-type"] for one in details} == {"Permanently Deleted"}
    assert aws.is_empty(url)


def test_a_put_is_one_event_and_tags_are_another(aws: Aws) -> None:
    url, queue = aws.queue()
    bucket = aws.bucket(eventbridge=True)
    aws.rule({"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}}, queue)
    aws.put(bucket, "key")
    tags = {"TagSet": [{"Key": "a", "Value": "1"}]}
    aws.s3.put_object_tagging(Bucket=bucket, Key="key", Tagging=tags)
    assert [aws.receive(url)["detail-type"] for _ in range(2)] == [
        "Object Created",
        "Object Tags Added",
    ]
    assert aws.is_empty(url)
