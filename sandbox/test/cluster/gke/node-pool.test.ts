import { expect } from "chai";
import { labelsOf, taintsOf } from "../../../cluster/gke/node-pool";
import { cpuPool, gpuPool } from "../pools";

describe("node pools", () => {
    it("taint GPU nodes as GKE does, unless the pool declares that taint itself", () => {
        const own = { key: "nvidia.com/gpu", value: "mine", effect: "NoExecute" } as const;
        expect(taintsOf(gpuPool())).to.deep.equal([{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }]);
        expect(taintsOf(gpuPool({ taints: [own] }))).to.deep.equal([own]);
        expect(taintsOf(cpuPool())).to.deep.equal([]);
    });

    it("label nodes as GKE does", () => {
        expect(labelsOf(gpuPool({ spot: true, labels: { team: "ml" } }), "europe-west4-b")).to.deep.equal({
            team: "ml",
            "cloud.google.com/gke-accelerator": "nvidia-l4",
            "cloud.google.com/gke-container-runtime": "containerd",
            "cloud.google.com/gke-nodepool": "gpu",
            "cloud.google.com/gke-provisioning": "spot",
            "cloud.google.com/gke-spot": "true",
            "cloud.google.com/machine-family": "g2",
            "node.kubernetes.io/instance-type": "g2-standard-8",
            "topology.kubernetes.io/region": "europe-west4",
            "topology.kubernetes.io/zone": "europe-west4-b",
        });
    });

    it("do not label what a pool does not have", () => {
        const labels = labelsOf(cpuPool(), "us-central1-a");
        expect(labels).not.to.have.any.keys(
            "cloud.google.com/gke-spot",
            "cloud.google.com/gke-accelerator",
            "cloud.google.com/gke-gpu-sharing-strategy",
        );
        expect(labels["cloud.google.com/gke-provisioning"]).to.equal("standard");
    });
});
