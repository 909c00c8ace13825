// The part of Lambda's Node.js runtime that a handler sees: loading, context, console, errors.
// One process serves one invocation: the event comes on stdin, the result goes into a file.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { format } from "node:util";

const { _HANDLER, LAMBDA_TASK_ROOT } = process.env;
const invocation = JSON.parse(readFileSync(0, "utf8"));
const { resultFile, requestId, deadline, functionArn, logFormat } = invocation;

for (const [method, level] of Object.entries({
  log: "INFO",
  info: "INFO",
  debug: "DEBUG",
  warn: "WARN",
  error: "ERROR",
  trace: "TRACE",
})) {
  console[method] = (...values) => {
    const timestamp = new Date().toISOString();
    const only = values.length === 1 && typeof values[0] === "object" ? values[0] : undefined;
    const line =
      logFormat === "JSON"
        ? JSON.stringify({ timestamp, level, requestId, message: only ?? format(...values) })
        : `${timestamp}\t${requestId}\t${level}\t${format(...values)}`;
    process.stdout.write(`${line.replaceAll("\n", "\r")}\n`); // one log event, as on Lambda
  };
}

const finish = (outcome, status) => {
  writeFileSync(resultFile, outcome);
  process.exit(status);
};
const fail = (error, type) => {
  const known = error instanceof Error;
  const report = {
    errorType: type ?? (known ? error.name : typeof error),
    errorMessage: known ? error.message : String(error),
    trace: known && error.stack ? error.stack.split("\n") : [],
  };
  const timestamp = new Date().toISOString();
  const text = JSON.stringify({ ...report, stack: report.trace, trace: undefined });
  process.stdout.write(`${timestamp}\t${requestId}\tERROR\tInvoke Error\t${text}\n`);
  finish(JSON.stringify(report), 1);
};
process.on("uncaughtException", (error) => fail(error));
process.on("unhandledRejection", (reason) => fail(reason, "Runtime.UnhandledPromiseRejection"));

const load = async () => {
  const split = _HANDLER.lastIndexOf(".");
  const [file, name] = [_HANDLER.slice(0, split), _HANDLER.slice(split + 1)];
  const path = [".mjs", ".js", ".cjs"]
    .map((e) => `${LAMBDA_TASK_ROOT}/${file}${e}`)
    .find(existsSync);
  if (!path) fail(new Error(`Cannot find module '${file}'`), "Runtime.ImportModuleError");
  let module;
  try {
    module = await import(pathToFileURL(path));
  } catch (error) {
    if (error instanceof SyntaxError) fail(error, "Runtime.UserCodeSyntaxError");
    if (String(error?.code).endsWith("MODULE_NOT_FOUND")) fail(error, "Runtime.ImportModuleError");
    fail(error);
  }
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== "function") {
    fail(new Error(`${_HANDLER} is undefined or not exported`), "Runtime.HandlerNotFound");
  }
  return handler;
};

const context = {
  callbackWaitsForEmptyEventLoop: true,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  invokedFunctionArn: functionArn,
  awsRequestId: requestId,
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
};

const handler = await load();
try {
  const returned =
    handler.length > 2
      ? await new Promise((resolve, reject) => {
          const callback = (error, value) => (error ? reject(error) : resolve(value));
          const promise = handler(invocation.event, context, callback);
          if (typeof promise?.then === "function") promise.then(resolve, reject);
        })
      : await handler(invocation.event, context);
  finish(JSON.stringify(returned === undefined ? null : returned), 0);
} catch (error) {
  fail(error);
}
