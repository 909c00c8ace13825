"""Lambda functions run in Node.js as they would on Lambda."""

from __future__ import annotations

import json

from emulator_support import REGION, Aws, until, zipped


def test_the_handler_sees_lambdas_environment_and_context(aws: Aws) -> None:
    name = aws.function(
        """
        export const handler = async (event, context) => ({
          own: process.env.OWN,
          region: process.env.AWS_REGION,
          endpoint: process.env.AWS_ENDPOINT_URL,
          root: process.env.LAMBDA_TASK_ROOT === process.cwd(),
          handler: process.env._HANDLER,
          name: context.functionName,
          arn: context.invokedFunctionArn,
          request: context.awsRequestId.length,
          left: context.getRemainingTimeInMillis() > 5000,
        });""",
        Environment={"Variables": {"OWN": "mine"}},
    )
    seen, error = aws.invoke(name)
    assert error is None
    assert seen == {
        "own": "mine",
        "region": REGION,
        "endpoint": aws.endpoint,
        "root": True,
        "handler": "index.handler",
        "name": name,
        "arn": aws.function_arn(name),
        "request": 36,
        "left": True,
    }


def test_a_commonjs_handler_with_a_callback_runs(aws: Aws) -> None:
    code = "exports.handler = (event, context, done) => setTimeout(() => done(null, event), 5);"
    name = aws.function("", Code={"ZipFile": zipped({"index.js": code})})
    assert aws.invoke(name, {"a": "ü"}) == ({"a": "ü"}, None)


def test_an_error_has_lambdas_shape(aws: Aws) -> None:
    name = aws.function(
        """
        class NotToday extends Error { name = 'NotToday' }
        export const handler = async () => { throw new NotToday('closed') };"""
    )
    error, kind = aws.invoke(name)
    assert kind == "Unhandled"
    assert (error["errorType"], error["errorMessage"]) == ("NotToday", "closed")
    assert "at handler" in " ".join(error["trace"])


def test_what_keeps_a_handler_from_running_is_told(aws: Aws) -> None:
    def error_type(**more: object) -> str:
        error, kind = aws.invoke(aws.function("export const a = 1;", **more))
        assert kind == "Unhandled"
        return error["errorType"]

    assert error_type() == "Runtime.HandlerNotFound"
    assert error_type(Handler="other.handler") == "Runtime.ImportModuleError"
    exits = zipped({"index.mjs": "export const handler = () => process.exit(3)"})
    assert error_type(Code={"ZipFile": exits}) == "Runtime.ExitError"
    broken = zipped({"index.mjs": "export const handler = ("})
    assert error_type(Code={"ZipFile": broken}) == "Runtime.UserCodeSyntaxError"


def test_a_function_that_takes_too_long_is_ended(aws: Aws) -> None:
    name = aws.function(
        "export const handler = () => new Promise(() => setInterval(() => {}, 9));", Timeout=1
    )
    error, kind = aws.invoke(name)
    assert kind == "Unhandled"
    assert error["errorType"] == "Sandbox.Timedout"
    assert "Task timed out after 1.00 seconds" in error["errorMessage"]


def test_logs_stand_between_start_and_report(aws: Aws) -> None:
    name = aws.function(
        "export const handler = async () => { console.warn('low', { on: 'fuel' }) };"
    )
    aws.invoke(name)
    lines = aws.log_lines(f"/aws/lambda/{name}")
    assert lines[0].startswith("START RequestId: ")
    assert lines[1].split("\t")[2:] == ["WARN", "low { on: 'fuel' }"]
    assert lines[-2].startswith("END RequestId: ")
    assert "Billed Duration" in lines[-1]


def test_json_logs_go_to_the_group_that_is_configured(aws: Aws) -> None:
    name = aws.function(
        "export const handler = async () => { console.info({ rows: 3 }) };",
        LoggingConfig={"LogFormat": "JSON", "LogGroup": "/lake/json"},
    )
    aws.invoke(name)
    logged = [json.loads(line) for line in aws.log_lines("/lake/json") if line[0] == "{"]
    assert (logged[0]["level"], logged[0]["message"]) == ("INFO", {"rows": 3})


def test_new_code_and_variables_take_effect(aws: Aws) -> None:
    name = aws.function("export const handler = async () => 'old';")
    assert aws.invoke(name)[0] == "old"
    code = zipped({"index.mjs": "export const handler = async () => process.env.WHAT;"})
    aws.lambda_.update_function_code(FunctionName=name, ZipFile=code)
    variables = {"Variables": {"WHAT": "new"}}
    aws.lambda_.update_function_configuration(FunctionName=name, Environment=variables)
    assert aws.invoke(name)[0] == "new"


def test_a_failed_event_reaches_the_dead_letter_queue_after_its_retries(aws: Aws) -> None:
    url, queue = aws.queue()
    name = aws.function(
        "export const handler = async () => { throw new Error('no') };",
        DeadLetterConfig={"TargetArn": queue},
    )
    aws.lambda_.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=1)
    answer = aws.lambda_.invoke(
        FunctionName=name, InvocationType="Event", Payload=json.dumps({"a": 1})
    )
    assert answer["StatusCode"] == 202
    assert aws.receive(url) == {"a": 1}
    starts = [x for x in aws.log_lines(f"/aws/lambda/{name}") if x.startswith("START")]
    assert len(starts) == 2


def test_a_success_reaches_its_destination(aws: Aws) -> None:
    url, queue = aws.queue()
    name = aws.function("export const handler = async (event) => event.a;")
    aws.lambda_.put_function_event_invoke_config(
        FunctionName=name, DestinationConfig={"OnSuccess": {"Destination": queue}}
    )
    aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"a": 7}')
    record = aws.receive(url)
    assert (record["requestPayload"], record["responsePayload"]) == ({"a": 7}, 7)
    assert until(lambda: aws.log_lines(f"/aws/lambda/{name}"))
