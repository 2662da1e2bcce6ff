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

    it("are those that the scheduler could not place", () => {
        expect(isUnschedulable(pod)).to.equal(true);
    });

    it("exclude pods that are bound, terminating, gated, not yet seen, or waiting for a missing claim", () => {
        expect(isUnschedulable({ ...pod, spec: { ...pod.spec, nodeName: "n" } })).to.equal(false);
        expect(isUnschedulable({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } })).to.equal(false);
        expect(isUnschedulable(because({ reason: "SchedulingGated" }))).to.equal(false);
        expect(isUnschedulable({ ...pod, status: { phase: "Pending" } })).to.equal(false);
        expect(isUnschedulable(because({ message: 'persistentvolumeclaim "data" not found' }))).to.equal(false);
    });
});
