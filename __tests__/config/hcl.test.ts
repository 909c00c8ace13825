import { expect, test } from "vitest";
import { hclOf, readHcl } from "../../src/config/hcl";
import { variablesSchema } from "../../src/config/schema";

test("a value in HCL is that value to Terraform's parser", async () => {
  const values = {
    ...variablesSchema.parse({}),
    odd: { "a key": [], 'q"\n\\': [true, { deep: -0.5 }], none: {} },
  };
  const text = Object.entries(values).map(([name, value]) => `${name} = ${hclOf(value)}\n`);
  expect((await readHcl("it.tfvars", text.join(""))).values).toEqual(values);
});

test("a field that is not set is not there, and no text becomes an expression", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what would be an expression
  expect(hclOf({ a: 1, b: undefined, c: "${d} %{e}" })).toBe('{ a = 1, c = "$${d} %%{e}" }');
});
