import { acceleratorZones, isAccelerator, localSsdsOf } from "../../../gke/gpu-machines";
import { NAME_LIMITS } from "../../../gke/names";
import type { Draft } from "../draft";
import { CloudError } from "../errors";
import { type JsonObject, type JsonValue, isJsonObject, valueAt } from "../json";
import { taintsOf } from "../../cluster/gke/node-pool";
import { zonesOf } from "../locations";
import { isQueued, readNodePool } from "../gke/node-pool";
import { fullName, type Reference, rfc1035, type Service, shortName } from "../service";

export const CLUSTER = "gcp:container/cluster:Cluster";
export const NODE_POOL = "gcp:container/nodePool:NodePool";

/** Version of the local control plane, in GKE's format. */
const VERSION = "1.36.3-gke.1000000";

function clusterId(draft: Draft, property: string): string {
    return fullName(draft.text(property), (name) => `projects/${draft.project}/locations/${draft.text("location")}/clusters/${name}`);
}

/** Returns the reference to a network or a subnetwork. Those with the name `default` need no ledger entry. */
function computeReference(draft: Draft, property: string, asset: string, parent: string): readonly Reference[] {
    const name = draft.optionalText(property);
    const id = fullName(name ?? "default", (bare) => `projects/${draft.project}/${parent}/${bare}`);
    return shortName(id) === "default" ? [] : [{ type: `compute.googleapis.com/${asset}`, id, onDelete: "refuse" }];
}

/** Returns the ID of a node pool's cluster. */
export function clusterOfPool(draft: Draft): string {
    return clusterId(draft, "cluster");
}

/** `projects/p/locations/l/…` → `l` */
function locationOf(id: string): string {
    return id.split("/")[3] ?? "";
}

function fields(value: JsonValue | undefined): JsonObject {
    return isJsonObject(value) ? value : {};
}

/** Returns what GKE adds to a cluster's configuration. */
function clusterOutputs(inputs: JsonObject, id: string, { endpoint, caCertificate }: JsonObject): JsonObject {
    const location = locationOf(id);
    return {
        endpoint,
        location,
        selfLink: `https://container.googleapis.com/v1/${id}`,
        masterVersion: VERSION,
        nodeVersion: VERSION,
        nodeLocations: inputs.nodeLocations ?? zonesOf(location).slice(0, 3),
        servicesIpv4Cidr: valueAt(inputs, "ipAllocationPolicy", "servicesIpv4CidrBlock") ?? "34.118.224.0/20",
        masterAuth: { ...fields(inputs.masterAuth), clusterCaCertificate: caCertificate, clientCertificate: "", clientKey: "" },
        ...(isJsonObject(inputs.privateClusterConfig) && {
            privateClusterConfig: { ...inputs.privateClusterConfig, privateEndpoint: endpoint, publicEndpoint: endpoint },
        }),
        ...(isJsonObject(valueAt(inputs, "controlPlaneEndpointsConfig", "dnsEndpointConfig")) && {
            controlPlaneEndpointsConfig: {
                ...fields(inputs.controlPlaneEndpointsConfig),
                dnsEndpointConfig: { ...fields(valueAt(inputs, "controlPlaneEndpointsConfig", "dnsEndpointConfig")), endpoint },
            },
        }),
    };
}

function checkPool(draft: Draft): void {
    const { nodeCount, initialNodeCount, autoscaling } = draft.inputs;
    if (nodeCount !== undefined && initialNodeCount !== undefined) {
        throw new CloudError(400, "Cannot set both initial_node_count and node_count on node pool");
    }
    for (const [least, most] of [
        ["minNodeCount", "maxNodeCount"],
        ["totalMinNodeCount", "totalMaxNodeCount"],
    ] as const) {
        const [minimum, maximum] = [valueAt(autoscaling, least), valueAt(autoscaling, most)];
        if (typeof minimum === "number" && typeof maximum === "number" && minimum > maximum) {
            throw new CloudError(400, `Autoscaling.${least} (${minimum}) must not be greater than Autoscaling.${most} (${maximum})`);
        }
    }
}

/**
 * Checks GKE's restrictions on pools with queued provisioning. Sources: hashicorp/terraform-provider-google#18341,
 * GoogleCloudPlatform/k8s-config-connector#11085 and, for the placement, GoogleCloudPlatform/cluster-toolkit#3582.
 */
function checkQueued({ inputs }: Draft): void {
    if (!isQueued(inputs)) {
        return;
    }
    if (valueAt(inputs, "nodeConfig", "reservationAffinity", "consumeReservationType") !== "NO_RESERVATION") {
        throw new CloudError(400, "Queued_provisioning requires reservation affinity to be set to none");
    }
    if (!isJsonObject(inputs.autoscaling)) {
        throw new CloudError(400, "Queued_provisioning requires autoscaling to be enabled");
    }
    const { initialNodes, minNodes } = readNodePool(inputs, ["zone"]);
    if (initialNodes > 0 || minNodes > 0) {
        throw new CloudError(400, "Queued_provisioning requires a node pool that starts from zero nodes");
    }
    if (valueAt(inputs, "placementPolicy", "type") === "COMPACT") {
        throw new CloudError(400, "Queued_provisioning does not support compact placement");
    }
}

/** Checks that the pool's zones have the accelerator, and that the machine type supports the number of local SSDs. */
function checkAccelerator(draft: Draft): void {
    const node = fields(draft.inputs.nodeConfig);
    const [type, machineType] = [valueAt(node, "guestAccelerators", 0, "type"), node.machineType];
    if (typeof type !== "string" || typeof machineType !== "string") {
        return;
    }
    if (!isAccelerator(type)) {
        throw new CloudError(400, `Accelerator type "${type}" does not exist`);
    }
    const zones = (draft.inputs.nodeLocations ?? []) as readonly string[];
    const without = zones.find((zone) => !acceleratorZones(type, machineType).includes(zone));
    if (without !== undefined) {
        throw new CloudError(400, `Accelerator type "${type}" does not exist in zone ${without}`);
    }
    const count = valueAt(node, "ephemeralStorageLocalSsdConfig", "localSsdCount");
    const { builtIn, addable } = localSsdsOf(type, machineType);
    if (typeof count === "number" && count !== builtIn && !addable.includes(count)) {
        throw new CloudError(400, `Machine type ${machineType} does not support ${count} local SSDs`);
    }
}

export const container: Service = {
    [CLUSTER]: {
        id: (draft) => clusterId(draft, "name"),
        name: rfc1035(NAME_LIMITS.cluster),
        regional: "location",
        zonal: "location",
        references: (draft) => [
            ...computeReference(draft, "network", "Network", "global/networks"),
            ...computeReference(draft, "subnetwork", "Subnetwork", `regions/${draft.text("location").replace(/-[a-z]$/, "")}/subnetworks`),
        ],
        check: ({ inputs }) => {
            const pools = inputs.nodePools;
            const nodes = typeof inputs.initialNodeCount === "number" && inputs.initialNodeCount > 0;
            if (!nodes && inputs.enableAutopilot !== true && !(Array.isArray(pools) && pools.length > 0)) {
                throw new CloudError(400, "Cluster.initial_node_count must be greater than zero");
            }
        },
        outputs: ({ draft, id, provisioned }) => clusterOutputs(draft.inputs, id, provisioned),
        filledIn: [
            ["masterAuth", "clusterCaCertificate"],
            ["masterAuth", "clientCertificate"],
            ["masterAuth", "clientKey"],
            ["privateClusterConfig", "privateEndpoint"],
            ["privateClusterConfig", "publicEndpoint"],
            ["controlPlaneEndpointsConfig", "dnsEndpointConfig", "endpoint"],
        ],
    },
    [NODE_POOL]: {
        id: (draft) => `${clusterOfPool(draft)}/nodePools/${draft.text("name")}`,
        name: rfc1035(NAME_LIMITS.nodePool),
        references: (draft) => [{ type: CLUSTER, id: clusterOfPool(draft), onDelete: "cascade" }],
        check: (draft) => {
            checkPool(draft);
            checkQueued(draft);
            checkAccelerator(draft);
        },
        outputs: ({ draft, id, provisioned }) => ({
            location: locationOf(id),
            version: VERSION,
            nodeLocations: draft.inputs.nodeLocations ?? provisioned.zones,
            initialNodeCount: draft.inputs.initialNodeCount ?? draft.inputs.nodeCount ?? 0,
            nodeCount: nodesPerZone(provisioned),
            nodeConfig: liveNodeConfig(draft.inputs),
            ...instanceGroups(draft, provisioned.zones),
        }),
        filledIn: [["nodeConfig", "effectiveTaints"]],
        movedByCloud: ["nodeCount"],
    },
};

/** Number of nodes per zone, computed as in the official provider: all nodes divided by the number of zones. */
function nodesPerZone({ nodes, zones }: JsonObject): number {
    const count = Array.isArray(zones) ? zones.length : 0;
    return typeof nodes === "number" && count > 0 ? Math.floor(nodes / count) : 0;
}

/** Returns the node configuration as GKE reports it: with the effective taints, and with the VM labels for billing. */
function liveNodeConfig(inputs: JsonObject): JsonObject {
    const config = fields(inputs.nodeConfig);
    const accelerator = valueAt(config, "guestAccelerators", 0, "type");
    const taints = taintsOf(readNodePool(inputs, [])).map(({ key, value, effect }) => ({ key, value, effect: EFFECTS[effect] }));
    const ssds = builtInSsds(config);
    return {
        ...config,
        ...(ssds > 0 && { ephemeralStorageLocalSsdConfig: { localSsdCount: ssds, ...fields(config.ephemeralStorageLocalSsdConfig) } }),
        effectiveTaints: taints,
        resourceLabels: {
            ...fields(config.resourceLabels),
            ...(typeof accelerator === "string" ? { "goog-gke-accelerator-type": accelerator } : {}),
            "goog-gke-node-pool-provisioning-model": provisioningModel(config),
        },
    };
}

/** Number of local SSDs that the machine type includes. GKE always reports them. */
function builtInSsds(config: JsonObject): number {
    const type = valueAt(config, "guestAccelerators", 0, "type");
    return typeof type === "string" && isAccelerator(type) && typeof config.machineType === "string"
        ? localSsdsOf(type, config.machineType).builtIn
        : 0;
}

const EFFECTS = { NoSchedule: "NO_SCHEDULE", PreferNoSchedule: "PREFER_NO_SCHEDULE", NoExecute: "NO_EXECUTE" } as const;

/** https://cloud.google.com/kubernetes-engine/docs/how-to/creating-managing-labels#automatically-applied-labels */
function provisioningModel(config: JsonObject): string {
    if (config.spot === true || config.preemptible === true) {
        return "spot";
    }
    if (config.flexStart === true) {
        return "flex-start";
    }
    return valueAt(config, "reservationAffinity", "consumeReservationType") === "SPECIFIC_RESERVATION" ? "reservation" : "on-demand";
}

function instanceGroups(draft: Draft, zones: JsonValue | undefined): JsonObject {
    const names = (Array.isArray(zones) ? zones : []) as readonly string[];
    const group = `gke-${shortName(draft.text("cluster"))}-${draft.text("name")}-${draft.uuid.slice(0, 8)}-grp`;
    const url = (zone: string, collection: string) =>
        `https://www.googleapis.com/compute/v1/projects/${draft.project}/zones/${zone}/${collection}/${group}`;
    return {
        instanceGroupUrls: names.map((zone) => url(zone, "instanceGroupManagers")),
        managedInstanceGroupUrls: names.map((zone) => url(zone, "instanceGroups")),
    };
}
