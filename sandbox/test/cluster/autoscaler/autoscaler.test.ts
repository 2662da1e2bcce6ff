import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { Autoscaler, type AutoscalerArgs, isUnschedulable } from "../../../cluster/autoscaler/autoscaler";
import type { NodePool } from "../../../cluster/gke/node-pool";
import type { Condition, Pod } from "../../../kube/objects";
import { gpuPool, ON_GPU, pendingPod } from "../pools";

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

describe("a scale-up", () => {
    interface Event {
        readonly type: string;
        readonly reason: string;
        readonly message: string;
    }

    /** Runs the autoscaler for two pods that need a GPU each until nothing changes. */
    async function run(change: Partial<AutoscalerArgs>, add: (pool: NodePool) => Promise<void> = () => Promise.resolve()) {
        const events: string[] = [];
        const answers: unknown[] = [];
        const added: string[] = [];
        const pods = ["a", "b"].map((name) => pendingPod(name, { "nvidia.com/gpu": "1" }, ON_GPU));
        const autoscaler = new Autoscaler({
            api: {
                get: () => Promise.resolve({ template: { metadata: {}, spec: pods[0]?.spec } }),
                create: (_: string, { type, reason, message }: Event) => Promise.resolve(events.push(`${type} ${reason}: ${message}`)),
                patch: (_: string, __: string, { status }: { status: { conditions: readonly Condition[] } }) => {
                    const { status: holds, reason, message } = status.conditions[1] ?? {};
                    answers.push([holds, reason, message]);
                    return Promise.resolve();
                },
            },
            pods: { values: () => pods, onChange: () => undefined },
            requests: { values: () => [] },
            fleet: {
                nodes: [],
                add: (pool: NodePool) => {
                    added.push(pool.name);
                    return add(pool);
                },
            },
            ...{ volumes: { claimsOf: () => [] }, cluster: { name: "ml", project: "p" }, idleMs: 600_000 },
            ...{ pools: () => [gpuPool()], exceededQuota: () => undefined, ...change },
        } as unknown as AutoscalerArgs);
        autoscaler.start();
        await delay(50);
        await autoscaler.stop();
        return { events, answers, added, notes: autoscaler.notes };
    }

    const GROUP = "https://www.googleapis.com/compute/v1/projects/p/zones/us-central1-a/instanceGroups/gke-ml-gpu-";
    const triggered = (event: string | undefined, size: string) => {
        expect(event).to.match(
            new RegExp(`^Normal TriggeredScaleUp: pod triggered scale-up: \\[\\{${GROUP}.* ${size} \\(max: 2\\)\\}\\]$`),
        );
    };
    const failed = (reason: string) =>
        `Warning FailedScaleUp: Node scale up in zones us-central1-a associated with this pod failed: ${reason}. ` +
        "Pod is at risk of not being scheduled.";

    it("starts a node for each pod", async () => {
        const { events, added } = await run({});
        expect([added, events.length]).to.deep.equal([["gpu", "gpu"], 2]);
        triggered(events[0], "0->1");
        triggered(events[1], "1->2");
    });

    it("beyond a quota starts no node, and the pod says so", async () => {
        const asked: unknown[] = [];
        const exceeded = "Quota 'NVIDIA_L4_GPUS' exceeded.  Limit: 1.0 in region us-central1.";
        const { events, added, notes } = await run({
            exceededQuota: (...args) => {
                asked.push(args);
                return asked.length > 1 ? exceeded : undefined;
            },
        });
        expect([added, asked]).to.deep.equal([
            ["gpu"],
            [
                ["gpu", 1],
                ["gpu", 1],
            ],
        ]);
        expect(events.slice(2)).to.deep.equal([failed("GCE quota exceeded")]);
        expect(notes).to.deep.equal([`A node of pool gpu did not start: ${exceeded}`]);
    });

    it("says that a node did not start for another reason", async () => {
        const { events } = await run({}, () => Promise.reject(new Error("no memory")));
        expect(events.filter((event) => event.startsWith("Warning"))).to.deep.equal([failed("Internal error"), failed("Internal error")]);
    });

    it("for a provisioning request needs quota for all of its nodes", async () => {
        const request = {
            metadata: { name: "run-1", namespace: "training", uid: "u" },
            spec: { provisioningClassName: "queued-provisioning.gke.io", podSets: [{ podTemplateRef: { name: "main" }, count: 2 }] },
        };
        const of = (limit: number) =>
            run({
                pods: { values: () => [], onChange: () => undefined } as never,
                requests: { values: () => [request] },
                exceededQuota: (_, nodes) => (nodes > limit ? "Quota 'GPUS_ALL_REGIONS' exceeded.  Limit: 1.0 globally." : undefined),
            });
        const refused = await of(1);
        expect([refused.added, refused.answers]).to.deep.equal([
            [],
            [["False", "QuotaExceeded", "Quota 'GPUS_ALL_REGIONS' exceeded.  Limit: 1.0 globally."]],
        ]);
        const granted = await of(2);
        expect([granted.added, granted.answers]).to.deep.equal([
            ["gpu", "gpu"],
            [["True", "Provisioned", "Provisioning Request was successfully provisioned."]],
        ]);
    });
});
