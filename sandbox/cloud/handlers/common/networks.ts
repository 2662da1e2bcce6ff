import { ensure, invalid } from "../../api/api-error";
import { type JsonObject, type JsonValue, objectsAt, textOrEmpty, valueAt } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { fullName, shortName } from "../../resource-name";

/** The range that GKE gives to the Services of a cluster without one. https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips */
const SERVICES = "34.118.224.0/20";

/** Full resource names of a cluster's network and subnetwork. */
export interface ClusterNetworks {
    readonly network: string;
    readonly subnetwork: string;
}

/** Returns the networks of a cluster. Without a setting, it uses those named `default`. */
export function networksOf({ id, inputs }: Pick<Entry, "id" | "inputs">): ClusterNetworks {
    const [, project = ""] = id.split("/");
    const named = (value: JsonValue | undefined, parent: string) =>
        fullName(textOrEmpty(value) || "default", (name) => `${parent}/${name}`);
    return {
        network: named(inputs.network, `projects/${project}/global/networks`),
        subnetwork: named(inputs.subnetwork, `projects/${project}/regions/${(id.split("/")[3] ?? "").replace(/-[a-z]$/, "")}/subnetworks`),
    };
}

/**
 * Checks that the networks exist and belong together. Every project has the network `default`.
 * @throws ApiError if not
 */
export function checkNetworks(ledger: Ledger, cluster: Pick<Entry, "id" | "inputs">): void {
    const { network, subnetwork } = networksOf(cluster);
    for (const name of [network, subnetwork]) {
        ensure(shortName(name) === "default" || findIn(ledger, name) !== undefined, `The resource '${name}' was not found`, "NOT_FOUND");
    }
    const parent = findIn(ledger, subnetwork)?.network;
    if (typeof parent === "string" && shortName(parent) !== shortName(network)) {
        throw invalid(`Subnetwork "${shortName(subnetwork)}" is not valid for Network "${shortName(network)}".`);
    }
}

/** Returns the ranges of a new cluster's pods and Services, such as `10.4.0.0/14`. Those in the subnetwork may change later. */
export function rangesOf(
    ledger: Ledger,
    cluster: Pick<Entry, "id" | "inputs">,
): Readonly<Record<"pods" | "services", JsonValue | undefined>> {
    const ranges = findIn(ledger, networksOf(cluster).subnetwork)?.secondaryIpRanges;
    const range = (field: string) => {
        const name = valueAt(cluster.inputs, "ipAllocationPolicy", field);
        return objectsAt(ranges).find(({ rangeName }) => rangeName === name)?.ipCidrRange;
    };
    return {
        pods: range("clusterSecondaryRangeName") ?? cluster.inputs.clusterIpv4Cidr,
        services: range("servicesSecondaryRangeName") ?? SERVICES,
    };
}

/** Returns a network or a subnetwork. */
function findIn(ledger: Ledger, name: string): JsonObject | undefined {
    return ledger.list().find(({ type, id }) => id === name && type.startsWith("compute."))?.inputs;
}
