import { type JsonObject, merged, valueAt } from "../../json";
import type { Entry } from "../../ledger";
import { shortName } from "../../resource-name";
import { networksOf, rangesOf } from "../common/networks";
import defaults from "./defaults.json";
import { type Gke, locationOf } from "./gke";
import { groupUrls, poolView } from "./pool-view";
import { fingerprintOf, statusOf } from "./status";
import { VERSION } from "../../gke/versions";

/** A cluster as a version of the API returns it. */
export function clusterView(gke: Gke, entry: Entry, version: string): JsonObject {
    const { id, inputs, uuid, provisioned, createdAt } = entry;
    const { endpoint, caCertificate } = provisioned;
    const { network, subnetwork } = networksOf(entry);
    const location = locationOf(id);
    const pools = gke.poolsOf(id);
    const nodePools = pools.map((pool) => poolView(gke, pool, version));
    const { pods, services } = { ...rangesOf(gke.ledger, entry), ...provisioned };
    const asked = valueAt(inputs, "controlPlaneEndpointsConfig", "ipEndpointsConfig", "enablePublicEndpoint");
    const isPublic = typeof asked === "boolean" ? asked : valueAt(inputs, "privateClusterConfig", "enablePrivateEndpoint") !== true;
    return {
        ...merged(merged(defaults.cluster, inputs), {
            // The control plane has one address in the sandbox, for all of GKE's endpoints.
            controlPlaneEndpointsConfig: {
                dnsEndpointConfig: { endpoint },
                ipEndpointsConfig: {
                    enabled: valueAt(inputs, "controlPlaneEndpointsConfig", "ipEndpointsConfig", "enabled") ?? true,
                    ...{ enablePublicEndpoint: isPublic, privateEndpoint: endpoint, ...(isPublic && { publicEndpoint: endpoint }) },
                },
            },
            privateClusterConfig: { enablePrivateEndpoint: !isPublic, privateEndpoint: endpoint, publicEndpoint: endpoint },
            ipAllocationPolicy: {
                ...{ clusterIpv4Cidr: pods, clusterIpv4CidrBlock: pods, servicesIpv4Cidr: services, servicesIpv4CidrBlock: services },
            },
            maintenancePolicy:
                inputs.maintenancePolicy === undefined ? undefined : { resourceVersion: fingerprintOf(entry, "maintenancePolicy") },
            masterAuth: { clusterCaCertificate: caCertificate },
            networkConfig: { network, subnetwork },
        }),
        ...{ name: shortName(id), network: shortName(network), subnetwork: shortName(subnetwork), endpoint },
        selfLink: `https://container.googleapis.com/${version}/${id}`,
        ...{ zone: location, location, locations: gke.zonesOf(entry), ...statusOf(entry), createTime: createdAt },
        ...{ id: uuid.replaceAll("-", ""), etag: fingerprintOf(entry), labelFingerprint: fingerprintOf(entry, "resourceLabels") },
        ...{ initialClusterVersion: VERSION, currentMasterVersion: VERSION, currentNodeVersion: VERSION },
        ...{ clusterIpv4Cidr: pods, servicesIpv4Cidr: services },
        ...(pools.length > 0 && {
            ...{ nodePools, nodeConfig: nodePools[0]?.config, instanceGroupUrls: pools.flatMap((pool) => groupUrls(gke, pool)) },
            currentNodeCount: gke.groupsOf(pools).reduce((sum, { size }) => sum + size, 0),
        }),
    };
}
