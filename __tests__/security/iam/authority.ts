/** Which of a stack's policies have a say in a request, and what they come to. */
import { accountOf, type Decision, type Document, decide, type Request } from "./evaluate";
import { arnsOf, type Policy, type ResolvedStack } from "./resolve";

/** Prefixes of actions whose endpoint has another name. */
const ENDPOINTS: Readonly<Record<string, string>> = { cloudwatch: "monitoring" };

/** Judges requests by the policies of one stack. */
export class Authority {
  private readonly byTarget = new Map<string, Policy[]>();
  private readonly workers: ReadonlySet<string>;
  private readonly boundaries: ReadonlyMap<string, Document>;
  /** Whether the network has no way out but its endpoints. */
  private readonly isClosed: boolean;

  /**
   * @param policies those of the stack, or a changed set of them
   * @param documents of permissions boundaries, by ARN, since they are not part of the stack
   */
  constructor(
    private readonly stack: ResolvedStack,
    policies: readonly Policy[] = stack.policies,
    documents: Readonly<Record<string, Document>> = {},
  ) {
    for (const policy of policies) {
      const place = placeOf(policy);
      this.byTarget.set(place, [...(this.byTarget.get(place) ?? []), policy]);
    }
    this.workers = workersOf(stack);
    this.isClosed = stack.configuration.resource?.aws_nat_gateway === undefined;
    this.boundaries = new Map(
      arnsOf(stack, "aws_iam_role").flatMap(({ arn, block }) => {
        if (block.permissions_boundary === undefined) return [];
        const document = documents[stack.references.text(block.permissions_boundary)];
        return document === undefined ? [] : [[arn, document]];
      }),
    );
  }

  decide(request: Request): Decision {
    const { principal } = request;
    return decide(request, {
      identity: this.at("identity", principal),
      resource: this.at("resource", ownerOf(request)),
      boundary: this.boundaries.get(principal),
      endpoint: this.endpointOf(request),
      resourceAccount: this.stack.account,
    });
  }

  /**
   * The same for somebody whose own policies are not the stack's: a person who administers the
   * account, or a role of another one. Their own policies are taken to allow everything.
   */
  decideFor(request: Request): Decision {
    return decide(request, {
      identity: [EVERYTHING],
      resource: this.at("resource", ownerOf(request)),
      resourceAccount: this.stack.account,
    });
  }

  /** What a role's own policies come to, where the resource or key leaves all to them. */
  decideAlone(request: Request): Decision {
    const { principal } = request;
    return decide(request, {
      identity: this.at("identity", principal),
      resource: [leftToIam(this.stack.account)],
      boundary: this.boundaries.get(principal),
      resourceAccount: this.stack.account,
    });
  }

  /** What an endpoint's policy comes to for a call that all others allow. */
  decidePassing(request: Request): Decision {
    return decide(request, {
      identity: [EVERYTHING],
      endpoint: this.endpointFor(request.action),
      ...(accountOf(request.principal) === undefined && { resource: [OPEN] }),
    });
  }

  private at(kind: "identity" | "resource" | "endpoint", target: string): readonly Policy[] {
    return this.byTarget.get(`${kind} ${target}`) ?? [];
  }

  /** What Spark's workers send goes through the VPC's endpoints; what AWS sends for them not. */
  private endpointOf({ principal, action, context }: Request): Document | undefined {
    if (!this.workers.has(principal) || context["kms:ViaService"] !== undefined) return undefined;
    return this.endpointFor(action) ?? (this.isClosed ? noWayTo(action) : undefined);
  }

  private endpointFor(action: string): Document | undefined {
    const [service = ""] = action.split(":");
    return this.at("endpoint", ENDPOINTS[service] ?? service)[0];
  }
}

/** A resource of AWS's own, which lets its services in. */
const OPEN: Document = {
  name: "a resource of AWS's own",
  statements: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
};

/** A service without an endpoint, where there is no other way out. */
function noWayTo(action: string): Document {
  return { name: `a network without an endpoint for ${action.split(":")[0]}`, statements: [] };
}

const EVERYTHING: Document = {
  name: "policies of the caller's own",
  statements: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/** A resource's policy that leaves everything to the policies of the account's roles. */
function leftToIam(account: string): Document {
  const Principal = { AWS: account };
  return {
    name: "a resource that leaves it to IAM",
    statements: [{ Effect: "Allow", Principal, Action: "*", Resource: "*" }],
  };
}

/** Whether a policy may have a say in a request. */
export function concerns(policy: Policy, request: Request): boolean {
  const place = placeOf(policy);
  return (
    policy.kind === "endpoint" ||
    place === `identity ${request.principal}` ||
    place === `resource ${ownerOf(request)}`
  );
}

function placeOf({ kind, target }: Policy): string {
  return kind === "identity" || kind === "endpoint" ? `${kind} ${target}` : `resource ${target}`;
}

/** ARN that the policy of a request's resource hangs on: an object's is its bucket's. */
function ownerOf({ resource }: Request): string {
  return /^arn:[\w-]+:s3:::[^/]+/.exec(resource)?.[0] ?? resource;
}

/** Roles of jobs whose application is in the VPC. */
function workersOf({ configuration, policies }: ResolvedStack): Set<string> {
  const applications = Object.values(configuration.resource?.aws_emrserverless_application ?? {});
  if (!applications.some((block) => block.network_configuration)) return new Set();
  return new Set(
    policies
      .filter(
        ({ kind, statements }) =>
          kind === "trust" && JSON.stringify(statements).includes("emr-serverless."),
      )
      .map(({ target }) => target),
  );
}
