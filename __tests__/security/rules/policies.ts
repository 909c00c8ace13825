/** Who may do what: exact actions on exact resources, for services of this account alone. */
import {
  type Comparison,
  comparisonsOf,
  list,
  type PlacedStatement,
  statementsOf,
} from "./documents";
import { type Rule, resources, type Subject, verdict } from "./rule";

/** The account itself, to which a key's policy leaves what its IAM policies say. */
const ACCOUNT_ROOT =
  /^arn:\$\{data\.aws_partition\.\w+\.partition\}:iam::\$\{data\.aws_caller_identity\.\w+\.account_id\}:root$/;

/** An ARN of this account by its service; what stands after it is the type and the name. */
const OWN =
  "arn:\\$\\{data\\.aws_partition\\.\\w+\\.partition\\}:[a-z0-9-]+:[a-z0-9-]+:\\$\\{data\\.aws_caller_identity\\.\\w+\\.account_id\\}";

/** Resources without a star: of the stack, what is in one, or of this account by service and name. */
const ONE = [
  /^\$\{aws_\w+\.\w+\.arn\}(\/[\w./-]+)?$/,
  new RegExp(`^${OWN}:[\\w-]+([:/][\\w./:-]+)?$`),
];

/** The only resources with a star: what is in one thing, or under a folder of it. */
export const WITHIN: readonly RegExp[] = [
  /^\$\{aws_s3_bucket\.\w+\.arn\}\/[\w./-]+\/\*$/,
  /^\$\{aws_cloudwatch_log_group\.\w+\.arn\}:\*$/,
  /^\$\{aws_emrserverless_application\.\w+\.arn\}\/jobruns\/\*$/,
  new RegExp(`^${OWN}:execution:[\\w-]+:\\*$`),
  new RegExp(`^${OWN}:table/\\w+/\\*$`),
];

const BUCKET = /^\$\{aws_s3_bucket\.\w+\.arn\}\/\*$/;

/** What these let through is narrowed by the policies of the roles, or is a bucket's own. */
export const WIDER: Readonly<Record<string, readonly RegExp[]>> = {
  aws_s3_bucket_policy: [BUCKET],
  aws_vpc_endpoint: [
    BUCKET,
    new RegExp(`^${OWN}:(database/|table/\\*/|log-group:)\\*$`),
    /^arn:\$\{data\.aws_partition\.\w+\.partition\}:s3:::prod\.[a-z0-9-]+\.appinfo\.src\/\*$/,
  ],
};

const perStatement = (
  name: string,
  judge: (
    placed: PlacedStatement,
    subject: Subject,
  ) => { expected: string; found: unknown; holds: boolean }[],
): Rule => ({
  name,
  check: (subject) =>
    statementsOf(subject).flatMap((placed) =>
      judge(placed, subject).map(({ expected, found, holds }) =>
        verdict(placed.where, expected, found, holds),
      ),
    ),
});

export const whole = perStatement("a statement says what it does", ({ statement }) => [
  {
    expected: "Effect with Action, and neither NotAction, NotResource nor NotPrincipal",
    found: Object.keys(statement),
    holds:
      ["Allow", "Deny"].includes(statement.Effect) &&
      list(statement.Action).length > 0 &&
      !Object.keys(statement).some((key) => key.startsWith("Not")),
  },
]);

export const actions = perStatement("nothing is allowed by an action with a star", (placed) =>
  placed.statement.Effect === "Allow"
    ? list(placed.statement.Action).map((action) => ({
        expected: "one action",
        found: action,
        holds: /^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action),
      }))
    : [],
);

/** `*` by itself is judged by the table of actions: iam/wildcards.ts. */
export const everyResource = perStatement("nothing is allowed on every resource", (placed) =>
  placed.statement.Effect === "Allow"
    ? list(placed.statement.Resource)
        .filter((resource) => resource !== "*")
        .map((resource) => ({
          expected: "resources by their ARNs, with a star for what is in one of them alone",
          found: resource,
          holds: [...ONE, ...WITHIN, ...(WIDER[placed.type] ?? [])].some((shape) =>
            shape.test(resource),
          ),
        }))
    : [],
);

/** Lambda is not documented to say which account it takes an execution role for. */
export const trust = perStatement("a role is a service's of this account", (placed) => {
  if (placed.document !== "assume_role_policy") return [];
  const { Principal, Condition, Action } = placed.statement;
  const service = Principal?.Service;
  const account = Condition?.StringEquals?.["aws:SourceAccount"];
  const byAccount =
    service === "lambda.amazonaws.com"
      ? Condition === undefined
      : /^\$\{data\.aws_caller_identity\.\w+\.account_id\}$/.test(account ?? "");
  return [
    {
      expected: "sts:AssumeRole by one service",
      found: { Action, Principal },
      holds:
        Action === "sts:AssumeRole" &&
        typeof service === "string" &&
        Object.keys(Principal).length === 1,
    },
    { expected: "this account as aws:SourceAccount", found: Condition, holds: byAccount },
  ];
});

/** Operators that hold only where the key is there and is what is asked for. */
const POSITIVE = ["StringEquals", "StringLike", "ArnEquals", "ArnLike"];

function isOfThisAccount({ operator, key, values }: Comparison): boolean {
  return (
    POSITIVE.includes(operator) &&
    /^(aws:Source(Account|Arn)|kms:EncryptionContext:(aws:logs:arn|SourceArn))$/.test(key) &&
    values.length > 0 &&
    values.every((one) =>
      /\$\{(data\.aws_caller_identity\.\w+\.account_id|aws_\w+\.\w+\.arn)\}/.test(one),
    )
  );
}

/** Nobody is let in by a resource but a service that acts for this account, or the account. */
export const guests = perStatement(
  "a resource lets in services of this account alone",
  (placed) => {
    const { Effect, Principal, Condition } = placed.statement;
    if (Effect !== "Allow" || placed.document !== "policy" || placed.type === "aws_iam_role_policy")
      return [];
    if (placed.type === "aws_vpc_endpoint") return [];
    const isAccount = list(Principal?.AWS).some((one) => ACCOUNT_ROOT.test(one));
    const kinds = Object.keys(Object(Principal));
    return [
      {
        expected: "one service, or this account",
        found: Principal,
        holds: isAccount
          ? kinds.join() === "AWS" && list(Principal.AWS).length === 1
          : kinds.join() === "Service" && typeof Principal.Service === "string",
      },
      {
        expected: "a condition that names the account or the resource it acts for",
        found: Condition,
        holds: isAccount || comparisonsOf(placed.statement).some(isOfThisAccount),
      },
    ];
  },
);

export const handedOver = perStatement(
  "a role is handed to one service alone",
  ({ statement }, subject) => {
    if (statement.Effect !== "Allow" || !list(statement.Action).includes("iam:PassRole")) return [];
    const own = resources(subject, "aws_iam_role").map(({ address }) => `\${${address}.arn}`);
    return [
      {
        expected: "iam:PassRole by itself, with one iam:PassedToService",
        found: statement,
        holds:
          statement.Action === "iam:PassRole" &&
          typeof statement.Condition?.StringEquals?.["iam:PassedToService"] === "string",
      },
      {
        expected: "iam:PassRole on one role of the stack",
        found: statement.Resource,
        holds: own.includes(statement.Resource),
      },
    ];
  },
);

/** A role may use the key where a service stores data under it, and not to decrypt at will. */
export const keyUse = perStatement("a key is used through services alone", (placed) => {
  const uses = list(placed.statement.Action).filter((action) =>
    /^kms:(Decrypt|Encrypt|GenerateDataKey\w*|ReEncrypt\w+|CreateGrant)$/.test(action),
  );
  if (placed.statement.Effect !== "Allow" || uses.length === 0) return [];
  return [
    {
      expected: "kms:ViaService, kms:EncryptionContext or aws:SourceAccount as a condition",
      found: placed.statement.Condition,
      holds: comparisonsOf(placed.statement).some(
        (one) =>
          POSITIVE.includes(one.operator) &&
          /^(kms:ViaService|kms:EncryptionContext:.+|aws:SourceAccount)$/.test(one.key) &&
          !one.values.includes("*"),
      ),
    },
    {
      expected: "each service of kms:ViaService by its name",
      found: placed.statement.Condition,
      holds: comparisonsOf(placed.statement).every(
        ({ key, values }) =>
          key.toLowerCase() !== "kms:viaservice" || !values.some((value) => /[*?]/.test(value)),
      ),
    },
  ];
});

/** What an account may ask of every role. */
export const roles: Rule = {
  name: "each role has the path and boundary that the environment asks for",
  check: (subject) =>
    resources(subject, "aws_iam_role").flatMap(({ address, block }) => {
      const { iam_role_path: path, iam_permissions_boundary: boundary } = subject.variables;
      return [
        verdict(address, `path ${path}`, block.path, block.path === path),
        verdict(
          address,
          `permissions_boundary ${boundary ?? "of none"}`,
          block.permissions_boundary,
          block.permissions_boundary === boundary,
        ),
        verdict(
          address,
          "no managed or inline policy beside its own",
          block.managed_policy_arns ?? block.inline_policy,
          block.managed_policy_arns === undefined && block.inline_policy === undefined,
        ),
      ];
    }),
};

/** Managed policies change by another's hand; who else may call a function is a rule of its own. */
export const strangers: Rule = {
  name: "no policy, user or permission but the roles' own",
  check: (subject) =>
    [
      "aws_iam_role_policy_attachment",
      "aws_iam_policy_attachment",
      "aws_iam_policy",
      "aws_iam_user",
      "aws_iam_access_key",
      "aws_lambda_function_url",
      "aws_kms_grant",
      "aws_glue_resource_policy",
    ].map((type) => {
      const found = resources(subject, type).map(({ address }) => address);
      return verdict(type, "none", found.join(", ") || undefined, found.length === 0);
    }),
};
