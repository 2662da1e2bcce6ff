import { isAccelerator, localSsdsOf } from "../../../../gke/gpu-machines";
import { taintsOf } from "../../../cluster/gke/node-pool";
import { EFFECTS, machineTypeOf, readNodePool } from "../../gke/node-pool";
import { isJsonObject, type JsonObject, merged, valueAt } from "../../json";
import type { Entry } from "../../ledger";
import { shortName } from "../../resource-name";
import defaults from "./defaults.json";
import { clusterOf, type Gke } from "./gke";
import { fingerprintOf, statusOf } from "./status";
import { VERSION } from "../../gke/versions";

/** A node pool as a version of the API returns it. */
export function poolView(gke: Gke, entry: Entry, version: string): JsonObject {
    const { id, inputs } = entry;
    const cluster = gke.clusters.get(clusterOf(id));
    const podRange = valueAt(cluster.inputs, "ipAllocationPolicy", "clusterSecondaryRangeName");
    const isShared = [undefined, podRange].includes(valueAt(inputs, "networkConfig", "podRange"));
    const network = {
        ...{ podRange, podIpv4CidrBlock: isShared ? cluster.provisioned.pods : undefined },
        enablePrivateNodes: valueAt(cluster.inputs, "networkConfig", "defaultEnablePrivateNodes") === true,
    };
    return {
        ...{ version: VERSION, locations: gke.zonesOf(cluster), ...defaults.nodePool, ...inputs },
        ...(isJsonObject(inputs.upgradeSettings) && { upgradeSettings: { strategy: "SURGE", ...inputs.upgradeSettings } }),
        networkConfig: merged(network, (inputs.networkConfig ?? {}) as JsonObject),
        ...{ config: configView(inputs), name: shortName(id), etag: fingerprintOf(entry), ...statusOf(entry) },
        selfLink: `https://container.googleapis.com/${version}/${id}`,
        instanceGroupUrls: groupUrls(gke, entry),
    };
}

/** Returns the URLs of the instance group managers of a node pool, one for each zone. */
export function groupUrls(gke: Gke, pool: Entry): readonly string[] {
    return gke.groupsOf([pool]).map(({ id }) => `https://www.googleapis.com/compute/v1/${id}`);
}

/** The node configuration as GKE reports it: with its taints, with the VM labels for billing, and with the local SSDs that the machine type includes. */
function configView(pool: JsonObject): JsonObject {
    const config = merged(defaults.nodeConfig, (pool.config ?? {}) as JsonObject);
    const accelerator = valueAt(config, "accelerators", 0, "acceleratorType");
    const taints = taintsOf(readNodePool(pool, "", [])).map(({ key, value, effect }) => ({
        ...{ key, value, effect: Object.keys(EFFECTS).find((name) => EFFECTS[name] === effect) },
    }));
    const ssds =
        typeof accelerator === "string" && isAccelerator(accelerator) ? localSsdsOf(accelerator, machineTypeOf(config)).builtIn : 0;
    const filled = {
        ...(ssds > 0 && { ephemeralStorageLocalSsdConfig: { localSsdCount: ssds } }),
        bootDisk: { diskType: config.diskType, sizeGb: String(Number(config.diskSizeGb)) },
    };
    return {
        ...merged(filled, config),
        ...(taints.length > 0 && { taints }),
        resourceLabels: {
            ...(config.resourceLabels as JsonObject | undefined),
            ...(typeof accelerator === "string" && { "goog-gke-accelerator-type": accelerator }),
            "goog-gke-node-pool-provisioning-model": provisioningModel(config),
        },
    };
}

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
