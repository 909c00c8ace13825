import { expect, test } from "vitest";
import { read } from "./scan";
import { SKIPS } from "./skips";
import { type CheckovFinding, findingInWords, judge } from "./verdict";

const finding = (check: string, address: string, stack = "data-lake-dev"): CheckovFinding => ({
  stack,
  address,
  check,
  title: "Ensure something",
});
const skip = { check: "CKV_AWS_1", addresses: ["aws_s3_bucket.a"], reason: "because" };

test("a finding that nobody skips fails, in words that say where", () => {
  const { failed } = judge({ passed: 3, findings: [finding("CKV_AWS_2", "aws_s3_bucket.a")] }, [
    skip,
  ]);
  expect(failed.map(findingInWords)).toEqual([
    "data-lake-dev: aws_s3_bucket.a: Ensure something (CKV_AWS_2)",
  ]);
});

test("a skip is of one check on one resource, in every stack that has it", () => {
  const findings = [
    finding("CKV_AWS_1", "aws_s3_bucket.a"),
    finding("CKV_AWS_1", "aws_s3_bucket.a", "data-lake-prod"),
    finding("CKV_AWS_1", "aws_s3_bucket.ab"),
  ];
  const { failed, skipped, stale } = judge({ passed: 0, findings }, [skip]);
  expect(failed).toEqual([findings[2]]);
  expect(skipped.get(skip)).toBe(2);
  expect(stale).toEqual([]);
});

test("an entry that skips nothing is stale, also where another address of it is needed", () => {
  const wide = { ...skip, addresses: ["aws_s3_bucket.a", "aws_s3_bucket.gone"] };
  const { stale } = judge({ passed: 0, findings: [finding("CKV_AWS_1", "aws_s3_bucket.a")] }, [
    wide,
  ]);
  expect(stale).toEqual(["CKV_AWS_1 aws_s3_bucket.gone"]);
});

test("each entry says why, in more than a word, and no check and address stand twice", () => {
  for (const { check, addresses, reason } of SKIPS) {
    expect(check).toMatch(/^CKV2?_AWS_\d+$/);
    expect(reason.length, check).toBeGreaterThan(40);
    expect(addresses.length, check).toBeGreaterThan(0);
  }
  const pairs = SKIPS.flatMap(({ check, addresses }) => addresses.map((one) => `${check} ${one}`));
  expect([...new Set(pairs)]).toEqual(pairs);
});

const check = (file_path: string) => ({
  check_id: "CKV_AWS_1",
  check_name: "Ensure something",
  resource: "aws_s3_bucket.a",
  file_path,
});
const said = (parts: object) =>
  `warning: slow\n${JSON.stringify({
    results: { passed_checks: [], failed_checks: [], parsing_errors: [], ...parts },
  })}`;

test("Checkov's JSON is read, whatever it says before", () => {
  const report = read(
    said({ passed_checks: [check("/a.json")], failed_checks: [check("/b.json")] }),
    ["a", "b"],
  );
  expect(report).toEqual({ passed: 1, findings: [finding("CKV_AWS_1", "aws_s3_bucket.a", "b")] });
});

test("a stack that Checkov said nothing of, a file it could not read and a crash are errors", () => {
  const one = said({ passed_checks: [check("/a.json")] });
  expect(() => read(one, ["a", "b"])).toThrow("Checkov did not look at b.");
  expect(() => read(said({ parsing_errors: ["/b.json"] }), [])).toThrow(
    'Checkov could not read ["/b.json"].',
  );
  expect(() => read("Traceback", ["a"])).toThrow("something else than its JSON:\nTraceback");
  expect(() => read('{"passed": 0}', ["a"])).toThrow("something else than its JSON");
});
