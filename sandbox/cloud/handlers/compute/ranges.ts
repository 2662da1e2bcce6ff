import { type JsonObject, listAt, textAt, textOrEmpty } from "../../json";
import type { Entry } from "../../ledger";
import { shortName } from "../../resource-name";
import { ensureField, invalidField } from "./compute-error";

/** Ranges of automatic subnets. https://cloud.google.com/vpc/docs/subnets#ip-ranges */
const AUTOMATIC = "10.128.0.0/9";

/** Returns the first address of a range such as `10.0.0.0/20` as a number, and the first one after the range; both are NaN if it is invalid. */
export function boundsOf(range: string): readonly [first: number, end: number] {
    const [, address = "", bits = "none"] = /^((?:\d{1,3}\.){3}\d{1,3})\/(\d{1,2})$/.exec(range) ?? [];
    const bytes = address.split(".").map(Number);
    const first = bytes.reduce((sum, byte) => (byte < 256 ? sum * 256 + byte : NaN), 0);
    const size = Number(bits) <= 32 ? 2 ** (32 - Number(bits)) : NaN;
    return first % size === 0 ? [first, first + size] : [NaN, NaN];
}

/** Returns an address of a range. */
export function addressIn(range: string, number: number): string {
    return [24, 16, 8, 0].map((bits) => Math.floor((boundsOf(range)[0] + number) / 2 ** bits) % 256).join(".");
}

/**
 * Checks that the ranges of a subnet are valid and overlap with no other range of the network.
 * @param others the other subnets of the network
 * @param isAutomatic whether the network creates subnets by itself
 * @throws ReasonError
 */
export function checkRanges(id: string, subnet: JsonObject, others: readonly Entry[], isAutomatic: boolean): void {
    const taken = others.flatMap((other) => rangesOf(other.inputs).map(([, range]) => [other.id, range] as const));
    for (const [field, range] of rangesOf(subnet)) {
        const [first, end] = boundsOf(range);
        const overlaps = (other: string): boolean => first < boundsOf(other)[1] && boundsOf(other)[0] < end;
        const [owner] = taken.find(([, other]) => overlaps(other)) ?? [];
        ensureField(end - first >= 8, field, range, `Invalid IPCidrRange: ${range} is not a range of at least 8 addresses.`);
        const automatic = `Extended subnetworks in auto subnet mode networks cannot overlap with ${AUTOMATIC}`;
        ensureField(!isAutomatic || !overlaps(AUTOMATIC), field, range, automatic);
        if (owner !== undefined) {
            const conflict = `conflicts with existing subnetwork '${shortName(owner)}' in region '${owner.split("/")[3] ?? ""}'.`;
            throw invalidField(field, range, `Invalid IPCidrRange: ${range} ${conflict}`);
        }
        taken.push([id, range]);
    }
}

/** Returns the paths and values of a subnet's ranges. */
function rangesOf({ ipCidrRange, secondaryIpRanges }: JsonObject): readonly (readonly [field: string, range: string])[] {
    const secondary = listAt(secondaryIpRanges).map((range) => textAt(range, "ipCidrRange"));
    const fields = secondary.map((range, index) => [`resource.secondaryIpRanges[${index}].ipCidrRange`, range] as const);
    return [["resource.ipCidrRange", textOrEmpty(ipCidrRange)], ...fields];
}
