import { ensure } from "../../api/api-error";
import { type Call, textOf } from "../../api/service";
import type { Document } from "../../discovery/document";
import { type JsonObject, objectAt, textOrEmpty } from "../../json";
import type { Entry } from "../../ledger";
import { clusterOf, type Gke } from "./gke";
import type { NodeQuotas } from "./node-quotas";
import { type Operation, operationView } from "./operations";
import { poolView } from "./pool-view";
import { checkName, checkPool } from "./rules";
import { checkFingerprint, fingerprintOf } from "./status";
import { updatedPool } from "./updates";
import { VERSION } from "../../gke/versions";

/**
 * Returns a new node pool, which is not in the ledger yet.
 * @throws ApiError if GKE would reject it
 */
export function newPool(gke: Gke, cluster: string, body: JsonObject): Entry {
    checkName("node_pool.name", body.name);
    const id = `${cluster}/nodePools/${textOrEmpty(body.name)}`;
    ensure(gke.pools.find(id) === undefined, `Already exists: ${id}.`, "ALREADY_EXISTS");
    const inputs = poolInputs(body);
    checkPool(inputs, gke.ledger, id);
    return gke.pools.draft(id, inputs);
}

/** Returns the fields of a node pool that the ledger keeps. */
export function poolInputs(body: JsonObject): JsonObject {
    const { name: _, selfLink: __, status: ___, statusMessage: ____, instanceGroupUrls: _____, etag: ______, ...inputs } = body;
    return inputs;
}

/** Starts an update of a node pool. @throws ApiError if GKE would reject it */
export function poolUpdate(gke: Gke, document: Document, operationType: string, entry: Entry, update: JsonObject): Operation {
    const { nodeVersion, etag, ...change } = update;
    checkFingerprint(etag, fingerprintOf(entry), "Etag");
    const version = nodeVersion === undefined ? {} : { nodeVersion: nodeVersion === "-" ? VERSION : nodeVersion };
    const inputs = updatedPool(document, entry.inputs, { ...change, ...version });
    checkPool(inputs, gke.ledger, entry.id);
    return gke.apply(operationType, [{ ...entry, inputs }], "RECONCILING");
}

/** The methods of node pools in a version of the API. */
export function poolMethods(
    gke: Gke,
    quotas: NodeQuotas,
    document: Document,
    version: string,
): Readonly<Record<string, (call: Call) => JsonObject>> {
    const find = (call: Call): Entry => gke.pools.get(textOf(call, "name"));
    const view = (operation: Operation): JsonObject => operationView(operation, version);
    const change = (type: string, field: string) => (call: Call) =>
        view(poolUpdate(gke, document, type, find(call), { [field]: call.body[field] }));

    return {
        create: (call) => {
            const cluster = gke.clusters.get(textOf(call, "parent"));
            const pool = newPool(gke, cluster.id, objectAt(call.body.nodePool));
            quotas.check(cluster, [pool]);
            return view(gke.apply("CREATE_NODE_POOL", [pool], "PROVISIONING"));
        },
        get: (call) => poolView(gke, find(call), version),
        list: (call) => {
            const cluster = gke.clusters.get(textOf(call, "parent"));
            return { nodePools: gke.poolsOf(cluster.id).map((pool) => poolView(gke, pool, version)) };
        },
        update: (call) => {
            const { name: _, nodePoolId: __, clusterId: ___, projectId: ____, zone: _____, ...update } = call.body;
            return view(poolUpdate(gke, document, "UPGRADE_NODES", find(call), update));
        },
        delete: (call) => view(gke.delete("DELETE_NODE_POOL", find(call))),
        setAutoscaling: change("UPDATE_CLUSTER", "autoscaling"),
        setManagement: change("SET_NODE_POOL_MANAGEMENT", "management"),
        setSize: (call) => {
            const entry = find(call);
            const resized = { ...entry, provisioned: { ...entry.provisioned, size: call.body.nodeCount ?? 0 } };
            quotas.check(gke.clusters.get(clusterOf(entry.id)), [resized]);
            return view(gke.apply("SET_NODE_POOL_SIZE", [resized], "RECONCILING"));
        },
    };
}
