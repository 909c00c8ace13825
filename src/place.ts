/** Where in AWS a lake is: what every ARN begins with. */
export class Place {
  constructor(
    /** `aws`, or `aws-us-gov`. */
    readonly partition: string,
    readonly region: string,
    readonly accountId: string,
  ) {}

  /** ARN of something by its name, also before it is there. */
  arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.accountId}:${resource}`;
  }

  /** Buckets are global: their ARNs name no region and no account. */
  bucketArn(name: string): string {
    return `arn:${this.partition}:s3:::${name}`;
  }
}
