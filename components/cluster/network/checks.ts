import type { StackConfig } from "../../config/stack";
import { advise, keyOf, set } from "../../config/problem";
import type { Rule } from "../../config/rule";

/** An IPv4 range as its first and last address. */
interface Range {
    readonly first: number;
    readonly last: number;
    readonly prefix: number;
}

const SIZE_OF_ALL = 2 ** 32;

function rangeOf(cidr: string): Range {
    const [address = "", length = ""] = cidr.split("/");
    const prefix = Number(length);
    const given = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    const size = SIZE_OF_ALL / 2 ** prefix;
    const first = given - (given % size);
    return { first, last: first + size - 1, prefix };
}

const addressOf = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

/** The range named by its first address, as Google Cloud requires. */
const canonical = ({ first, prefix }: Range): string => `${addressOf(first)}/${prefix}`;

const overlaps = (one: Range, other: Range): boolean => one.first <= other.last && other.first <= one.last;

/** Ranges that no subnet may use. Source: https://cloud.google.com/vpc/docs/subnets#prohibited-ranges */
const PROHIBITED = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32"];

/** Whether a subnet may have the range. */
const isAllowed = (range: Range): boolean => range.prefix >= 8 && !PROHIBITED.some((prohibited) => overlaps(range, rangeOf(prohibited)));

/** Number of nodes if all pools are at their maximum. A pool can reach its maximum from each source of capacity. */
const mostNodes = ({ systemPool, pools }: NonNullable<StackConfig["cluster"]>): number =>
    pools.reduce((sum, { maxNodes, capacity }) => sum + maxNodes * capacity.length, systemPool.maxNodes);

/** The smallest prefix length that still has this many addresses. */
const prefixFor = (addresses: number): number => 32 - Math.ceil(Math.log2(addresses));

const FIELDS = ["nodes", "pods", "services", "controlPlane"] as const;

/**
 * The ranges of a new cluster's network: each starts at its first address, is not prohibited by Google Cloud, overlaps no other range, and is large enough.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#cluster_sizing
 */
export const networkRanges: Rule<"cluster"> = ({ cluster }, report) => {
    if (cluster === undefined || cluster.existing) {
        return;
    }
    const nodes = mostNodes(cluster);
    const required = {
        // Google Cloud reserves four addresses of each subnet.
        nodes: { prefix: Math.min(29, prefixFor(nodes + 4)), reason: `the pools have up to ${nodes} nodes` },
        // GKE assigns each node a /24 for its 110 pods.
        pods: { prefix: Math.min(24, prefixFor(nodes) - 8), reason: `the pools have up to ${nodes} nodes, and each uses a /24` },
        services: { prefix: 27, reason: "GKE requires a /27 or larger" },
        controlPlane: { prefix: 28, reason: "GKE requires a /28" },
    };
    const ranges = FIELDS.map((field) => ({ field, cidr: cluster.network[field], range: rangeOf(cluster.network[field]) }));
    ranges.forEach(({ field, cidr, range }, index) => {
        const key = keyOf("cluster", "network", field);
        const { prefix, reason } = required[field];
        const other = ranges.slice(0, index).find((earlier) => isAllowed(earlier.range) && overlaps(earlier.range, range));
        if (!isAllowed(range)) {
            report(
                key,
                `${cidr} is not a range that Google Cloud allows in a network`,
                advise("Choose a private range such as 10.0.0.0/20"),
            );
        } else if (field === "controlPlane" && range.prefix !== prefix) {
            report(
                key,
                `${cidr} is a /${range.prefix}, but ${reason}`,
                set(key, canonical(rangeOf(`${addressOf(range.first)}/${prefix}`))),
            );
        } else if (cidr !== canonical(range)) {
            report(key, `${cidr} does not start at its first address`, set(key, canonical(range)));
        } else if (range.prefix > prefix) {
            report(key, `${cidr} is too small: ${reason}`, advise(`Choose a range of /${prefix} or larger`));
        } else if (other !== undefined) {
            report(key, `${cidr} overlaps ${other.field}, ${other.cidr}`, advise("Choose ranges that do not overlap"));
        }
    });
};
