import { expect } from "chai";
import { gpuPoolArgs } from "../../components/cluster/pools/node-pools";
import { GPU_TAINT } from "../../gke/gpu-nodes";
import { nodeSelector, poolTaints, resources, tolerations } from "../../k8s/gpu";
import { gpuPool } from "../components/settings";

const placement = { pool: "l4", accelerator: "nvidia-l4", gpus: 2 };

describe("gpu", () => {
    it("requests memory, ephemeral storage and GPUs with an equal limit, and CPU without a limit", () => {
        expect(resources({ cpu: "2", memory: "8Gi", ephemeralStorage: "1Gi" }, 2)).to.deep.equal({
            requests: { cpu: "2", memory: "8Gi", "ephemeral-storage": "1Gi", "nvidia.com/gpu": "2" },
            limits: { memory: "8Gi", "ephemeral-storage": "1Gi", "nvidia.com/gpu": "2" },
        });
    });

    it("requests no GPU if the container needs none", () => {
        expect(resources({ cpu: "100m", memory: "512Mi", ephemeralStorage: "1Gi" })).to.deep.equal({
            requests: { cpu: "100m", memory: "512Mi", "ephemeral-storage": "1Gi" },
            limits: { memory: "512Mi", "ephemeral-storage": "1Gi" },
        });
    });

    it("selects the pool of the stack file and its accelerator", () => {
        expect(nodeSelector(placement)).to.deep.equal({ "ml-platform/pool": "l4", "cloud.google.com/gke-accelerator": "nvidia-l4" });
    });

    it("selects only pools of the given stack", () => {
        expect(nodeSelector({ ...placement, stack: "dev" })).to.include({ "ml-platform/pool": "l4", "ml-platform/stack": "dev" });
    });

    it("also selects the compute class if the pool has several sources of capacity", () => {
        expect(nodeSelector({ ...placement, computeClass: "l4" })).to.include({ "cloud.google.com/compute-class": "l4" });
    });

    const pools = [
        { title: "a pool", accelerator: "nvidia-l4", computeClass: undefined },
        { title: "a pool with a compute class", accelerator: "nvidia-l4", computeClass: "l4" },
        { title: "a pool of Arm nodes", accelerator: "nvidia-gb200", computeClass: undefined },
    ] as const;
    for (const { title, accelerator, computeClass } of pools) {
        it(`tolerates exactly the taints of ${title}`, () => {
            const { taints } = gpuPoolArgs(gpuPool({ accelerator }), "on-demand", { serviceAccount: "account", stack: "dev" }, computeClass)
                .nodeConfig as {
                taints: { key: string; value: string; effect: string }[];
            };
            const accepted = tolerations({ ...placement, accelerator, computeClass }).map(({ key, value }) => ({ key, value }));
            expect(accepted).to.deep.equal(taints.map(({ key, value }) => ({ key, value })));
            expect(taints.every(({ effect }) => effect === "NO_SCHEDULE")).to.equal(true);
        });
    }

    it("tolerates GKE's taint of Arm nodes", () => {
        expect(tolerations({ ...placement, accelerator: "nvidia-gb200" })).to.deep.include({
            key: "kubernetes.io/arch",
            operator: "Equal",
            value: "arm64",
            effect: "NoSchedule",
        });
        expect(tolerations(placement)).to.have.length(1);
    });

    it("spells the taint as GKE does", () => {
        expect(GPU_TAINT).to.deep.equal({ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" });
    });

    it("includes every taint of a pool of Arm nodes with a compute class", () => {
        expect(poolTaints("nvidia-gb200", "big")).to.deep.equal([
            { key: "nvidia.com/gpu", value: "present" },
            { key: "kubernetes.io/arch", value: "arm64" },
            { key: "cloud.google.com/compute-class", value: "big" },
        ]);
    });
});
