import { expect } from "chai";
import type { Pod } from "../../../kube/objects";
import { decideScaleDown, keepsNode } from "../../../cluster/autoscaler/scale-down";
import { pendingPod } from "../pools";

const running: Pod = { ...pendingPod("p", {}), status: { phase: "Running" } };

describe("what keeps a node", () => {
    it("is a pod that runs or is about to start", () => {
        expect(keepsNode(running)).to.equal(true);
        expect(keepsNode(pendingPod("p", {}))).to.equal(true);
    });

    it("is not a completed, static or DaemonSet pod", () => {
        expect(keepsNode({ ...running, status: { phase: "Succeeded" } })).to.equal(false);
        expect(keepsNode({ ...running, status: { phase: "Failed" } })).to.equal(false);
        expect(keepsNode({ ...running, metadata: { name: "p", ownerReferences: [{ kind: "DaemonSet", controller: true }] } })).to.equal(
            false,
        );
        expect(keepsNode({ ...running, metadata: { name: "p", annotations: { "kubernetes.io/config.mirror": "x" } } })).to.equal(false);
        expect(keepsNode({ ...running, metadata: { name: "p", ownerReferences: [{ kind: "ReplicaSet", controller: true }] } })).to.equal(
            true,
        );
    });
});

describe("scale-down", () => {
    const busy = { name: "busy", pods: [running] };
    const idle = { name: "idle", pods: [] };

    it("removes a node only after it was idle for long enough", () => {
        const first = decideScaleDown([busy, idle], new Map(), 1000, 500);
        expect(first.remove).to.deep.equal([]);
        expect([...first.idleSince]).to.deep.equal([["idle", 1000]]);
        expect(decideScaleDown([busy, idle], first.idleSince, 1499, 500).remove).to.deep.equal([]);
        expect(decideScaleDown([busy, idle], first.idleSince, 1500, 500).remove).to.deep.equal(["idle"]);
    });

    it("restarts the idle time when a pod arrives", () => {
        const first = decideScaleDown([idle], new Map(), 1000, 500);
        const second = decideScaleDown([{ name: "idle", pods: [running] }], first.idleSince, 1200, 500);
        expect(second.idleSince.size).to.equal(0);
        expect(decideScaleDown([idle], second.idleSince, 1500, 500).remove).to.deep.equal([]);
    });
});
