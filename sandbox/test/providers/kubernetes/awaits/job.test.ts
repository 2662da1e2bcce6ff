import { expect } from "chai";
import { jobReadiness } from "../../../../providers/kubernetes/awaits/job";
import type { AnyObject } from "../../../../kube/objects";
import { event, pod } from "./objects";

function job(status: object, spec: object = {}): AnyObject {
    return { metadata: { name: "train", uid: "j" }, spec, status };
}

function verdict(object: AnyObject, pods: readonly AnyObject[] = [], events: readonly AnyObject[] = []) {
    return jobReadiness.verdict(object, { pods, events });
}

const started = { startTime: "2026-01-01T00:00:00Z" };

describe("a Job", () => {
    it("is ready only when it is complete", () => {
        expect(verdict(job({ ...started, succeeded: 1, conditions: [{ type: "Complete", status: "True" }] }))).to.deep.include({
            state: "ready",
        });
        expect(verdict(job({ ...started, succeeded: 1, conditions: [{ type: "SuccessCriteriaMet", status: "True" }] }))).to.deep.include({
            state: "waiting",
            message: "[2/2] waiting for the Job to complete: 0 active, 1 succeeded, 0 failed",
        });
    });

    it("waits until it is started, or resumed", () => {
        expect(verdict(job({}))).to.deep.include({ message: "[1/2] waiting for the Job to start" });
        expect(verdict(job({}, { suspend: true }))).to.deep.include({
            message: "[1/2] the Job is suspended: waiting until it is resumed",
        });
    });

    it("reports why its pod is not scheduled", () => {
        const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "Insufficient nvidia.com/gpu" }];
        expect(verdict(job({ ...started, active: 1 }), [pod("j", {}, { status: { conditions } })])).to.deep.include({
            state: "waiting",
            message:
                "[2/2] waiting for the Job to complete: 1 active, 0 succeeded, 0 failed: pod p: Unschedulable: Insufficient nvidia.com/gpu",
        });
    });

    it("that fails names the reason, and the exit code of the pod that failed last", () => {
        const conditions = [{ type: "Failed", status: "True", reason: "PodFailurePolicy", message: "exit 42" }];
        const exit = (name: string, exitCode: number, finishedAt: string): AnyObject => {
            const failed = pod("j", { terminated: { exitCode, reason: "Error", finishedAt } }, { status: { phase: "Failed" } });
            return { ...failed, metadata: { ...failed.metadata, name } };
        };
        const pods = [
            exit("second", 42, "2026-01-01T00:00:09Z"),
            exit("first", 1, "2026-01-01T00:00:05Z"),
            { ...exit("other", 7, "2027"), metadata: { name: "other" } },
        ];
        expect(verdict(job({ ...started, failed: 2, conditions }), pods)).to.deep.equal({
            state: "failed",
            message: "the Job failed: PodFailurePolicy: exit 42\npod second: container c: exited with 42",
            witness: { pod: "second", container: "c", previous: false },
        });
    });

    it("continues after a failed pod while retries remain", () => {
        const failed = pod("j", { terminated: { exitCode: 1 } }, { status: { phase: "Failed" } });
        expect(verdict(job({ ...started, active: 1, failed: 1 }), [failed])).to.deep.include({ state: "waiting" });
    });

    it("fails at once when the namespace refuses its pods", () => {
        const refused = event("j", "FailedCreate", 'pods "train-x" is forbidden: violates PodSecurity "restricted:latest"');
        expect(verdict(job(started), [], [refused])).to.deep.include({ state: "failed" });
        expect(verdict(job(started), [], [event("j", "FailedCreate", "exceeded quota")])).to.deep.include({ state: "waiting" });
    });
});
