import { expect } from "chai";
import { deploymentReadiness } from "../../../../providers/kubernetes/awaits/deployment";
import type { AnyObject } from "../../../../kube/objects";
import { event, pod, readyPod } from "./objects";

const revision = (value: string) => ({ "deployment.kubernetes.io/revision": value });

function deployment(status: object, spec: object = { replicas: 2 }): AnyObject {
    return {
        metadata: { name: "web", uid: "d", generation: 3, annotations: revision("2") },
        spec,
        status: { observedGeneration: 3, ...status },
    };
}

function replicaSet(uid: string, value: string, availableReplicas: number): AnyObject {
    return { metadata: { name: uid, uid, annotations: revision(value), ownerReferences: [{ uid: "d" }] }, status: { availableReplicas } };
}

function verdict(
    object: AnyObject,
    replicaSets: readonly AnyObject[] = [],
    pods: readonly AnyObject[] = [],
    events: readonly AnyObject[] = [],
) {
    return deploymentReadiness.verdict(object, { replicaSets, pods, events });
}

describe("a Deployment's rollout", () => {
    it("waits for the controller, then for new replicas, then for the end of earlier ones", () => {
        const steps = [
            verdict(deployment({ observedGeneration: 2, replicas: 2, updatedReplicas: 2 }), [replicaSet("new", "2", 2)]),
            verdict(deployment({ replicas: 2, updatedReplicas: 0 }), [replicaSet("old", "1", 2)]),
            verdict(deployment({ replicas: 3, updatedReplicas: 1 }), [replicaSet("old", "1", 2), replicaSet("new", "2", 0)]),
            verdict(deployment({ replicas: 3, updatedReplicas: 2 }), [replicaSet("old", "1", 1), replicaSet("new", "2", 2)]),
            verdict(deployment({ replicas: 2, updatedReplicas: 2 }), [replicaSet("new", "2", 2)]),
        ];
        expect(steps.map((step) => (step.state === "ready" ? "ready" : `${step.state}: ${step.message}`))).to.deep.equal([
            "waiting: [1/2] waiting for the controller to see the change",
            "waiting: [1/2] waiting for rollout: 0 of 2 replicas available",
            "waiting: [1/2] waiting for rollout: 0 of 2 replicas available",
            "waiting: [2/2] waiting for 1 earlier replicas to end",
            "ready",
        ]);
    });

    it("counts the replicas that an autoscaler asks for", () => {
        expect(verdict(deployment({ replicas: 5, updatedReplicas: 5 }, { replicas: 5 }), [replicaSet("new", "2", 4)])).to.deep.include({
            state: "waiting",
        });
        expect(verdict(deployment({ replicas: 5, updatedReplicas: 5 }, { replicas: 5 }), [replicaSet("new", "2", 5)])).to.deep.include({
            state: "ready",
        });
    });

    it("is ready with no replicas at all, and while it is paused", () => {
        expect(verdict(deployment({}, { replicas: 0 }))).to.deep.include({ state: "ready" });
        expect(verdict(deployment({}, { replicas: 2, paused: true }))).to.deep.include({ state: "ready" });
    });

    it("reports what pods of the newest revision wait for", () => {
        const object = deployment({ replicas: 2, updatedReplicas: 1 });
        const sets = [replicaSet("old", "1", 1), replicaSet("new", "2", 0)];
        const pulling = pod("new", { waiting: { reason: "ContainerCreating" } });
        const events = [event("pod", "Scheduled", "assigned"), event("pod", "Pulling", 'Pulling image "i"', "2026-01-01T00:00:01Z")];
        expect(verdict(object, sets, [pulling, readyPod("new")], events)).to.deep.include({
            message: '[1/2] waiting for rollout: 0 of 2 replicas available: pod p: Pulling image "i"',
        });
        expect(verdict(object, sets, [pod("old", { waiting: { reason: "ContainerCreating" } })], events)).to.deep.include({
            message: "[1/2] waiting for rollout: 0 of 2 replicas available",
        });
    });

    it("fails at once if the image does not exist, and waits if the registry is down", () => {
        const object = deployment({ replicas: 1, updatedReplicas: 1 });
        const sets = [replicaSet("new", "2", 0)];
        const missing = pod("new", { waiting: { reason: "ImagePullBackOff", message: "i: not found" } });
        expect(verdict(object, sets, [missing])).to.deep.include({
            state: "failed",
            message: "pod p: container c: ImagePullBackOff: i: not found",
        });
        const down = pod("new", { waiting: { reason: "ErrImagePull", message: "dial tcp 10.0.0.1:5000: connection refused" } });
        expect(verdict(object, sets, [down])).to.deep.include({ state: "waiting" });
    });

    it("fails at the progress deadline, and names the container with the relevant log", () => {
        const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
        const crashing = pod(
            "new",
            { waiting: { reason: "CrashLoopBackOff" } },
            { container: { lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } } } },
        );
        expect(verdict(deployment({ conditions }), [replicaSet("new", "2", 0)], [crashing])).to.deep.equal({
            state: "failed",
            message: "the rollout exceeded its progress deadline: pod p: container c: CrashLoopBackOff, exited with 137 (OOMKilled)",
            witness: { pod: "p", container: "c", previous: true },
        });
    });

    it("fails when the namespace refuses its pods for good, and waits while a quota is full", () => {
        const refusal = (message: string) =>
            deployment({ conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message }] });
        expect(verdict(refusal('violates PodSecurity "restricted:latest"'))).to.deep.include({ state: "failed" });
        expect(verdict(refusal("exceeded quota: q"))).to.deep.include({
            state: "waiting",
            message: "[1/2] waiting for rollout: 0 of 2 replicas available: exceeded quota: q",
        });
    });
});
