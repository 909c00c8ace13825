/** The VPC, where there is one: endpoints, NAT gateways and their addresses. */
import type { Variables } from "../schema";
import type { Day } from "./day";
import { amount, type Line, line, MONTH_DAYS, MONTH_HOURS } from "./line";

/** Interface endpoints (Glue, CloudWatch Logs), in each of the two zones; S3's gateway is free. */
const ENDPOINTS = 2;
const ZONES = 2;
/** GB of a run that go through interface endpoints: logs, and some calls of the catalog. */
const ENDPOINT_GB_PER_RUN = 0.01;
/** GB of a run that go through NAT: the lake's own job sends none there, so what yours does is a guess. */
const NAT_GB_PER_RUN = 0.1;

export function networkLines(variables: Variables, day: Day): Line[] {
  const { enable_vpc, enable_nat_gateway, single_nat_gateway } = variables;
  const endpoints = enable_vpc ? ENDPOINTS * ZONES : 0;
  const gateways = enable_vpc && enable_nat_gateway ? (single_nat_gateway ? 1 : ZONES) : 0;
  const runs = enable_vpc ? day.runs * MONTH_DAYS : 0;
  const none = "enable_vpc = false: there is no network";
  const natBasis =
    gateways === 0
      ? "enable_nat_gateway = false, or no VPC"
      : `${gateways} × ${MONTH_HOURS} h; the job's own data takes S3's gateway`;
  return [
    line(
      "vpc.endpoints",
      "endpointHour",
      "interface endpoints",
      endpoints * MONTH_HOURS,
      enable_vpc
        ? `Glue and CloudWatch Logs in ${ZONES} zones × ${MONTH_HOURS} h; S3's gateway costs nothing`
        : none,
    ),
    line(
      "vpc.endpoints.data",
      "endpointGb",
      "data through endpoints",
      runs * ENDPOINT_GB_PER_RUN,
      enable_vpc
        ? `${amount(runs)} runs × ${ENDPOINT_GB_PER_RUN * 1000} MB of logs and catalog calls, as guessed`
        : none,
    ),
    line("vpc.nat", "natHour", "NAT gateways", gateways * MONTH_HOURS, natBasis),
    line("vpc.nat.addresses", "addressHour", "public addresses", gateways * MONTH_HOURS, natBasis),
    line(
      "vpc.nat.data",
      "natGb",
      "data through NAT",
      gateways === 0 ? 0 : runs * NAT_GB_PER_RUN,
      gateways === 0
        ? natBasis
        : `${amount(runs)} runs × ${NAT_GB_PER_RUN * 1000} MB, as guessed: the lake's own job sends none`,
    ),
  ];
}
