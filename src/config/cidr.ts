/** IPv4 blocks, as a VPC takes them. */

/**
 * Whether `10.0.0.0/16` and the like may be this VPC's: /16, the largest that AWS takes, to /24,
 * which four subnets still fit. AWS refuses `10.0.0.1/16`: the bits after the prefix must be zero.
 */
export function isVpcBlock(cidr: string): boolean {
  const [address = "", prefix] = cidr.split("/");
  const bits = Number(prefix);
  const value = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return bits >= 16 && bits <= 24 && value % 2 ** (32 - bits) === 0;
}
