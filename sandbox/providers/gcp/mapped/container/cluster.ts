import { isDeepStrictEqual } from "node:util";
import type { Document } from "../../../../cloud/discovery/document";
import document from "../../../../cloud/discovery/documents/container/container.v1beta1.json";
import { clusterInputs } from "../../../../cloud/handlers/container/clusters";
import { CLUSTER } from "../../../../cloud/handlers/container/gke";
import defaults from "../../../../cloud/handlers/container/defaults.json";
import { clusterFields } from "../../../../cloud/handlers/container/updates";
import { isJsonObject, type JsonObject, merged, objectAt, textOrEmpty, valueAt } from "../../../../cloud/json";
import { parentOf, shortName } from "../../../../cloud/resource-name";
import { NAME_LIMITS } from "../../../../../gke/names";
import type { ApiClient } from "../api-client";
import type { MappedType } from "../mapped-type";
import { nameTemplate } from "../name-template";
import { rfc1035 } from "../name-rule";
import { ATTRIBUTION } from "../properties";
import { restType } from "../rest-type";
import { MAINTENANCE } from "./maintenance";
import names from "./names.json";
import { nodeConfigShape } from "./node-config";
import { API, operationsOf, run, settled } from "./node-pool";

const TOKEN = "gcp:container/cluster:Cluster";
const NODE_CONFIGS = nodeConfigShape(["nodeConfig", "nodePools.nodeConfig", "nodePoolDefaults.nodeConfigDefaults"]);

/** The official provider's wording. */
const PROTECTED = "Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with cluster deletion";

/** Adds what the official provider derives from other properties. */
function encode({ masterAuthorizedNetworksConfig, networkingMode, privateClusterConfig, ...body }: JsonObject): JsonObject {
    const { enablePrivateEndpoint, ...rest } = objectAt(privateClusterConfig);
    const ip: JsonObject = {
        ...(enablePrivateEndpoint !== undefined && { enablePublicEndpoint: enablePrivateEndpoint !== true }),
        ...(isJsonObject(masterAuthorizedNetworksConfig) && {
            authorizedNetworksConfig: { enabled: true, ...masterAuthorizedNetworksConfig },
        }),
    };
    return merged(body, {
        resourceLabels: ATTRIBUTION,
        ...(privateClusterConfig !== undefined && { privateClusterConfig: rest }),
        ...(rest.enablePrivateNodes !== undefined && { networkConfig: { defaultEnablePrivateNodes: rest.enablePrivateNodes } }),
        ...(networkingMode === "VPC_NATIVE" && { ipAllocationPolicy: { useIpAliases: true } }),
        ...(Object.keys(ip).length > 0 && { controlPlaneEndpointsConfig: { ipEndpointsConfig: ip } }),
    });
}

/** The opposite of `encode`. */
function decode(body: JsonObject): JsonObject {
    const networks = valueAt(body, "controlPlaneEndpointsConfig", "ipEndpointsConfig", "authorizedNetworksConfig");
    return {
        ...body,
        ...(networks !== undefined && { masterAuthorizedNetworksConfig: networks }),
        networkingMode: valueAt(body, "ipAllocationPolicy", "useIpAliases") === true ? "VPC_NATIVE" : "ROUTES",
        masterAuth: { clientCertificate: "", clientKey: "", ...(body.masterAuth as JsonObject) },
        ...{ network: valueAt(body, "networkConfig", "network"), subnetwork: valueAt(body, "networkConfig", "subnetwork") },
    };
}

/** Compares the program's labels only, and networks by name. */
function adjust(inputs: JsonObject, _: JsonObject, given: JsonObject): JsonObject {
    const same = (name: string) =>
        shortName(textOrEmpty(inputs[name])) === shortName(textOrEmpty(given[name] ?? "default")) ? given[name] : inputs[name];
    const own = isJsonObject(given.resourceLabels) ? Object.keys(given.resourceLabels) : undefined;
    return {
        ...inputs,
        ...{ network: same("network"), subnetwork: given.subnetwork === undefined ? undefined : same("subnetwork") },
        resourceLabels: own && Object.fromEntries(own.map((name) => [name, valueAt(inputs.resourceLabels, name)])),
    };
}

/** Changes a cluster as the official provider does: one request for each changed field. */
async function change(client: ApiClient, path: string, after: JsonObject, before: JsonObject): Promise<void> {
    const name = path.slice(API.length + 1);
    const differs = (field: string): boolean =>
        !isDeepStrictEqual(valueAt(after, ...field.split(".")), valueAt(before, ...field.split(".")));
    const updates = [...clusterFields(document as Document)].flatMap(([desired, field]) =>
        differs(field) ? [{ [desired]: valueAt(after, ...field.split(".")) ?? {} }] : [],
    );
    const { status, labelFingerprint, maintenancePolicy } = await client.call("GET", path);
    const isBroken = status === "ERROR" && updates.length === 0;
    for (const update of isBroken ? [{ desiredMasterVersion: "-" }] : updates) {
        await run(client, "PUT", name, { update });
    }
    if (differs("resourceLabels")) {
        await run(client, "POST", `${name}:setResourceLabels`, { labelFingerprint, resourceLabels: after.resourceLabels });
    }
    if (differs("maintenancePolicy")) {
        const policy = { ...(after.maintenancePolicy as JsonObject), resourceVersion: valueAt(maintenancePolicy, "resourceVersion") };
        await run(client, "POST", `${name}:setMaintenancePolicy`, { maintenancePolicy: policy });
    }
}

/** Clusters, by token. */
export const cluster: Readonly<Record<string, MappedType>> = {
    [TOKEN]: restType({
        ...{ token: TOKEN, asset: CLUSTER, document: document as Document, api: API, schema: "Cluster", longRunning: true },
        keepsDefaults: defaults.presence,
        ...{ ...names.cluster, name: rfc1035(NAME_LIMITS.cluster), regional: "location", zonal: "location" },
        ...{
            find: settled,
            encode,
            decode,
            adjust,
            change,
            kept: clusterInputs,
            operations: operationsOf,
            inputOnly: ["minMasterVersion", "nodeConfig", "initialNodeCount"],
            defaults: { enableShieldedNodes: true },
        },
        shape: {
            moved: names.cluster.moved,
            renamed: { ...NODE_CONFIGS.renamed, ...names.cluster.renamed },
            converted: { ...NODE_CONFIGS.converted, maintenancePolicy: MAINTENANCE },
        },
        id: nameTemplate("projects/{project}/locations/{location}/clusters/{name}"),
        createRequest: (id, body, { name }) => ({ path: parentOf(id), body: { cluster: { name, ...body } } }),
        settle: async (client, path, { removeDefaultNodePool }, before) => {
            if (removeDefaultNodePool === true && Object.keys(before).length === 0) {
                await run(client, "DELETE", `${path.slice(API.length + 1)}/nodePools/default-pool`);
            }
        },
        remove: async (client, path, { deletionProtection }) => {
            if (deletionProtection !== false) {
                throw new Error(PROTECTED);
            }
            await run(client, "DELETE", path.slice(API.length + 1));
        },
        computed: ({ currentMasterVersion, resourceLabels = {} }) => ({
            ...{ masterVersion: currentMasterVersion, effectiveLabels: resourceLabels, pulumiLabels: resourceLabels },
        }),
    }),
};
