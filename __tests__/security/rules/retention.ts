/** What is to stay takes two acts to delete: taking the protection away, and deleting. */

import { ZONE_PREFIX } from "../../../src/naming";
import { attributes, demand, is } from "./attribute";
import { logBuckets } from "./buckets";
import { type Rule, resources, type Subject, target, valuesAt, verdict } from "./rule";

/** Buckets that no environment retains, each with the reason. */
export const EXPENDABLE: Readonly<Record<string, string>> = {
  "aws_s3_bucket.athena_results": "a query that is asked again gives its results again",
};

/** What Terraform itself refuses to destroy where data is retained. */
const PROTECTED = ["aws_s3_bucket", "aws_kms_key", "aws_glue_catalog_database"];

/** State is always retained: without it nothing that it describes can be changed. */
function retained({ kind, variables }: Subject): boolean {
  return kind === "state" || variables.retain_data;
}

export const protectedData: Rule = {
  name: "what is to stay refuses to be destroyed",
  check: (subject) =>
    PROTECTED.flatMap((type) =>
      resources(subject, type).map(({ address, block }) => {
        const wanted = retained(subject) && !(address in EXPENDABLE);
        const found = block.lifecycle?.prevent_destroy;
        return verdict(
          address,
          `prevent_destroy to be ${wanted}`,
          found,
          (found === true) === wanted,
        );
      }),
    ),
};

export const keptObjects: Rule = {
  name: "no bucket of data is emptied to be destroyed",
  check: (subject) =>
    resources(subject, "aws_s3_bucket").map(({ address, block }) => {
      const wanted = !(retained(subject) && !(address in EXPENDABLE));
      return verdict(
        address,
        `force_destroy to be ${wanted}`,
        block.force_destroy,
        block.force_destroy === wanted,
      );
    }),
};

/** Prefixes whose objects may end by themselves, in whichever bucket: scratch, and logs. */
const PASSING = [ZONE_PREFIX.temp, ZONE_PREFIX.logs];

/** A rule that lost its prefix would end everything that was ever landed. */
export const expirations: Rule = {
  name: "data does not end by itself",
  check(subject) {
    const logs = logBuckets(subject);
    return resources(subject, "aws_s3_bucket_lifecycle_configuration").flatMap(
      ({ address, block }) => {
        const bucket = target(block.bucket) ?? "";
        const all = bucket in EXPENDABLE || logs.has(bucket);
        return [block.rule].flat().flatMap((rule) => {
          const prefixes = valuesAt(rule, "filter.prefix");
          const ends = valuesAt(rule, "expiration.days").length > 0;
          const passing = PASSING.some((prefix) => prefix === prefixes[0]);
          return [
            verdict(address, `one prefix of rule ${rule?.id}`, prefixes, prefixes.length === 1),
            ...(ends
              ? [verdict(address, `${PASSING} as what ends`, prefixes, all || passing)]
              : []),
          ];
        });
      },
    );
  },
};

export const table = attributes("the table of locks can be had back", [
  demand("aws_dynamodb_table", "deletion_protection_enabled", ({ variables }) =>
    is(variables.retain_data),
  ),
  demand("aws_dynamodb_table", "point_in_time_recovery.enabled", is(true)),
]);
