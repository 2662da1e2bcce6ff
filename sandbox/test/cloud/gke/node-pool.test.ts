import { expect } from "chai";
import { readNodePool } from "../../../cloud/gke/node-pool";

const ZONES = ["us-central1-a", "us-central1-b"];

describe("readNodePool", () => {
    it("reads a GPU pool", () => {
        const pool = readNodePool(
            {
                autoscaling: { enabled: true, maxNodeCount: 3 },
                config: {
                    machineType: "g2-standard-8",
                    serviceAccount: "nodes@p.iam.gserviceaccount.com",
                    spot: true,
                    diskSizeGb: 200,
                    ephemeralStorageLocalSsdConfig: { localSsdCount: 1 },
                    labels: { team: "ml" },
                    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
                    accelerators: [
                        {
                            acceleratorType: "nvidia-l4",
                            acceleratorCount: "1",
                            gpuSharingConfig: { gpuSharingStrategy: "TIME_SHARING", maxSharedClientsPerGpu: "4" },
                        },
                    ],
                },
            },
            "gpu",
            ZONES,
        );
        expect(pool).to.deep.equal({
            name: "gpu",
            machineType: "g2-standard-8",
            labels: { team: "ml" },
            taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
            accelerator: { type: "nvidia-l4", count: 1, sharing: { strategy: "TIME_SHARING", maxSharedClients: 4 } },
            minNodes: 0,
            maxNodes: 6,
            initialNodes: 0,
            autoscaled: true,
            spot: true,
            queued: false,
            diskSizeGb: 200,
            localSsds: 1,
            zones: ZONES,
            serviceAccount: "nodes@p.iam.gserviceaccount.com",
        });
    });

    it("applies GKE's defaults", () => {
        expect(readNodePool({}, "p", ZONES)).to.deep.equal({
            name: "p",
            machineType: "e2-medium",
            labels: {},
            taints: [],
            minNodes: 0,
            maxNodes: 0,
            initialNodes: 0,
            autoscaled: false,
            spot: false,
            queued: false,
            diskSizeGb: 100,
            localSsds: 0,
            zones: ZONES,
            serviceAccount: "default",
        });
    });

    it("counts nodes per zone, and prefers the pool's own zones", () => {
        const { initialNodes, maxNodes, zones } = readNodePool({ initialNodeCount: 2, locations: ["us-central1-c"] }, "p", ZONES);
        expect({ initialNodes, maxNodes, zones }).to.deep.equal({ initialNodes: 2, maxNodes: 2, zones: ["us-central1-c"] });
        expect(readNodePool({ initialNodeCount: 1 }, "p", ZONES).initialNodes).to.equal(2);
        expect(readNodePool({ initialNodeCount: 1 }, "p", ZONES, 3).initialNodes).to.equal(6);
    });

    it("does not multiply total limits by the number of zones", () => {
        const { minNodes, maxNodes } = readNodePool(
            { autoscaling: { enabled: true, totalMinNodeCount: 1, totalMaxNodeCount: 5 } },
            "p",
            ZONES,
        );
        expect([minNodes, maxNodes]).to.deep.equal([1, 5]);
    });

    it("treats preemptible nodes as spot nodes, and an accelerator without a count as none", () => {
        const pool = readNodePool({ config: { preemptible: true, accelerators: [{ acceleratorType: "nvidia-l4" }] } }, "p", ZONES);
        expect([pool.spot, pool.accelerator]).to.deep.equal([true, undefined]);
    });

    it("reads queued provisioning", () => {
        expect(readNodePool({ queuedProvisioning: { enabled: true } }, "p", ZONES).queued).to.equal(true);
        expect(readNodePool({ queuedProvisioning: { enabled: false } }, "p", ZONES).queued).to.equal(false);
    });

    it("reads the size of MIG partitions", () => {
        const accelerators = [{ acceleratorType: "nvidia-h100-80gb", acceleratorCount: "8", gpuPartitionSize: "1g.10gb" }];
        expect(readNodePool({ config: { accelerators } }, "p", ZONES).accelerator).to.deep.equal({
            type: "nvidia-h100-80gb",
            count: 8,
            partition: "1g.10gb",
        });
    });

    it("refuses a taint effect that GKE does not have", () => {
        const taints = [{ key: "a", value: "b", effect: "NoSchedule" }];
        expect(() => readNodePool({ config: { taints } }, "p", ZONES)).to.throw(
            'Invalid value for taint effect: "NoSchedule"; it is one of NO_SCHEDULE, PREFER_NO_SCHEDULE, NO_EXECUTE',
        );
    });
});
