import { expect } from "chai";
import fc from "fast-check";
import { progressDeadlineSeconds, rollout, rolloutAwaitSeconds, serviceGraceSeconds, startupFailures } from "../../k8s/rollout";

const facts = { replicas: 2, gpus: 1, gpusPerNode: 1, maxNodes: 3 };

describe("rollout", () => {
    it("starts the next pod first where the pool has room for it", () => {
        expect(rollout(facts)).to.deep.equal({ maxSurge: 1, maxUnavailable: 0 });
    });

    it("stops a pod first where the pool is full, and names what that costs", () => {
        const { warning, ...strategy } = rollout({ ...facts, maxNodes: 2 });
        expect(strategy).to.deep.equal({ maxSurge: 0, maxUnavailable: 1 });
        expect(warning).to.include("room for 2 replicas").and.to.include("1 of 2 replicas answer");
    });

    it("says that a service of one replica answers nothing meanwhile", () => {
        expect(rollout({ ...facts, replicas: 1, maxNodes: 1 }).warning).to.include("the service answers nothing");
    });

    it("counts what other workloads of the pool take", () => {
        expect(rollout({ ...facts, gpusTaken: 1 }).maxSurge).to.equal(0);
    });

    it("does not count GPUs that are left over on each node", () => {
        // Two nodes of 8 hold four replicas of 3, although 16 GPUs are five times 3.
        expect(rollout({ replicas: 4, gpus: 3, gpusPerNode: 8, maxNodes: 2 }).maxSurge).to.equal(0);
        expect(rollout({ replicas: 3, gpus: 3, gpusPerNode: 8, maxNodes: 2 }).maxSurge).to.equal(1);
    });

    it("never asks for more GPUs than the pool has", () => {
        const size = fc.integer({ min: 1, max: 16 });
        fc.assert(
            fc.property(size, size, size, size, fc.nat(8), (replicas, gpus, gpusPerNode, maxNodes, gpusTaken) => {
                const { maxSurge, maxUnavailable } = rollout({ replicas, gpus, gpusPerNode, maxNodes, gpusTaken });
                const fits = (replicas + maxSurge) * gpus + gpusTaken <= gpusPerNode * maxNodes;
                expect(maxSurge === 0 || fits).to.equal(true);
                expect(maxSurge + maxUnavailable).to.equal(1);
            }),
        );
    });
});

describe("times of a service", () => {
    const times = { coldStartSeconds: 62, drainSeconds: 30 };

    it("gives a stopping pod the wait before SIGTERM, the drain, and a margin", () => {
        expect(serviceGraceSeconds(times)).to.equal(5 + 30 + 5);
    });

    it("lets the startup probe fail for the whole cold start", () => {
        expect(startupFailures(times)).to.equal(13);
        expect(startupFailures({ ...times, coldStartSeconds: 0 })).to.equal(1);
    });

    it("lets one replica wait for a node, an image and a cold start", () => {
        expect(progressDeadlineSeconds(times)).to.equal(662);
    });

    it("waits for a rollout longer than for its replicas one after another", () => {
        expect(rolloutAwaitSeconds(times, 3)).to.equal(662 + 3 * (62 + 40));
    });
});
