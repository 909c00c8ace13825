import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { environmentNames, readEnvironment, readEnvironments } from "../../src/config/environment";
import { EnvironmentError, type Fault, formatFaults } from "../../src/config/faults";
import { folderWith } from "../support/folder";
import { ROOT } from "../support/lake";

/** The faults of one file, without the folder that they lie in. */
async function faultsOf(text: string, name = "it"): Promise<Omit<Fault, "origin">[]> {
  const folder = folderWith({ [`${name}.tfvars`]: text });
  const error = await readEnvironment(folder, name).catch((e: unknown) => e);
  if (!(error instanceof EnvironmentError)) throw new Error(`not refused: ${text}`);
  return error.faults.map(({ origin, ...fault }) => {
    expect(origin).toBe(join(folder, `${name}.tfvars`));
    return fault;
  });
}

describe("environments", () => {
  test("are the files of the folder, sorted by name", async () => {
    const folder = folderWith({
      "b.tfvars": "",
      "a.tfvars": 'project = "lake"\n',
      "README.md": "",
      "c.tf": "",
    });
    expect(environmentNames(folder)).toEqual(["a", "b"]);
    const all = await readEnvironments(folder);
    expect(all.faults).toEqual([]);
    expect(all.environments.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(all.environments.map(({ variables }) => variables.project)).toEqual([
      "lake",
      "data-lake",
    ]);
  });

  test("of the project are sound", async () => {
    const all = await readEnvironments(join(ROOT, "env"));
    expect(all.faults).toEqual([]);
    expect(all.environments.map(({ name }) => name)).toEqual(["dev", "local", "prod", "staging"]);
  });

  test("that no file describes are refused, with those that there are", async () => {
    const folder = folderWith({ "dev.tfvars": "", "prod.tfvars": "" });
    await expect(readEnvironment(folder, "pord")).rejects.toThrow(
      `${join(folder, "pord.tfvars")}: no such environment; there are: dev, prod`,
    );
  });

  test.each(["a", "dev", "feature-1", "a".repeat(16)])("may be called %s", async (name) => {
    const folder = folderWith({ [`${name}.tfvars`]: "" });
    expect((await readEnvironment(folder, name)).name).toBe(name);
  });

  test.each(["Dev", "1dev", "-dev", "dev-", "my_env", "dev.auto", "a".repeat(17)])(
    "may not be called %s, which AWS names cannot end with",
    async (name) => {
      const [fault] = await faultsOf("", name);
      expect(fault?.message).toMatch(/^the file's name is the environment's: .* Rename it$/);
    },
  );
});

describe("a fault", () => {
  test("says file, line, variable, what is allowed and what it got", async () => {
    expect(await faultsOf('project = "lake"\n\nemr_max_workers = 0\n')).toEqual([
      {
        line: 3,
        variable: "emr_max_workers",
        message:
          "expected a whole number of workers from 1 to 10000; got 0. Set emr_max_workers = 4",
      },
    ]);
  });

  test("inside a map says the path, and its own line", async () => {
    const text = 'sources = {\n  flights = { format = "xml" }\n}\n';
    expect(await faultsOf(text)).toEqual([
      {
        line: 2,
        variable: "sources.flights.format",
        message: expect.stringMatching(/^expected "json" or "csv"; got "xml"\. /),
      },
    ]);
  });

  test("has the line of the variable itself, not of a key of the same name before it", async () => {
    const text = 'tags = {\n  project = "mine"\n}\nproject = "MINE"\n';
    expect(await faultsOf(text)).toMatchObject([{ line: 4, variable: "project" }]);
  });

  test("in a map's key says what keys are allowed", async () => {
    const [fault] = await faultsOf('sources = { "my-source" = { format = "json" } }\n');
    expect(fault).toEqual({
      line: 1,
      variable: "sources.my-source",
      message:
        'expected a name of lower-case letters, digits and underscores, at most 63; got "my-source". Rename it',
    });
  });

  test("of a rule stands at the variable to change", async () => {
    expect(await faultsOf("raw_glacier_days = 30\n")).toEqual([
      {
        line: 1,
        variable: "raw_glacier_days",
        message:
          "must be later than raw_intelligent_tiering_days (90); got 30. Set raw_glacier_days = 91 or raw_intelligent_tiering_days = 29",
      },
    ]);
  });

  test("of a default stands at the line that it is at odds with", async () => {
    const faults = await faultsOf("\nraw_intelligent_tiering_days = 365\n");
    expect(faults).toMatchObject([{ line: 2, variable: "raw_glacier_days" }]);
  });

  test.each([
    ["emr_max_worker", "emr_max_workers"],
    ["spark_max_executor", "spark_max_executors"],
    ["aws_regoin", "aws_region"],
    ["enable-vpc", "enable_vpc"],
  ])("of the unknown name %s suggests %s", async (written, meant) => {
    expect(await faultsOf(`${written} = 1\n`)).toEqual([
      { line: 1, variable: written, message: `unknown variable. Did you mean ${meant}?` },
    ]);
  });

  test("of a name like no other suggests none", async () => {
    const [fault] = await faultsOf("zzz = 1\n");
    expect(fault?.message).not.toContain("Did you mean");
  });

  test("comes with all others of its file, and stops no other environment", async () => {
    const folder = folderWith({
      "a.tfvars": 'emr_max_workers = 0\nemr_worker_cpu = 3\nfoo = "x"\nraw_glacier_days = 1\n',
      "b.tfvars": "spark_executor_instances = 3\n",
      "c.tfvars": "",
    });
    const { environments, faults } = await readEnvironments(folder);
    expect(environments.map(({ name }) => name)).toEqual(["c"]);
    expect(formatFaults(faults).split("\n")).toEqual([
      expect.stringMatching(/a\.tfvars:1: emr_max_workers: /),
      expect.stringMatching(/a\.tfvars:2: emr_worker_cpu: /),
      expect.stringMatching(/a\.tfvars:3: foo: unknown variable/),
      // A rule between sound variables is judged although others are faulty.
      expect.stringMatching(/a\.tfvars:4: raw_glacier_days: must be later/),
      expect.stringMatching(/b\.tfvars:1: spark_max_executors: dynamic allocation/),
    ]);
  });
});

describe("syntax", () => {
  test.each([
    ["an unclosed map", "sources = {\n  a = 1\n", 3, /^syntax: Missing expression/],
    ["no value", "project =\n", 1, /^syntax: Invalid expression/],
    ["a name twice", 'project = "a"\nproject = "b"\n', 2, /redefined.*already set at line 1\./],
  ])("with %s is refused with its line", async (_, text, line, message) => {
    const [fault, ...others] = await faultsOf(text);
    expect(others).toEqual([]);
    expect(fault?.line).toBe(line);
    expect(fault?.message).toMatch(message);
  });

  test.each(["2 + 3", "var.workers", "max(1, 2)", "true ? 5 : 6"])(
    "%s is an expression, which a tfvars file does not hold",
    async (expression) => {
      const faults = await faultsOf(`emr_max_workers = ${expression}\n`);
      expect(faults).toContainEqual({
        line: 1,
        variable: "emr_max_workers",
        message: "holds an expression, and plain values are expected. Write the value itself",
      });
    },
  );

  test("a reference inside a string is an expression too", async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
    const [fault] = await faultsOf('tags = {\n  Team = "x-${var.team}"\n}\n');
    expect(fault).toMatchObject({ line: 2, variable: "tags.Team" });
  });

  test("comments, heredocs and lists are read as Terraform reads them", async () => {
    const folder = folderWith({
      "it.tfvars": `# one
// two
/* project = "no" */
alert_emails = [
  "a@example.org", # of the day
  "b@example.org",
]
sources = {
  flights = {
    format = "json"
    schema = <<-DDL
      id BIGINT
    DDL
  }
}
`,
    });
    const { variables } = await readEnvironment(folder, "it");
    expect(variables.project).toBe("data-lake");
    expect(variables.alert_emails).toEqual(["a@example.org", "b@example.org"]);
    expect(variables.sources.flights?.schema?.trim()).toBe("id BIGINT");
  });
});
