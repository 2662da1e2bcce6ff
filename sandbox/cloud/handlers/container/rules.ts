import { acceleratorZones, carries, isAccelerator, localSsdsOf } from "../../../../gke/gpu-machines";
import { ensure, invalid } from "../../api/api-error";
import { DEFAULT_MACHINE, isQueued, machineTypeOf, readNodePool } from "../../gke/node-pool";
import { isJsonObject, type JsonObject, type JsonValue, objectAt, textOrEmpty, valueAt } from "../../json";
import type { Ledger } from "../../ledger";
import { checkMasterVersion } from "../../gke/versions";

const NAME = "(?:[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?)";
const NAME_RULE =
    "only lowercase alphanumerics and '-' allowed, must start with a letter and end with an alphanumeric, and must be no longer than 40 characters";

/** @param field `cluster.name` or `node_pool.name` @throws ApiError for an invalid name */
export function checkName(field: string, name: JsonValue | undefined): void {
    if (!new RegExp(`^${NAME}$`).test(textOrEmpty(name))) {
        throw invalid(`Invalid value for field "${field}": "${textOrEmpty(name)}". Must be a match of regex '${NAME}' (${NAME_RULE}).`);
    }
}

/** @throws ApiError if GKE would reject the cluster */
export function checkCluster({ autopilot, initialNodeCount, nodePools, privateClusterConfig, ...cluster }: JsonObject): void {
    checkMasterVersion(cluster.initialClusterVersion, valueAt(cluster, "releaseChannel", "channel"));
    if (initialNodeCount === undefined && valueAt(autopilot, "enabled") !== true && nodePools === undefined) {
        throw invalid("Cluster.initial_node_count must be greater than zero.");
    }
    if (isJsonObject(privateClusterConfig) && privateClusterConfig.masterIpv4CidrBlock && privateClusterConfig.privateEndpointSubnetwork) {
        throw invalid("When masterIpv4Cidr is set, privateEndpointSubnetwork must be unset.");
    }
}

/** @param id resource name @throws ApiError if GKE would reject the node pool */
export function checkPool(pool: JsonObject, ledger: Ledger, id: string): void {
    const { autoscaling, config } = pool;
    for (const [least, most] of [
        ["minNodeCount", "maxNodeCount"],
        ["totalMinNodeCount", "totalMaxNodeCount"],
    ] as const) {
        const [minimum = 0, maximum = 0] = [valueAt(autoscaling, least), valueAt(autoscaling, most)];
        if (Number(minimum) > Number(maximum)) {
            throw invalid(`Autoscaling.${least} (${Number(minimum)}) must not be greater than Autoscaling.${most} (${Number(maximum)})`);
        }
    }
    checkQueued(pool);
    const node = objectAt(config);
    checkAccelerator(node, readNodePool(pool, "", []).zones);
    const [account, project = ""] = [textOrEmpty(node.serviceAccount), id.split("/")[1]];
    const isOwn = account.endsWith(`@${project}.iam.gserviceaccount.com`);
    if (isOwn && ledger.get("iam.googleapis.com/ServiceAccount", `projects/${project}/serviceAccounts/${account}`) === undefined) {
        throw invalid("Generic::not_found: account cannot be found.");
    }
}

/**
 * Checks GKE's restrictions on pools with queued provisioning. Sources: hashicorp/terraform-provider-google#18341,
 * GoogleCloudPlatform/k8s-config-connector#11085 and, for the placement, GoogleCloudPlatform/cluster-toolkit#3582.
 */
function checkQueued(pool: JsonObject): void {
    if (!isQueued(pool)) {
        return;
    }
    const { initialNodes, minNodes, autoscaled } = readNodePool(pool, "", ["zone"]);
    const problems = {
        "requires reservation affinity to be set to none":
            valueAt(pool, "config", "reservationAffinity", "consumeReservationType") !== "NO_RESERVATION",
        "requires autoscaling to be enabled": !autoscaled,
        "requires a node pool that starts from zero nodes": initialNodes > 0 || minNodes > 0,
        "does not support compact placement": valueAt(pool, "placementPolicy", "type") === "COMPACT",
    };
    const [problem] = Object.entries(problems).flatMap(([text, applies]) => (applies ? [text] : []));
    if (problem !== undefined) {
        throw invalid(`Queued_provisioning ${problem}`);
    }
}

/** Checks that the zones that a pool names and its machine type have the accelerator, and that the machine type supports the number of local SSDs. */
function checkAccelerator(node: JsonObject, zones: readonly string[]): void {
    const [type, machineType] = [valueAt(node, "accelerators", 0, "acceleratorType"), machineTypeOf(node)];
    if (typeof type !== "string") {
        return;
    }
    ensure(isAccelerator(type), `Accelerator type "${type}" does not exist`);
    if (machineType === DEFAULT_MACHINE) {
        throw invalid(`Cannot use default machine type (${DEFAULT_MACHINE}) with GPUs; choose a different machine type.`);
    }
    if (!carries(type, Number(valueAt(node, "accelerators", 0, "acceleratorCount") ?? 0), machineType)) {
        throw invalid(`[${type}, ${machineType}] features are not compatible for creating instance.`);
    }
    const without = zones.find((zone) => !acceleratorZones(type, machineType).includes(zone));
    ensure(without === undefined, `Accelerator type "${type}" does not exist in zone ${without}.`);
    const count = valueAt(node, "ephemeralStorageLocalSsdConfig", "localSsdCount");
    const { builtIn, addable } = localSsdsOf(type, machineType);
    if (typeof count === "number" && count !== builtIn && !addable.includes(count)) {
        throw invalid(`Machine type ${machineType} does not support ${count} local SSDs`);
    }
}
