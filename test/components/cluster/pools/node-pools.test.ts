import { expect } from "chai";
import { acceleratorNames, acceleratorOf } from "../../../../gke/gpu-machines";
import type { Capacity, PoolConfig } from "../../../../components/cluster/pools/config";
import { gpuPoolArgs, systemPoolArgs } from "../../../../components/cluster/pools/node-pools";
import { poolSuffix, usesComputeClass } from "../../../../components/workloads/placement/pool-sources";
import { cluster, gpuPool } from "../../settings";

const owner = { serviceAccount: "account", stack: "dev" };

/** As Pulumi sends it, without undefined properties. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const made = (edits: Partial<PoolConfig> = {}, capacity: Capacity = "on-demand", computeClass?: string) =>
    sent(gpuPoolArgs(gpuPool(edits), capacity, owner, computeClass));
const nodeConfig = (edits: Partial<PoolConfig> = {}, capacity: Capacity = "on-demand") =>
    made(edits, capacity).nodeConfig as Record<string, unknown>;

describe("a GPU pool", () => {
    it("scales from zero in any zone with GPUs, and never has a fixed number of nodes", () => {
        expect(made()).to.deep.include({
            initialNodeCount: 0,
            autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 4, locationPolicy: "ANY" },
            nodeLocations: ["us-central1-a"],
        });
        expect(made()).not.to.have.property("nodeCount");
    });

    it("takes the minimum nodes from the preferred source only", () => {
        const edits: Partial<PoolConfig> = { minNodes: 2, capacity: ["on-demand", "spot"] };
        expect(made(edits, "on-demand").autoscaling).to.include({ totalMinNodeCount: 2 });
        expect(made(edits, "spot").autoscaling).to.include({ totalMinNodeCount: 0 });
    });

    it("uses the zones of the cluster by default", () => {
        expect(made({ zones: [] })).not.to.have.property("nodeLocations");
    });

    it("has the accelerator with GKE's driver, the taint and the label that pods look for", () => {
        expect(nodeConfig()).to.deep.include({
            machineType: "g2-standard-4",
            guestAccelerators: [{ type: "nvidia-l4", count: 1, gpuDriverInstallationConfig: { gpuDriverVersion: "LATEST" } }],
            taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
            labels: { "ml-platform/pool": "l4", "ml-platform/stack": "dev" },
        });
    });

    it("runs nodes as the node account, without public addresses, and hides the metadata of the machine", () => {
        expect(made().networkConfig).to.deep.equal({ enablePrivateNodes: true });
        expect(nodeConfig()).to.deep.include({
            serviceAccount: "account",
            workloadMetadataConfig: { mode: "GKE_METADATA" },
            gcfsConfig: { enabled: true },
            imageType: "COS_CONTAINERD",
        });
    });

    it("upgrades without additional GPUs", () => {
        expect(made().upgradeSettings).to.deep.equal({ strategy: "SURGE", maxSurge: 0, maxUnavailable: 1 });
    });

    it("leaves the upgrade strategy of flex-start nodes to GKE", () => {
        expect(made({}, "flex-start")).not.to.have.property("upgradeSettings");
    });

    it("has queued provisioning only if requested", () => {
        expect(made({ queuedProvisioning: true }, "flex-start")).to.deep.include({
            queuedProvisioning: { enabled: true },
            autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 4, locationPolicy: "ANY" },
            management: { autoRepair: false, autoUpgrade: true },
            initialNodeCount: 0,
        });
        expect(made({}, "flex-start")).not.to.have.property("queuedProvisioning");
    });

    it("declares the built-in local SSDs of the machine type, for every accelerator that has them", () => {
        const config = (accelerator: PoolConfig["accelerator"], machineType: string) =>
            nodeConfig({ accelerator, machineType }).ephemeralStorageLocalSsdConfig;
        for (const accelerator of acceleratorNames) {
            for (const { name, localSsds } of acceleratorOf(accelerator).machines) {
                expect(config(accelerator, name), name).to.deep.equal(
                    localSsds.builtIn > 0 ? { localSsdCount: localSsds.builtIn } : undefined,
                );
            }
        }
        expect(config("nvidia-h100-80gb", "a3-highgpu-8g")).to.deep.equal({ localSsdCount: 16 });
    });

    it("has one node pool for each reservation of a list", () => {
        const capacity = [{ reservation: "first" }, { reservation: "second" }, "spot"] as const;
        const pool = gpuPool({ capacity });
        expect(capacity.map((source) => poolSuffix(pool, source))).to.deep.equal(["l4-reservation", "l4-reservation-second", "l4-spot"]);
    });

    it("upgrades blue-green if requested", () => {
        const upgrade = { strategy: "blue-green", maxSurge: 0, maxUnavailable: 1 } as const;
        expect(made({ upgrade }).upgradeSettings).to.have.property("strategy", "BLUE_GREEN");
        expect(made({ upgrade }).upgradeSettings).not.to.have.any.keys("maxSurge", "maxUnavailable");
    });

    it("uses the configured source of capacity", () => {
        expect(nodeConfig()).not.to.have.any.keys("spot", "flexStart", "reservationAffinity");
        expect(nodeConfig({}, "spot")).to.include({ spot: true });
        expect(nodeConfig({}, "flex-start")).to.deep.include({
            flexStart: true,
            reservationAffinity: { consumeReservationType: "NO_RESERVATION" },
        });
        expect(nodeConfig({}, { reservation: "team" }).reservationAffinity).to.deep.equal({
            consumeReservationType: "SPECIFIC_RESERVATION",
            key: "compute.googleapis.com/reservation-name",
            values: ["team"],
        });
    });

    it("repairs its nodes, except those of flex-start", () => {
        expect(made().management).to.deep.equal({ autoRepair: true, autoUpgrade: true });
        expect(made({}, "flex-start").management).to.deep.equal({ autoRepair: false, autoUpgrade: true });
    });

    it("shares GPUs by time-sharing and MPS, and partitions them", () => {
        const accelerator = (edits: Partial<PoolConfig>) => (nodeConfig(edits).guestAccelerators as unknown[])[0];
        expect(accelerator({ sharing: { strategy: "time-sharing", clients: 4 } })).to.deep.include({
            gpuSharingConfig: { gpuSharingStrategy: "TIME_SHARING", maxSharedClientsPerGpu: 4 },
        });
        expect(accelerator({ sharing: { strategy: "mps", clients: 4 } })).to.deep.include({
            gpuSharingConfig: { gpuSharingStrategy: "MPS", maxSharedClientsPerGpu: 4 },
        });
        expect(accelerator({ mig: "1g.5gb" })).to.include({ gpuPartitionSize: "1g.5gb" });
        expect(accelerator({})).not.to.have.any.keys("gpuSharingConfig", "gpuPartitionSize");
    });

    it("applies the configured drivers, disks and placement", () => {
        const edits = { driver: "latest", localSsds: 1, secondaryBootDisk: "projects/p/global/images/models", diskSizeGb: 200 } as const;
        expect(nodeConfig(edits)).to.deep.include({
            diskSizeGb: 200,
            ephemeralStorageLocalSsdConfig: { localSsdCount: 1 },
            secondaryBootDisks: [{ diskImage: "projects/p/global/images/models", mode: "CONTAINER_IMAGE_CACHE" }],
        });
        expect(nodeConfig()).not.to.have.any.keys("ephemeralStorageLocalSsdConfig", "secondaryBootDisks");
        expect(made({ compactPlacement: true })).to.deep.include({ placementPolicy: { type: "COMPACT" } });
        expect(made()).not.to.have.property("placementPolicy");
    });

    it("is one node pool with its own name, or one for each source of capacity under a compute class", () => {
        expect(usesComputeClass(gpuPool())).to.equal(false);
        expect(poolSuffix(gpuPool(), "on-demand")).to.equal("l4");
        const falling = gpuPool({ capacity: [{ reservation: "team" }, "spot"] });
        expect(usesComputeClass(falling)).to.equal(true);
        expect(falling.capacity.map((capacity) => poolSuffix(falling, capacity))).to.deep.equal(["l4-reservation", "l4-spot"]);
        expect(made({}, "spot", "l4").nodeConfig).to.deep.include({
            labels: { "ml-platform/pool": "l4", "ml-platform/stack": "dev", "cloud.google.com/compute-class": "l4" },
        });
    });
});

describe("the system pool", () => {
    it("starts with a node, without a taint", () => {
        const args = systemPoolArgs(cluster().systemPool, owner);
        expect(args).to.deep.include({
            initialNodeCount: 1,
            autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 3, locationPolicy: "BALANCED" },
        });
        expect(args.nodeConfig).to.deep.include({
            machineType: "e2-standard-4",
            shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        });
        expect(args.nodeConfig).to.include({ spot: undefined }).and.not.to.have.any.keys("taints", "guestAccelerators");
    });

    it("takes spot nodes from any zone", () => {
        const args = systemPoolArgs({ ...cluster().systemPool, spot: true }, owner);
        expect(args.nodeConfig).to.include({ spot: true });
        expect(args.autoscaling).to.include({ locationPolicy: "ANY" });
    });
});
