import { type JsonObject, listAt, objectsAt, textAt } from "../../json";
import { ensureField } from "./compute-error";

const ALL_RANGES = "ALL_SUBNETWORKS_ALL_IP_RANGES";

/** Returns the NATs of a router. */
export function natsOf({ nats }: JsonObject): readonly JsonObject[] {
    return objectsAt(nats);
}

/**
 * Checks that no subnet has two NATs.
 * @param others the other routers of the network in the region
 * @throws ReasonError
 */
export function checkNats(router: JsonObject, others: readonly JsonObject[]): void {
    const known = others.flatMap(natsOf);
    for (const [index, nat] of natsOf(router).entries()) {
        const field = `resource.nats[${index}]`;
        const isTaken =
            nat.sourceSubnetworkIpRangesToNat === ALL_RANGES && known.some((other) => other.sourceSubnetworkIpRangesToNat === ALL_RANGES);
        const exists = `Can not create new Nats since a Nat with option ${ALL_RANGES} exists.`;
        ensureField(!isTaken, `${field}.sourceSubnetworkIpRangesToNat`, ALL_RANGES, exists);
        const position = subnetsOf(nat).findIndex((subnet) => known.flatMap(subnetsOf).includes(subnet));
        const conflict = "which conflicts with the specified IpRangeToNatOption options in this Nat.";
        const problem = `The subnetwork is already configured with ALL_IP_RANGES for Nat ${conflict}`;
        ensureField(position < 0, `${field}.subnetworks[${position}].sourceIpRangesToNat`, "", problem);
        known.push(nat);
    }
}

function subnetsOf({ subnetworks }: JsonObject): readonly string[] {
    return listAt(subnetworks).map((subnet) => textAt(subnet, "name"));
}
