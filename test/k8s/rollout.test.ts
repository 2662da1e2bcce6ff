import { expect } from "chai";
import { SERVICE_WORK } from "../../k8s/deployments/inference";
import { WORKER_WORK } from "../../k8s/deployments/worker";
import {
    progressDeadlineSeconds,
    rollout,
    rolloutAwaitSeconds,
    serviceGraceSeconds,
    startupFailures,
    workerAwaitSeconds,
    workerGraceSeconds,
    workerProgressSeconds,
} from "../../k8s/rollout";

describe("rollout", () => {
    it("starts the next pod first if the pool has capacity", () => {
        expect(rollout({ replicas: 2, fitsOneMore: true, work: SERVICE_WORK })).to.deep.equal({ maxSurge: 1, maxUnavailable: 0 });
    });

    it("stops a pod first if the pool is full, and names the cost", () => {
        const { warning, ...strategy } = rollout({ replicas: 2, fitsOneMore: false, work: SERVICE_WORK });
        expect(strategy).to.deep.equal({ maxSurge: 0, maxUnavailable: 1 });
        expect(warning).to.include("no capacity beyond its 2 replicas").and.to.include("1 of 2 replicas answer");
    });

    it("warns that a service with one replica does not respond meanwhile", () => {
        expect(rollout({ replicas: 1, fitsOneMore: false, work: SERVICE_WORK }).warning).to.include("the service answers nothing");
    });

    it("warns that workers take fewer tasks, or none", () => {
        const full = { fitsOneMore: false, work: WORKER_WORK };
        expect(rollout({ ...full, replicas: 1 }).warning).to.include("no task is taken");
        expect(rollout({ ...full, replicas: 3 }).warning).to.include("2 of 3 replicas take tasks");
    });
});

describe("times of a service", () => {
    const times = { coldStartSeconds: 62, drainSeconds: 30 };

    it("gives a stopping pod the wait before SIGTERM, the drain, and a margin", () => {
        expect(serviceGraceSeconds(times)).to.equal(5 + 30 + 5);
        expect(serviceGraceSeconds({ ...times, public: {} })).to.equal(60 + 30 + 5);
    });

    it("lets the startup probe fail for the whole cold start", () => {
        expect(startupFailures(times)).to.equal(13);
        expect(startupFailures({ ...times, coldStartSeconds: 0 })).to.equal(1);
    });

    it("lets one replica wait for a node, an image and a cold start", () => {
        expect(progressDeadlineSeconds(times)).to.equal(662);
        expect(progressDeadlineSeconds({ ...times, public: {} })).to.equal(722);
    });

    it("waits for a rollout longer than for its replicas one after another", () => {
        expect(rolloutAwaitSeconds(times, 3)).to.equal(662 + 3 * (62 + 40));
    });
});

describe("times of a worker", () => {
    const times = { coldStartSeconds: 60, drainSeconds: 7200 };

    it("gives a stopping pod the drain and a margin, and no wait before SIGTERM", () => {
        expect(workerGraceSeconds(times)).to.equal(7205);
        expect(workerGraceSeconds({ ...times, drainSeconds: 0 })).to.equal(5);
    });

    it("lets the next replica wait for the GPU of one that drains for hours", () => {
        expect(workerProgressSeconds(times)).to.equal(600 + 7205 + 60);
        expect(workerAwaitSeconds(times, 4)).to.equal(7865 + 4 * (60 + 7205));
    });

    it("stay within the range that Kubernetes stores, for the longest drain and many replicas", () => {
        expect(workerProgressSeconds({ coldStartSeconds: 3600, drainSeconds: 86_400 })).to.be.below(2 ** 31);
    });
});
