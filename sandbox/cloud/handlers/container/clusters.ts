import { ensure } from "../../api/api-error";
import { type Call, textOf } from "../../api/service";
import type { Document } from "../../discovery/document";
import { isJsonList, isJsonObject, type JsonObject, type JsonValue, objectAt, textOrEmpty, valueAt } from "../../json";
import type { Entry } from "../../ledger";
import { checkNetworks, rangesOf } from "../common/networks";
import { clusterView } from "./cluster-view";
import type { Gke } from "./gke";
import type { NodeQuotas } from "./node-quotas";
import { operationView } from "./operations";
import { newPool, poolUpdate } from "./pools";
import { checkCluster, checkName } from "./rules";
import { checkFingerprint, fingerprintOf } from "./status";
import { updatedCluster } from "./updates";
import { checkMasterVersion } from "../../gke/versions";

/** Fields of a cluster update that change a node pool, and the fields of a node pool update. */
const OF_POOL: Readonly<Record<string, string>> = {
    desiredImageType: "imageType",
    desiredNodePoolAutoscaling: "autoscaling",
    desiredNodeVersion: "nodeVersion",
};

/**
 * Returns the fields of a cluster that the ledger keeps. Node pools have entries of their own. `initialNodeCount` outlives the default pool:
 * with another value, Terraform would replace a cluster of `remove_default_node_pool`, and the acceptance test of such a cluster would fail.
 * https://github.com/hashicorp/terraform-provider-google-beta/blob/main/google-beta/services/container/resource_container_cluster_test.go
 */
export function clusterInputs(body: JsonObject): JsonObject {
    const { name: _, nodePools: __, nodeConfig: ___, ...inputs } = body;
    return inputs;
}

/** Returns the node pools of a new cluster: those of the request, or GKE's default pool. */
export function firstPools({ nodePools, initialNodeCount, nodeConfig, autopilot }: JsonObject): readonly JsonObject[] {
    if (isJsonList(nodePools) && nodePools.length > 0) {
        return nodePools.filter(isJsonObject);
    }
    return valueAt(autopilot, "enabled") === true ? [] : [{ name: "default-pool", initialNodeCount, config: nodeConfig }];
}

/** The methods of clusters in a version of the API. */
export function clusterMethods(
    gke: Gke,
    quotas: NodeQuotas,
    document: Document,
    version: string,
): Readonly<Record<string, (call: Call) => JsonObject>> {
    const find = (call: Call): Entry => gke.clusters.get(textOf(call, "name"));
    const apply = (type: string, entry: Entry, inputs: JsonObject): JsonObject =>
        operationView(gke.apply(type, [{ ...entry, inputs }], "RECONCILING"), version);
    /** Sets a field. @param what name of the fingerprint in messages */
    const set = (
        type: string,
        call: Call,
        field: string,
        value: JsonObject,
        fingerprint: JsonValue | undefined,
        what: string,
    ): JsonObject => {
        const entry = find(call);
        checkFingerprint(fingerprint, fingerprintOf(entry, field), what);
        return apply(type, entry, { ...entry.inputs, [field]: value });
    };

    return {
        create: (call) => {
            const body = objectAt(call.body.cluster);
            checkName("cluster.name", body.name);
            const id = `${textOf(call, "parent")}/clusters/${textOrEmpty(body.name)}`;
            ensure(gke.clusters.find(id) === undefined, `Already exists: ${id}.`, "ALREADY_EXISTS");
            checkCluster(body);
            const inputs = clusterInputs(body);
            const entry = gke.clusters.draft(id, inputs, rangesOf(gke.ledger, { id, inputs }));
            // Refuses an unknown location.
            gke.zonesOf(entry);
            checkNetworks(gke.ledger, entry);
            const pools = firstPools(body).map((pool) => newPool(gke, id, pool));
            quotas.check(entry, pools);
            return operationView(gke.apply("CREATE_CLUSTER", [entry, ...pools], "PROVISIONING"), version);
        },
        get: (call) => clusterView(gke, find(call), version),
        list: (call) => {
            const entries = gke.clusters.list(textOf(call, "parent").replace(/\/locations\/-$/, ""));
            return { clusters: entries.map((entry) => clusterView(gke, entry, version)) };
        },
        update: (call) => {
            const entry = find(call);
            const { desiredNodePoolId, etag, ...update } = objectAt(call.body.update);
            checkFingerprint(etag, fingerprintOf(entry), "Etag");
            const ofPool = Object.entries(update).flatMap(([name, value]) => (name in OF_POOL ? [[OF_POOL[name], value]] : []));
            if (ofPool.length > 0) {
                const pool = gke.pools.get(`${entry.id}/nodePools/${textOrEmpty(desiredNodePoolId ?? "default-pool")}`);
                return operationView(poolUpdate(gke, document, "UPDATE_CLUSTER", pool, Object.fromEntries(ofPool) as JsonObject), version);
            }
            ensure(Object.keys(update).length !== 0, "Must specify a field to update.");
            checkMasterVersion(update.desiredMasterVersion, valueAt(entry.inputs, "releaseChannel", "channel"));
            const type = update.desiredMasterVersion === undefined ? "UPDATE_CLUSTER" : "UPGRADE_MASTER";
            return apply(type, entry, updatedCluster(document, entry.inputs, update));
        },
        delete: (call) => operationView(gke.delete("DELETE_CLUSTER", find(call)), version),
        setMaintenancePolicy: (call) => {
            const { resourceVersion, ...policy } = (call.body.maintenancePolicy ?? {}) as JsonObject;
            return set("SET_MAINTENANCE_POLICY", call, "maintenancePolicy", policy, resourceVersion, "MaintenancePolicy.resource_version");
        },
        setResourceLabels: (call) => {
            const { resourceLabels = {}, labelFingerprint } = call.body as {
                readonly resourceLabels?: JsonObject;
                readonly labelFingerprint?: string;
            };
            return set("SET_LABELS", call, "resourceLabels", resourceLabels, labelFingerprint, "Labels fingerprint");
        },
    };
}
