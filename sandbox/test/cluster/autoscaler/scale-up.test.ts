import { expect } from "chai";
import fc from "fast-check";
import type { Pod } from "../../../kube/objects";
import { decideScaleUp, type Situation } from "../../../cluster/autoscaler/scale-up";
import { cpuPool, gpuPool, ON_GPU, pendingPod } from "../pools";

const gpuPod = (name: string): Pod => pendingPod(name, { "nvidia.com/gpu": "1", cpu: "2" }, ON_GPU);

function decide(change: Partial<Situation>): { added: readonly string[]; refused: Readonly<Record<string, string>> } {
    const { additions, refusals } = decideScaleUp({
        pools: [
            { pool: cpuPool(), nodes: {}, backedOff: false },
            { pool: gpuPool(), nodes: {}, backedOff: false },
        ],
        nodes: [],
        pending: [],
        impatient: new Set(),
        claimsOf: () => [],
        ...change,
    });
    return {
        added: additions.map(
            ({ pool, zone, before, pods }) => `${pool.name} ${zone} ${before}: ${pods.map(({ metadata }) => metadata.name).join(" ")}`,
        ),
        refused: Object.fromEntries(refusals.map(({ pod, reason }) => [pod.metadata.name, reason])),
    };
}

describe("scale-up", () => {
    it("adds nothing without pending pods", () => {
        expect(decide({})).to.deep.equal({ added: [], refused: {} });
    });

    it("adds a node to the pool that the pod fits", () => {
        expect(decide({ pending: [gpuPod("a")] }).added).to.deep.equal(["gpu us-central1-a 0: a"]);
        expect(decide({ pending: [pendingPod("b", { cpu: "1" })] }).added).to.deep.equal(["system us-central1-a 0: b"]);
    });

    it("prefers a pool without GPUs for a pod that requests none", () => {
        expect(decide({ pending: [pendingPod("tolerant", { cpu: "1" }, ON_GPU)] }).added).to.deep.equal([
            "system us-central1-a 0: tolerant",
        ]);
    });

    it("adds nodes of a queued pool only for pods with a provisioning request", () => {
        const pools = [{ pool: gpuPool({ queued: true }), nodes: {}, backedOff: false }];
        const plain = gpuPod("plain");
        const annotations = { "autoscaling.x-k8s.io/consume-provisioning-request": "run-1" };
        const admitted = { ...gpuPod("admitted"), metadata: { ...gpuPod("admitted").metadata, annotations } };
        expect(decide({ pools, pending: [plain, admitted] })).to.deep.equal({
            added: ["gpu us-central1-a 0: admitted"],
            refused: { plain: "1 node(s) come for provisioning requests only" },
        });
    });

    it("fills a node with pods before it adds another", () => {
        const pods = ["a", "b", "c"].map((name) => pendingPod(name, { cpu: "1500m" }));
        expect(decide({ pending: pods }).added).to.deep.equal(["system us-central1-a 0: a b", "system us-central1-a 1: c"]);
    });

    it("waits for existing and starting nodes", () => {
        const nodes = [{ pool: "gpu", zone: "us-central1-a", used: {}, settled: false }];
        const pools = [{ pool: gpuPool(), nodes: { "us-central1-a": 1 }, backedOff: false }];
        expect(decide({ pools, nodes, pending: [gpuPod("a")] })).to.deep.equal({ added: [], refused: {} });
        expect(decide({ pools, nodes, pending: [gpuPod("a"), gpuPod("b")] }).added).to.deep.equal(["gpu us-central1-a 1: b"]);
        const taken = [{ pool: "gpu", zone: "us-central1-a", used: { "nvidia.com/gpu": 1 }, settled: false }];
        expect(decide({ pools, nodes: taken, pending: [gpuPod("a")] }).added).to.deep.equal(["gpu us-central1-a 1: a"]);
    });

    it("adds a node if the scheduler keeps rejecting an existing one", () => {
        const node = { pool: "gpu", zone: "us-central1-a", used: {}, settled: true };
        const pools = [{ pool: gpuPool(), nodes: { "us-central1-a": 1 }, backedOff: false }];
        const impatient = new Set(["a"]);
        expect(decide({ pools, nodes: [node], pending: [gpuPod("a")] }).added).to.deep.equal([]);
        expect(decide({ pools, nodes: [node], pending: [gpuPod("a")], impatient }).added).to.deep.equal(["gpu us-central1-a 1: a"]);
        expect(decide({ pools, nodes: [{ ...node, settled: false }], pending: [gpuPod("a")], impatient }).added).to.deep.equal([]);
    });

    it("stops at the pool's maximum, over all zones", () => {
        const pools = [{ pool: gpuPool({ zones: ["us-central1-a", "us-central1-b"] }), nodes: { "us-central1-a": 1 }, backedOff: false }];
        expect(decide({ pools, pending: [gpuPod("a"), gpuPod("b")] })).to.deep.equal({
            added: ["gpu us-central1-b 1: a"],
            refused: { b: "2 max node group size reached" },
        });
    });

    it("keeps a pool without an autoscaler at its size", () => {
        const pools = [{ pool: gpuPool({ autoscaled: false, initialNodes: 1 }), nodes: {}, backedOff: false }];
        expect(decide({ pools, pending: [gpuPod("a"), gpuPod("b")] }).refused).to.deep.equal({ b: "1 max node group size reached" });
    });

    it("adds the node in the pod's zone", () => {
        const pools = [{ pool: gpuPool({ zones: ["us-central1-a", "us-central1-b"] }), nodes: {}, backedOff: false }];
        const pod = pendingPod(
            "a",
            { "nvidia.com/gpu": "1" },
            { ...ON_GPU, nodeSelector: { "topology.kubernetes.io/zone": "us-central1-b" } },
        );
        expect(decide({ pools, pending: [pod] }).added).to.deep.equal(["gpu us-central1-b 0: a"]);
    });

    it("reports why no pool can take the pod", () => {
        const pending = [
            pendingPod("no-toleration", { "nvidia.com/gpu": "1" }),
            pendingPod("greedy", { "nvidia.com/gpu": "8" }, ON_GPU),
            pendingPod("elsewhere", {}, { nodeSelector: { "cloud.google.com/gke-nodepool": "other" } }),
        ];
        expect(decide({ pending })).to.deep.equal({
            added: [],
            refused: {
                "no-toleration": "1 Insufficient nvidia.com/gpu, 1 node(s) had untolerated taint {nvidia.com/gpu: present}",
                greedy: "2 Insufficient nvidia.com/gpu",
                elsewhere: "1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {nvidia.com/gpu: present}",
            },
        });
        expect(decide({ pools: [], pending: [gpuPod("a")] }).refused).to.deep.equal({ a: "the cluster has no node pool" });
    });

    it("skips a pool if its last node did not start", () => {
        const pools = [{ pool: gpuPool(), nodes: {}, backedOff: true }];
        expect(decide({ pools, pending: [gpuPod("a")] }).refused).to.deep.equal({ a: "1 in backoff after failed scale-up" });
    });

    it("uses the zone of a pod's volume, and one zone for pods that share a volume that does not exist yet", () => {
        const zones = ["us-central1-a", "us-central1-b"];
        const pools = [{ pool: gpuPool({ zones }), nodes: { "us-central1-a": 0 }, backedOff: false }];
        const inB = [{ matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["us-central1-b"] }] }];
        expect(decide({ pools, pending: [gpuPod("a")], claimsOf: () => [{ key: "ml/data", reachedFrom: inB }] }).added).to.deep.equal([
            "gpu us-central1-b 0: a",
        ]);
        const elsewhere = [
            { ...inB[0], matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["us-east1-b"] }] },
        ];
        expect(
            decide({ pools, pending: [gpuPod("a")], claimsOf: () => [{ key: "ml/data", reachedFrom: elsewhere }] }).refused,
        ).to.deep.equal({
            a: "2 node(s) didn't match PersistentVolume's node affinity",
        });
        const pair = [gpuPod("a"), gpuPod("b")];
        const nodes = [{ pool: "gpu", zone: "us-central1-b", used: {}, settled: false }];
        const claimsOf = () => [{ key: "ml/data", reachedFrom: undefined }];
        expect(decide({ pools, nodes, pending: pair, claimsOf }).added).to.deep.equal(["gpu us-central1-b 0: b"]);
        expect(decide({ pools, nodes, pending: pair }).added).to.deep.equal(["gpu us-central1-a 0: b"]);
    });

    it("never exceeds a limit, and decides once for each pod", () => {
        const pod = fc.record({ gpus: fc.integer({ min: 0, max: 3 }), cpu: fc.integer({ min: 1, max: 12 }), tolerant: fc.boolean() });
        fc.assert(
            fc.property(fc.array(pod, { maxLength: 12 }), fc.integer({ min: 0, max: 4 }), (pods, maxNodes) => {
                const pending = pods.map(({ gpus, cpu, tolerant }, i) =>
                    pendingPod(
                        String(i),
                        { cpu: String(cpu), ...(gpus > 0 ? { "nvidia.com/gpu": String(gpus) } : {}) },
                        tolerant ? ON_GPU : {},
                    ),
                );
                const { additions, refusals } = decideScaleUp({
                    pools: [
                        { pool: cpuPool({ maxNodes }), nodes: {}, backedOff: false },
                        { pool: gpuPool({ maxNodes }), nodes: {}, backedOff: false },
                    ],
                    nodes: [],
                    impatient: new Set<string>(),
                    claimsOf: () => [],
                    pending,
                });
                for (const name of ["system", "gpu"]) {
                    expect(additions.filter(({ pool }) => pool.name === name).length).to.be.at.most(maxNodes);
                }
                const decided = [...additions.flatMap((addition) => addition.pods), ...refusals.map((refusal) => refusal.pod)];
                expect(decided.map(({ metadata }) => metadata.name).sort()).to.deep.equal(
                    pending.map(({ metadata }) => metadata.name).sort(),
                );
            }),
        );
    });
});
