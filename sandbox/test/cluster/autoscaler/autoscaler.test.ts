import { expect } from "chai";
import { isUnschedulable } from "../../../cluster/autoscaler/autoscaler";
import type { Condition, Pod } from "../../../kube/objects";
import { pendingPod } from "../pools";

describe("pods that a node would help", () => {
    const pod = pendingPod("p", {});
    const because = (condition: Partial<Condition>): Pod => ({
        ...pod,
        status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", ...condition }] },
    });

    it("are those that the scheduler found none for", () => {
        expect(isUnschedulable(pod)).to.equal(true);
    });

    it("are not bound, going, gated, not looked at yet, or waiting for a claim that does not exist", () => {
        expect(isUnschedulable({ ...pod, spec: { ...pod.spec, nodeName: "n" } })).to.equal(false);
        expect(isUnschedulable({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } })).to.equal(false);
        expect(isUnschedulable(because({ reason: "SchedulingGated" }))).to.equal(false);
        expect(isUnschedulable({ ...pod, status: { phase: "Pending" } })).to.equal(false);
        expect(isUnschedulable(because({ message: 'persistentvolumeclaim "data" not found' }))).to.equal(false);
    });
});
