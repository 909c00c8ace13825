/** Texts of a synthesized stack as AWS gets them: the longest that each reference may stand for. */

/** As long as a bucket's name may be. */
const LONGEST = "x".repeat(63);
const PARTITION = "aws-us-gov";
const PLACE = "ap-northeast-1:123456789012";
const KEY_ID = "00000000-0000-0000-0000-000000000000";

const REFERENCES: readonly (readonly [RegExp, string])[] = [
  [/^data\.aws_partition\.\w+\.partition$/, PARTITION],
  [/^data\.aws_caller_identity\.\w+\.account_id$/, "123456789012"],
  [/^aws_kms_key\.\w+\.arn$/, `arn:${PARTITION}:kms:${PLACE}:key/${KEY_ID}`],
  [/^aws_s3_bucket\.\w+\.arn$/, `arn:${PARTITION}:s3:::${LONGEST}`],
  [/^aws_\w+\.\w+\.(arn|id|name|bucket)$/, `arn:${PARTITION}:emr-serverless:${PLACE}:/${LONGEST}`],
];

/**
 * Characters as IAM counts them, without white space.
 * @throws Error at a reference of unknown length
 */
export function characters(text: string): number {
  return text
    .replaceAll(/\$\{([^}]*)\}/g, (_, reference: string) => {
      const [, value] = REFERENCES.find(([pattern]) => pattern.test(reference)) ?? [];
      if (value === undefined) throw new Error(`how long is ${reference}?`);
      return value;
    })
    .replaceAll(/\s/g, "").length;
}
