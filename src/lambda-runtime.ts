/** Runtime of the Lambda functions: the oldest Node.js that Lambda still creates functions with. */
export const LAMBDA_RUNTIME = "nodejs22.x";
