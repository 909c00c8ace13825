import { expect, test } from "vitest";
import {
  allow,
  allowService,
  denyInsecureTransport,
  listPrefixes,
  passRole,
  policy,
  readPrefixes,
  trust,
  writeLogs,
  writePrefixes,
} from "../src/iam";

const BUCKET = "arn:aws:s3:::lake";

test("a policy is a document of the current version", () => {
  expect(JSON.parse(policy(allow("One", "sns:Publish", "arn:topic")))).toEqual({
    Version: "2012-10-17",
    Statement: [{ Sid: "One", Effect: "Allow", Action: "sns:Publish", Resource: "arn:topic" }],
  });
});

test("a role trusts one service, and that for one account alone", () => {
  expect(JSON.parse(trust("glue.amazonaws.com", "123456789012")).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "glue.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    },
  ]);
});

test("a condition is there only where one is given", () => {
  expect(allow("A", "a:B", "c")).not.toHaveProperty("Condition");
  expect(allow("A", "a:B", "c", { Bool: { d: "true" } }).Condition).toEqual({
    Bool: { d: "true" },
  });
});

test("listing is held to the prefixes", () => {
  expect(listPrefixes("Raw", BUCKET, ["raw/"])).toEqual({
    Sid: "Raw",
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: BUCKET,
    Condition: { StringLike: { "s3:prefix": ["raw/*"] } },
  });
});

test("reading is listing and getting under the prefixes, and no writing", () => {
  const [list, read, ...more] = readPrefixes("Raw", BUCKET, ["raw/", "temp/"]);
  expect(more).toEqual([]);
  expect(list).toEqual(listPrefixes("RawList", BUCKET, ["raw/", "temp/"]));
  expect(read).toEqual(allow("RawRead", "s3:GetObject", [`${BUCKET}/raw/*`, `${BUCKET}/temp/*`]));
});

test("writing is reading, putting, deleting and giving up uploads, and asking for the folder itself", () => {
  const [list, write, folders, ...more] = writePrefixes("Out", BUCKET, ["processed/"]);
  expect(more).toEqual([]);
  expect(list).toEqual(
    allow("OutList", "s3:ListBucket", BUCKET, {
      StringLike: { "s3:prefix": ["processed", "processed/*"] },
    }),
  );
  expect(write).toEqual(
    allow(
      "OutWrite",
      ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      [`${BUCKET}/processed/*`],
    ),
  );
  expect(folders).toEqual(allow("OutFolders", "s3:GetObject", [`${BUCKET}/processed`]));
});

test("logs are written to a group's streams; the group itself is not made", () => {
  const { Action, Resource } = writeLogs("arn:group");
  expect(Action).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
  expect(Resource).toBe("arn:group:*");
});

test("a role is handed to the one service that is named", () => {
  expect(passRole("arn:role", "emr-serverless.amazonaws.com")).toEqual(
    allow("PassRole", "iam:PassRole", "arn:role", {
      StringEquals: { "iam:PassedToService": "emr-serverless.amazonaws.com" },
    }),
  );
});

test("a service is let in under a condition", () => {
  const condition = { ArnEquals: { "aws:SourceArn": "arn:rule" } };
  expect(allowService("S", "events.amazonaws.com", "sqs:SendMessage", "arn:q", condition)).toEqual({
    Sid: "S",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: "arn:q",
    Condition: condition,
  });
});

test("everything is denied without TLS, to the bucket and to its objects", () => {
  expect(denyInsecureTransport("s3:*", [BUCKET, `${BUCKET}/*`])).toMatchObject({
    Effect: "Deny",
    Principal: "*",
    Resource: [BUCKET, `${BUCKET}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
});
