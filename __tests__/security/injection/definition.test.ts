/** The state machine: what comes from outside is a value in it, never a part of what it does. */
import { beforeAll, describe, expect, test } from "vitest";
import { definition } from "../../../src/orchestration/definition";
import { DEFINITION_PROPS } from "../../support/definition-props";
import { environments } from "../../support/lake";
import { HOSTILE } from "./hostile";
import { all, evaluate, type Part, parse } from "./intrinsics";

/** A field of the definition, by its path in there. */
type Field = readonly [path: string, value: unknown];

function fields(value: unknown, path = ""): Field[] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => fields(inner, `${path}/${key}`));
}

/** Definitions of every environment, and one of props by hand. */
let definitions: [name: string, fields: Field[]][];

beforeAll(async () => {
  definitions = [
    ["by hand", fields(definition(DEFINITION_PROPS))],
    ...Object.entries(await environments()).map(([name, { lake }]): [string, Field[]] => [
      name,
      fields(
        JSON.parse(
          lake
            .resource("aws_sfn_state_machine", "etl_pipeline")
            // References that Terraform fills in: ids and ARNs.
            .definition.replaceAll(/\$\{[^}]*\}/g, "REF"),
        ),
      ),
    ]),
  ];
});

/** Every intrinsic with its place. */
const intrinsics = (): [where: string, part: Part][] =>
  definitions.flatMap(([name, of]) =>
    of
      .filter(([path, value]) => path.endsWith(".$") && String(value).startsWith("States."))
      .map(([path, value]): [string, Part] => [`${name}${path}`, parse(String(value))]),
  );

test("what is computed is a path or an intrinsic that parses to its end", () => {
  expect(intrinsics().length).toBeGreaterThan(20);
  for (const [name, of] of definitions)
    for (const [path, value] of of)
      if (path.endsWith(".$")) expect(() => parse(String(value)), `${name}${path}`).not.toThrow();
});

test("no text in an intrinsic could end itself, nor escape", () => {
  for (const [where, whole] of intrinsics())
    for (const part of all(whole))
      if (part.kind === "text") expect(part.value, where).toMatch(/^[\w:/.{}# ,;-]*$/);
});

test("a format is a constant with a place for each value", () => {
  for (const [where, whole] of intrinsics())
    for (const part of all(whole))
      if (part.kind === "call" && part.name === "States.Format") {
        const [template, ...values] = part.parts;
        expect(template?.kind, where).toBe("text");
        const places = template?.kind === "text" ? template.value.match(/\{\}/g) : [];
        expect(places, where).toHaveLength(values.length);
      }
});

test("nothing that decides what is done, or as whom, comes from an input", () => {
  const CONSTANT =
    /(^|\/)(Resource|EntryPoint|SparkSubmitParameters|ApplicationId|ExecutionRoleArn|TopicArn|TableName|FunctionName|LogUri|LogGroupName|\w*Expression)\.\$$/;
  const computed = definitions.flatMap(([, of]) =>
    of.filter(([path]) => CONSTANT.test(path)).map(([path, value]) => `${path} = ${value}`),
  );
  expect(computed).toEqual([]);
  for (const [, of] of definitions)
    for (const [path, value] of of)
      if (path.endsWith("/SparkSubmitParameters"))
        for (const word of String(value).split(" "))
          expect(word).toMatch(/^(--py-files|--conf|s3:\/\/[\w./-]+|spark\.[\w.-]+=[\w./:-]+)$/);
});

describe("the job's arguments, given hostile", () => {
  const start = definition(DEFINITION_PROPS).States.StartEMRJob as {
    Parameters: { JobDriver: { SparkSubmit: { "EntryPointArguments.$": string } } };
  };
  const program = parse(start.Parameters.JobDriver.SparkSubmit["EntryPointArguments.$"]);
  const given = (value: string) =>
    evaluate(program, {
      "$.source": value,
      "$.taken.days": [value],
      "$$.Execution.Name": value,
    }) as string[];

  test.each(Object.entries(HOSTILE))(
    "source, days and name (%s), are as many, each its own",
    (_, text) => {
      const plain = given("x");
      const hostile = given(text);
      expect(hostile).toEqual(
        plain.map((argument) =>
          argument === '["x"]'
            ? JSON.stringify([text])
            : argument === "x"
              ? text
              : argument.replace("/runs/x/", () => `/runs/${text}/`),
        ),
      );
    },
  );
});

describe("the reader of intrinsics", () => {
  test.each(["States.Format('a'b', $.x)", "States.Array($.x", "States.Array('x\\')", "$.x y", "x"])(
    "refuses %s",
    (text) => expect(() => parse(text)).toThrow(),
  );
});
