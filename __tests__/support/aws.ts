/** The account and the key that constructs are tested with. */
import { Place } from "../../src/place";

export const PLACE = new Place("aws", "us-east-1", "123456789012");
export const KEY = { arn: PLACE.arn("kms", "key/k"), region: PLACE.region };
