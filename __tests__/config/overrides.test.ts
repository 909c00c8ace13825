/** What stands over an environment's file: TF_VAR_, then `--var-file`, then `--var`. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ReadOptions, readEnvironment } from "../../src/config/environment";
import { EnvironmentError } from "../../src/config/faults";
import { variablesSchema } from "../../src/config/schema";
import { folderWith } from "../support/folder";

/** Reads `dev` of a folder with these files; `{folder}` in an option is that folder. */
async function read(files: Readonly<Record<string, string>>, options: ReadOptions = {}) {
  const folder = folderWith({ "env/dev.tfvars": "", ...files });
  const varFiles = (options.varFiles ?? []).map((file) => join(folder, file));
  return readEnvironment(join(folder, "env"), "dev", { ...options, varFiles })
    .then(({ variables }) => variables)
    .catch((error: unknown) => {
      if (!(error instanceof EnvironmentError)) throw error;
      throw new Error(error.message.replaceAll(`${folder}/`, ""));
    });
}

/** What is refused, without the folder. */
const refusal = async (files: Readonly<Record<string, string>>, options: ReadOptions) =>
  read(files, options).then(
    () => "not refused",
    (error: Error) => error.message,
  );

describe("of two places that set a variable, the later wins:", () => {
  const PLACES: Record<
    string,
    (project: string) => { files?: Record<string, string>; options?: ReadOptions }
  > = {
    "env file": (value) => ({ files: { "env/dev.tfvars": `project = "${value}"\n` } }),
    TF_VAR_: (value) => ({ options: { env: { TF_VAR_project: value } } }),
    "first --var-file": (value) => ({
      files: { "a.tfvars": `project = "${value}"\n` },
      options: { varFiles: ["a.tfvars"] },
    }),
    "second --var-file, JSON": (value) => ({
      files: { "b.tfvars.json": JSON.stringify({ project: value }) },
      options: { varFiles: ["b.tfvars.json"] },
    }),
    "first --var": (value) => ({ options: { vars: [`project=${value}`] } }),
    "second --var": (value) => ({ options: { vars: [`project=${value}`] } }),
  };
  const names = Object.keys(PLACES);
  const pairs = names.flatMap((low, index) =>
    names.slice(index + 1).map((high) => [low, high] as const),
  );

  test.each(pairs)("%s < %s", async (low, high) => {
    const [below, above] = [PLACES[low]?.("low"), PLACES[high]?.("high")];
    const { project } = await read(
      { ...below?.files, ...above?.files },
      {
        env: { ...below?.options?.env, ...above?.options?.env },
        varFiles: [...(below?.options?.varFiles ?? []), ...(above?.options?.varFiles ?? [])],
        vars: [...(below?.options?.vars ?? []), ...(above?.options?.vars ?? [])],
      },
    );
    expect(project).toBe("high");
  });

  test("of two files, the one that is given last", async () => {
    const files = { "a.tfvars": 'project = "aa"\n', "b.tfvars": 'project = "bb"\n' };
    expect((await read(files, { varFiles: ["a.tfvars", "b.tfvars"] })).project).toBe("bb");
    expect((await read(files, { varFiles: ["b.tfvars", "a.tfvars"] })).project).toBe("aa");
  });

  test("each variable by itself, and a map whole, as Terraform merges", async () => {
    const variables = await read(
      {
        "env/dev.tfvars": 'project = "file"\nemr_max_workers = 6\ntags = { A = "1", B = "2" }\n',
        "a.tfvars": "emr_max_workers = 7\nraw_glacier_days = 200\n",
      },
      { varFiles: ["a.tfvars"], vars: ["raw_glacier_days=300", 'tags={ B = "3" }'] },
    );
    expect(variables).toMatchObject({
      project: "file",
      emr_max_workers: 7,
      raw_glacier_days: 300,
      tags: { B: "3" },
    });
    expect(variables.tags).not.toHaveProperty("A");
  });

  test("a value handed over wins over all", async () => {
    const options = { vars: ["project=var"], handover: { dev: { project: "handed" } } };
    expect((await read({}, options)).project).toBe("handed");
  });

  test("a value handed over to another environment is not this one's", async () => {
    const { project } = await read({}, { handover: { prod: { project: "handed" } } });
    expect(project).toBe("data-lake");
  });
});

describe("a value is read by the variable's type, as Terraform reads it:", () => {
  test.each<[given: string, name: string, value: unknown]>([
    ["bucket_suffix=55", "bucket_suffix", "55"],
    ["project=lake", "project", "lake"],
    ["account_id=012345678901", "account_id", "012345678901"],
    ["emr_max_workers=8", "emr_max_workers", 8],
    ["emr_max_workers= 8 ", "emr_max_workers", 8],
    ["emr_max_workers=1e1", "emr_max_workers", 10],
    ["emr_worker_cpu=4", "emr_worker_cpu", 4],
    ["monthly_budget_usd=12.5", "monthly_budget_usd", 12.5],
    ["enable_vpc=true", "enable_vpc", true],
    ["enable_vpc=false", "enable_vpc", false],
    ["enable_vpc=1", "enable_vpc", true],
    [
      'alert_emails=["a@example.org", "b@example.org"]',
      "alert_emails",
      ["a@example.org", "b@example.org"],
    ],
    ['tags={ Team = "a=b" }', "tags", { Team: "a=b" }],
    ['tags={"Team": "data"}', "tags", { Team: "data" }],
    // What is not said has its default, not the file's value: a map is replaced whole.
    [
      "workload={ gb_per_day = 50 }",
      "workload",
      { ...variablesSchema.parse({}).workload, gb_per_day: 50 },
    ],
    [
      'sources={ flights = { format = "csv" } }',
      "sources",
      { flights: { format: "csv", layout: "iceberg", max_quarantined_percent: 10 } },
    ],
    ["spark_driver_memory=4g", "spark_driver_memory", "4g"],
  ])("%s", async (given, name, value) => {
    const ofFlag = await read({}, { vars: [given] });
    expect(ofFlag[name as keyof typeof ofFlag]).toEqual(value);
    const [, text] = /=(.*)$/s.exec(given) ?? [];
    const ofShell = await read({}, { env: { [`TF_VAR_${name}`]: text } });
    expect(ofShell[name as keyof typeof ofShell]).toEqual(value);
  });

  test("text in quotes keeps them, and is told so", async () => {
    expect(await refusal({}, { vars: ['project="lake"'] })).toBe(
      '--var: project: expected lower-case letters, digits and inner hyphens; got "\\"lake\\"". Correct it, or remove it for the default, "data-lake"',
    );
  });

  test.each<[given: string, said: RegExp]>([
    ["emr_max_workers=many", /^--var: emr_max_workers: expected a whole number .* got "many"\. /],
    ["emr_max_workers=", /^--var: emr_max_workers: expected a whole number .* got ""\. /],
    ["enable_vpc=yes", /^--var: enable_vpc: expected true or false; got "yes"\. /],
    ["tags=Team", /^--var: tags: holds an expression/],
    [
      "tags={ Team = ",
      /^--var: tags: syntax: .* Write the value in HCL, in quotes for the shell: /,
    ],
    ['alert_emails=["a@example.org"', /^--var: alert_emails: syntax: .* in quotes for the shell/],
    ['tags={ A = "1" }\nproject = "x"', /^--var: tags: syntax: more than one value\. Write the/],
    [
      'tags={ A = "1", A = "2" }',
      /^--var: tags: syntax: A is set twice in one map, .*\. Write the/,
    ],
  ])("%j is refused", async (given, said) => {
    expect(await refusal({}, { vars: [given] })).toMatch(said);
  });
});

describe("what cannot be read is refused:", () => {
  test.each<[given: string, said: string]>([
    ["emr_max_workers", "--var: expected NAME=VALUE, such as --var emr_max_workers=8"],
    ["=8", "--var: expected NAME=VALUE, such as --var emr_max_workers=8"],
    ["emr_max_worker=8", "--var: emr_max_worker: unknown variable. Did you mean emr_max_workers?"],
    ["kubernetes=8", "--var: kubernetes: unknown variable. docs/variables.md lists the known ones"],
  ])("--var %s", async (given, said) => {
    expect(await refusal({}, { vars: [given] })).toBe(said);
  });

  test("a --var-file that is not there, or a folder", async () => {
    const said = "no such file; the path is taken from the working directory";
    expect(await refusal({ "a/b": "" }, { varFiles: ["none.tfvars", "a"] })).toBe(
      `--var-file none.tfvars: ${said}\n--var-file a: ${said}`,
    );
  });

  test("an unknown name in a --var-file, at its line", async () => {
    const files = { "a.tfvars": '\naws_regoin = "eu-west-1"\n' };
    expect(await refusal(files, { varFiles: ["a.tfvars"] })).toBe(
      "a.tfvars:2: aws_regoin: unknown variable. Did you mean aws_region?",
    );
  });

  test.each<[what: string, text: string, line: number, said: RegExp]>([
    ["a trailing comma", '{\n  "project": "lake",\n}\n', 3, /Remove a comma that nothing follows/],
    ["a key twice", '{\n  "project": "a",\n  "project": "b"\n}', 3, /"project" is set twice/],
    ["a list", "\n[]\n", 1, /expected one JSON object/],
    ["a string", '"project"', 1, /expected one JSON object/],
    ["nothing", "", 1, /expected one JSON object/],
    ["a comment", '{\n  "project": "lake" // ours\n}\n', 2, /JSON has no comments/],
    ["two objects", '{}\n{"project": "a"}', 2, /nothing is expected after the object/],
  ])("JSON with %s, as --var-file and as the environment's file", async (_, text, line, said) => {
    const [given, own] = [
      await refusal({ "a.tfvars.json": text }, { varFiles: ["a.tfvars.json"] }),
      await refusal({ "env/dev.tfvars.json": text }, {}).then((words) => words),
    ];
    expect(given).toMatch(said);
    expect(given.startsWith(`a.tfvars.json:${line}: syntax: `), given).toBe(true);
    expect(own).toContain("describes the same environment");
    const folder = folderWith({ "dev.tfvars.json": text });
    await expect(readEnvironment(folder, "dev")).rejects.toThrow(
      `${join(folder, "dev.tfvars.json")}:${line}: syntax: `,
    );
  });

  test("faults of several places at once, each with its own", async () => {
    const files = {
      "env/dev.tfvars": "\nemr_worker_disk = 19\nraw_glacier_days = 0\n",
      "a.tfvars": "# a\ncrawler_poll_seconds = 0\n",
    };
    const said = await refusal(files, {
      env: { TF_VAR_temp_expiration_days: "0" },
      varFiles: ["a.tfvars"],
      // It stands over the file's: that fault is gone.
      vars: ["log_retention_days=2", "raw_glacier_days=400"],
    });
    expect(
      said
        .split("\n")
        .map((line) => line.split(": expected")[0])
        .sort(),
    ).toEqual([
      "--var: log_retention_days",
      "TF_VAR_temp_expiration_days: temp_expiration_days",
      "a.tfvars:2: crawler_poll_seconds",
      "env/dev.tfvars:2: emr_worker_disk",
    ]);
  });

  test("all places that cannot be read are told of together", async () => {
    const said = await refusal(
      { "a.tfvars": "project =\n" },
      { env: { TF_VAR_tags: "{" }, varFiles: ["a.tfvars", "none.tfvars"], vars: ["x"] },
    );
    expect(said.split("\n").map((line) => line.split(":")[0])).toEqual([
      "TF_VAR_tags",
      "a.tfvars",
      "--var-file none.tfvars",
      "--var",
    ]);
  });

  test("--var that makes sound values unsound together is told with the numbers", async () => {
    const files = { "env/dev.tfvars": "spark_max_executors = 3\n" };
    expect(await refusal(files, { vars: ["emr_max_workers=3"] })).toMatch(
      /^--var: emr_max_workers: Spark asks for 8 vCPU \(driver 2 \+ 3 executors × 2\) where EMR allows 6 \(3 workers × 2\).* Set spark_max_executors = 2 with spark_executor_instances = 1 or emr_max_workers = 4$/,
    );
    // The same where the file says nothing of it.
    expect(await refusal({}, { vars: ["emr_max_workers=3"] })).toMatch(
      /^--var: emr_max_workers: Spark asks for 8 vCPU/,
    );
  });
});

describe("TF_VAR_", () => {
  test("of another name belongs to someone else", async () => {
    const env = {
      TF_VAR_emr_max_worker: "9",
      TF_VAR_other: "{",
      TF_VAR_: "x",
      tf_var_project: "x",
    };
    expect((await read({}, { env })).project).toBe("data-lake");
  });

  test("that is not set is none", async () => {
    expect((await read({}, { env: { TF_VAR_project: undefined } })).project).toBe("data-lake");
  });
});

test("--var-file may begin with a byte order mark, and have lines that end as on Windows", async () => {
  const files = {
    "a.tfvars": '\uFEFFproject = "lake"\r\ntags = {\r\n  Team = "data"\r\n}\r\n',
    "b.tfvars.json": '\uFEFF{\r\n"raw_glacier_days": 400\r\n}\r\n',
  };
  const variables = await read(files, { varFiles: ["a.tfvars", "b.tfvars.json"] });
  expect(variables).toMatchObject({
    project: "lake",
    tags: { Team: "data" },
    raw_glacier_days: 400,
  });
});
