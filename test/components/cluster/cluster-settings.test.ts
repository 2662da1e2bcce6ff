import { expect } from "chai";
import { clusterSettings } from "../../../components/cluster/cluster-settings";
import catalogue from "../../../sandbox/providers/gcp/resource-types.json";
import { cluster } from "../settings";

describe("clusterSettings", () => {
    const settings = clusterSettings(cluster(), "my-project");

    it("keeps nodes and control plane off the internet", () => {
        expect(settings.privateClusterConfig).to.deep.equal({
            enablePrivateNodes: true,
            enablePrivateEndpoint: true,
            masterIpv4CidrBlock: "172.16.0.0/28",
        });
        expect(settings.masterAuthorizedNetworksConfig).to.deep.equal({ cidrBlocks: [] });
    });

    it("allows external traffic to the DNS endpoint only if the stack uses that endpoint", () => {
        const external = (endpoint: "dns" | "ip") => clusterSettings(cluster({ endpoint }), "my-project").controlPlaneEndpointsConfig;
        expect(settings.controlPlaneEndpointsConfig).to.deep.equal(external("dns"));
        expect(external("dns")).to.deep.equal({ dnsEndpointConfig: { allowExternalTraffic: true } });
        expect(external("ip")).to.deep.equal({ dnsEndpointConfig: { allowExternalTraffic: false } });
    });

    it("opens the control plane to the authorized networks if configured", () => {
        const open = clusterSettings(
            cluster({ publicEndpoint: true, authorizedNetworks: [{ name: "office", cidr: "203.0.113.0/24" }] }),
            "my-project",
        );
        expect(open.privateClusterConfig).to.include({ enablePrivateNodes: true, enablePrivateEndpoint: false });
        expect(open.masterAuthorizedNetworksConfig).to.deep.equal({ cidrBlocks: [{ displayName: "office", cidrBlock: "203.0.113.0/24" }] });
    });

    it("enables Workload Identity, Dataplane V2, shielded nodes, image streaming, GCS FUSE and GPU metrics", () => {
        expect(settings).to.deep.include({
            networkingMode: "VPC_NATIVE",
            ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
            datapathProvider: "ADVANCED_DATAPATH",
            workloadIdentityConfig: { workloadPool: "my-project.svc.id.goog" },
            enableShieldedNodes: true,
            nodePoolDefaults: { nodeConfigDefaults: { gcfsConfig: { enabled: true } } },
            monitoringConfig: { enableComponents: ["SYSTEM_COMPONENTS", "DCGM"], managedPrometheus: { enabled: true } },
        });
        expect(settings.addonsConfig).to.deep.include({ gcsFuseCsiDriverConfig: { enabled: true } });
    });

    it("enables the Secret Manager add-on with rotation only if configured", () => {
        const on = { enabled: true, rotationConfig: { enabled: true } };
        expect(clusterSettings(cluster({ secretManager: true }), "my-project")).to.deep.include({
            secretManagerConfig: on,
            secretSyncConfig: on,
        });
        for (const secretManager of [false, undefined]) {
            expect(clusterSettings(cluster({ secretManager }), "my-project")).not.to.have.any.keys(
                "secretManagerConfig",
                "secretSyncConfig",
            );
        }
    });

    it("evaluates the project's Binary Authorization policy if configured", () => {
        const binaryAuthorization = { buildProject: "my-dev", exempt: [] };
        expect(clusterSettings(cluster({ binaryAuthorization }), "my-project").binaryAuthorization).to.deep.equal({
            evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE",
        });
        expect(clusterSettings(cluster(), "my-project")).not.to.have.property("binaryAuthorization");
    });

    it("enables the add-on without replacing the cluster", () => {
        const { secretManagerConfig, secretSyncConfig } = catalogue["gcp:container/cluster:Cluster"].inputs;
        expect(JSON.stringify([secretManagerConfig, secretSyncConfig])).not.to.contain("replaces");
    });

    it("removes the default pool", () => {
        expect(settings).to.include({ removeDefaultNodePool: true, initialNodeCount: 1 });
    });

    it("has a default release channel, deletion protection and maintenance window", () => {
        expect(settings).to.deep.include({ releaseChannel: { channel: "REGULAR" }, deletionProtection: false });
        expect(settings.maintenancePolicy).to.deep.equal({
            recurringWindow: { startTime: "2026-01-03T02:00:00Z", endTime: "2026-01-03T10:00:00Z", recurrence: "FREQ=WEEKLY;BYDAY=SA,SU" },
            maintenanceExclusions: [],
        });
    });

    it("applies the configured release channel, deletion protection and maintenance window", () => {
        const exclusion = { name: "sale", start: "2026-11-20T00:00:00Z", end: "2026-12-01T00:00:00Z" };
        const maintenance = { start: "2026-01-04T22:00:00Z", hours: 4, recurrence: "FREQ=DAILY", exclusions: [exclusion] };
        const given = clusterSettings(cluster({ releaseChannel: "STABLE", deletionProtection: true, maintenance }), "my-project");
        expect(given).to.deep.include({ releaseChannel: { channel: "STABLE" }, deletionProtection: true });
        expect(given.maintenancePolicy).to.deep.equal({
            recurringWindow: { startTime: "2026-01-04T22:00:00Z", endTime: "2026-01-05T02:00:00Z", recurrence: "FREQ=DAILY" },
            maintenanceExclusions: [{ exclusionName: "sale", startTime: exclusion.start, endTime: exclusion.end }],
        });
    });
});
