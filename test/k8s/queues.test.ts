import { expect } from "chai";
import { admissionCheckSpec, clusterQueueSpec, flavorSpec, localQueueSpec, PRIORITIES, provisioningConfigSpec } from "../../k8s/queues";

const l4 = { flavor: "l4", queued: false, gpus: 4, cpu: "28680m", memory: "105Gi", ephemeralStorage: "188Gi" };
const h100 = { flavor: "h100", queued: true, gpus: 16, cpu: "410", memory: "3Ti", ephemeralStorage: "10Ti" };

describe("queues", () => {
    it("has a flavor with exactly the labels and taints of a pool's nodes", () => {
        expect(flavorSpec({ pool: "l4", accelerator: "nvidia-l4", stack: "dev" })).to.deep.equal({
            nodeLabels: { "ml-platform/pool": "l4", "ml-platform/stack": "dev", "cloud.google.com/gke-accelerator": "nvidia-l4" },
            nodeTaints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
        });
    });

    it("has one flavor for a pool with several sources of capacity, because its compute class chooses", () => {
        const { nodeLabels, nodeTaints } = flavorSpec({ pool: "l4", accelerator: "nvidia-l4", computeClass: "l4" });
        expect(nodeLabels).to.include({ "cloud.google.com/compute-class": "l4" });
        expect(nodeLabels).not.to.have.any.keys("cloud.google.com/gke-spot", "cloud.google.com/gke-provisioning");
        expect(nodeTaints).to.deep.include({ key: "cloud.google.com/compute-class", value: "l4", effect: "NoSchedule" });
    });

    it("covers every resource that a run's pods request, for each flavor in the same order", () => {
        const { resourceGroups, admissionChecksStrategy } = clusterQueueSpec([l4], "flex-start");
        expect(resourceGroups).to.deep.equal([
            {
                coveredResources: ["cpu", "memory", "ephemeral-storage", "nvidia.com/gpu"],
                flavors: [
                    {
                        name: "l4",
                        resources: [
                            { name: "cpu", nominalQuota: "28680m" },
                            { name: "memory", nominalQuota: "105Gi" },
                            { name: "ephemeral-storage", nominalQuota: "188Gi" },
                            { name: "nvidia.com/gpu", nominalQuota: "4" },
                        ],
                    },
                ],
            },
        ]);
        expect(admissionChecksStrategy).to.equal(undefined);
    });

    it("lets a higher priority take quota from a lower one, and runs for other pools pass one that waits", () => {
        expect(clusterQueueSpec([l4], "flex-start")).to.deep.include({
            namespaceSelector: {},
            queueingStrategy: "BestEffortFIFO",
            preemption: { withinClusterQueue: "LowerPriority" },
        });
        expect(PRIORITIES).to.deep.equal({ low: -100, normal: 0, high: 100 });
    });

    it("requests nodes only for pools with queued provisioning", () => {
        expect(clusterQueueSpec([l4, h100], "flex-start").admissionChecksStrategy).to.deep.equal({
            admissionChecks: [{ name: "flex-start", onFlavors: ["h100"] }],
        });
        expect(admissionCheckSpec("flex-start")).to.deep.equal({
            controllerName: "kueue.x-k8s.io/provisioning-request",
            parameters: { apiGroup: "kueue.x-k8s.io", kind: "ProvisioningRequestConfig", name: "flex-start" },
        });
        expect(provisioningConfigSpec()).to.deep.equal({
            provisioningClassName: "queued-provisioning.gke.io",
            managedResources: ["nvidia.com/gpu"],
            podSetUpdates: {
                nodeSelector: [{ key: "autoscaling.gke.io/provisioning-request", valueFromProvisioningClassDetail: "ResizeRequestName" }],
            },
        });
    });

    it("connects a namespace to the cluster queue", () => {
        expect(localQueueSpec("runs")).to.deep.equal({ clusterQueue: "runs" });
    });
});
