import { expect } from "chai";
import { progressDeadlineSeconds, rollout, rolloutAwaitSeconds, serviceGraceSeconds, startupFailures } from "../../k8s/rollout";

describe("rollout", () => {
    it("starts the next pod first where there is room for it", () => {
        expect(rollout({ replicas: 2, fitsOneMore: true })).to.deep.equal({ maxSurge: 1, maxUnavailable: 0 });
    });

    it("stops a pod first where there is none, and names what that costs", () => {
        const { warning, ...strategy } = rollout({ replicas: 2, fitsOneMore: false });
        expect(strategy).to.deep.equal({ maxSurge: 0, maxUnavailable: 1 });
        expect(warning).to.include("room for its 2 replicas and no other").and.to.include("1 of 2 replicas answer");
    });

    it("says that a service of one replica answers nothing meanwhile", () => {
        expect(rollout({ replicas: 1, fitsOneMore: false }).warning).to.include("the service answers nothing");
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
