/** asl-validator 4 carries no types. */
declare module "asl-validator" {
  export default function validate(definition: unknown): {
    readonly isValid: boolean;
    errorsText(): string;
  };
}
