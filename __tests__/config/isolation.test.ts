/** A fault of one environment is no other's, and a secret is nobody's. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ReadOptions, readEnvironments } from "../../src/config/environment";
import { EnvironmentError, formatFaults } from "../../src/config/faults";
import { folderWith } from "../support/folder";

describe("a fault in prod", () => {
  test.each<[what: string, text: string]>([
    ["of syntax", "project =\n"],
    ["of a type", 'emr_max_workers = "many"\n'],
    ["of a rule", "spark_max_executors = 50\n"],
    ["of a name", "emr_max_worker = 5\n"],
    ["of a block", 'tags {\n  Team = "data"\n}\n'],
  ])("%s leaves dev and staging to work on", async (_, text) => {
    const folder = folderWith({
      "dev.tfvars": 'project = "lake"\n',
      "prod.tfvars": text,
      "staging.tfvars.json": '{ "emr_max_workers": 6 }',
    });
    const { environments, faults } = await readEnvironments(folder);
    expect(environments.map(({ name }) => name)).toEqual(["dev", "staging"]);
    expect(environments[0]?.variables.project).toBe("lake");
    expect(environments[1]?.variables.emr_max_workers).toBe(6);
    expect(new Set(faults.map(({ origin }) => origin))).toEqual(
      new Set([join(folder, "prod.tfvars")]),
    );
  });

  test("of two files for one environment names both, and leaves dev", async () => {
    const folder = folderWith({ "dev.tfvars": "", "prod.tfvars": "", "prod.tfvars.json": "{}" });
    const { environments, faults } = await readEnvironments(folder);
    expect(environments.map(({ name }) => name)).toEqual(["dev"]);
    expect(formatFaults(faults).replaceAll(`${folder}/`, "")).toBe(
      "prod.tfvars: prod.tfvars.json describes the same environment. Keep one of the two files",
    );
  });

  test("and one in dev are told together, in order", async () => {
    const folder = folderWith({
      "prod.tfvars": "emr_max_workers = 0\nemr_worker_disk = 0\n",
      "dev.tfvars": "project =\n",
    });
    const { faults } = await readEnvironments(folder);
    expect(faults.map(({ origin, line }) => `${origin.slice(folder.length + 1)}:${line}`)).toEqual([
      "dev.tfvars:1",
      "prod.tfvars:1",
      "prod.tfvars:2",
    ]);
  });
});

describe("no message shows", () => {
  const SECRETS = ["hunter2hunter2", "mallory-at-example.org", "4915112345678", "correct horse"];
  const [password = "", email = "", phone = "", passphrase = ""] = SECRETS;

  /** All that is said of an environment read like this. */
  async function said(files: Readonly<Record<string, string>>, options: ReadOptions = {}) {
    const folder = folderWith({ "env/dev.tfvars": "", ...files });
    const varFiles = (options.varFiles ?? []).map((file) => join(folder, file));
    const result = await readEnvironments(join(folder, "env"), { ...options, varFiles }).catch(
      (error: unknown) => {
        if (!(error instanceof EnvironmentError)) throw error;
        return error;
      },
    );
    return formatFaults(result.faults);
  }

  const bodies = {
    "an e-mail that is none": `alert_emails = ["${email}"]\n`,
    "an e-mail that is a number": `alert_emails = [${phone}]\n`,
    "e-mails that are text": `alert_emails = "${email}"\n`,
    "e-mails that are a map": `alert_emails = { a = "${passphrase}" }\n`,
    "an e-mail in an expression": `alert_emails = ["\${var.x}${email}"]\n`,
    "an e-mail without its quotes": `alert_emails = [${password}]\n`,
    "a password that is no variable": `database_password = "${password}"\n`,
    "a password without its quotes": `database_password = ${password}\n`,
    "a password as a map": `database = { password = "${password}" }\n`,
    "a password in a block": `database {\n  password = "${password}"\n}\n`,
    "a password whose quote is open": `database_password = "${password}\n`,
    "two words without quotes": `database_password = ${password} ${password}\n`,
    "a password as unknown key": `sources = {\n  events = { format = "json", password = "${password}" }\n}\n`,
    "a password twice": `database_password = "${password}"\ndatabase_password = "${passphrase}"\n`,
  };

  test.each(Object.entries(bodies))("%s, in a file of either place", async (_, text) => {
    for (const words of [
      await said({ "env/dev.tfvars": text }),
      await said({ "a.tfvars": text }, { varFiles: ["a.tfvars"] }),
    ]) {
      expect(words).not.toBe("");
      for (const secret of SECRETS) expect(words).not.toContain(secret);
    }
  });

  test.each<[what: string, text: string]>([
    ["an e-mail", JSON.stringify({ alert_emails: [email, phone] }, null, 2)],
    ["a password", JSON.stringify({ database_password: password })],
    ["a password without quotes", `{ "database_password": ${password} }`],
    ["a password with an open quote", `{ "database_password": "${password} }`],
    ["two passwords", `{ "password": "${password}", "password": "${passphrase}" }`],
  ])("%s in JSON", async (_, text) => {
    for (const words of [
      await said({ "env/qa.tfvars.json": text }),
      await said({ "a.tfvars.json": text }, { varFiles: ["a.tfvars.json"] }),
    ]) {
      expect(words).not.toBe("");
      for (const secret of SECRETS) expect(words).not.toContain(secret);
    }
  });

  test.each([
    `alert_emails=["${email}"]`,
    `alert_emails=${email}`,
    `alert_emails=["${email}"`,
    `alert_emails=${password}`,
    `alert_emails="${passphrase}"`,
    `database_password=${password}`,
    password,
    `=${password}`,
  ])("the value of --var %s", async (flag) => {
    const words = [await said({}, { vars: [flag] })];
    const [name = "", value] = flag.split(/=(.*)/s);
    if (name === "alert_emails")
      words.push(await said({}, { env: { TF_VAR_alert_emails: value } }));
    for (const text of words) {
      expect(text).not.toBe("");
      for (const secret of SECRETS) expect(text).not.toContain(secret);
    }
  });

  test("what is handed over", async () => {
    const words = await said({}, { handover: { dev: { alert_emails: [email], token: password } } });
    expect(words).toContain("alert_emails.0");
    expect(words).toContain("token: unknown variable");
    for (const secret of SECRETS) expect(words).not.toContain(secret);
  });
});
