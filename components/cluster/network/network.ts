import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterConfig } from "../config";

/** Names of the subnet's secondary ranges. The cluster refers to them. */
export const SECONDARY_RANGES = { pods: "pods", services: "services" } as const;

/** Region and address ranges of the cluster's network, as the section `cluster` resolves them. */
export type NetworkArgs = Omit<ClusterConfig["network"], "controlPlane">;

/** A network for private nodes: one subnet with ranges for pods and Services, and a NAT, so that nodes without public addresses reach package and model hubs. */
export class Network extends pulumi.ComponentResource {
    /** Self link of the network. */
    readonly network: pulumi.Output<string>;
    /** Self link of the subnet. */
    readonly subnetwork: pulumi.Output<string>;
    /** The NAT: nodes created before it cannot pull an image from outside Google. */
    readonly nat: gcp.compute.RouterNat;

    constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:Network", name, {}, opts);
        const parent = { parent: this };
        const network = new gcp.compute.Network(name, { autoCreateSubnetworks: false, routingMode: "REGIONAL" }, parent);
        const subnetwork = new gcp.compute.Subnetwork(
            `${name}-subnet`,
            {
                network: network.selfLink,
                region: args.region,
                ipCidrRange: args.nodes,
                secondaryIpRanges: [
                    { rangeName: SECONDARY_RANGES.pods, ipCidrRange: args.pods },
                    { rangeName: SECONDARY_RANGES.services, ipCidrRange: args.services },
                ],
                // Nodes reach Artifact Registry and Cloud Storage without leaving Google's network, and without NAT charges.
                privateIpGoogleAccess: true,
                logConfig: { aggregationInterval: "INTERVAL_10_MIN", flowSampling: 0.1, metadata: "INCLUDE_ALL_METADATA" },
            },
            parent,
        );
        const router = new gcp.compute.Router(`${name}-router`, { network: network.selfLink, region: args.region }, parent);
        this.nat = new gcp.compute.RouterNat(
            `${name}-nat`,
            {
                router: router.name,
                region: args.region,
                natIpAllocateOption: "AUTO_ONLY",
                sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
                // One parallel download of a data set opens more connections than the default of 64 ports allows.
                enableDynamicPortAllocation: true,
                enableEndpointIndependentMapping: false,
                logConfig: { enable: true, filter: "ERRORS_ONLY" },
            },
            parent,
        );
        this.network = network.selfLink;
        this.subnetwork = subnetwork.selfLink;
        this.registerOutputs({ network: this.network, subnetwork: this.subnetwork });
    }
}
