import { expect } from "chai";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";

interface Pods {
    readonly items: readonly {
        readonly metadata: { readonly labels: Readonly<Record<string, string>> };
        readonly spec: { readonly nodeName?: string };
        readonly status: {
            readonly containerStatuses?: readonly {
                readonly state: { readonly terminated?: { readonly message?: string; readonly exitCode: number } };
            }[];
        };
    }[];
}

/** The result of one pod of a run. */
interface Ended {
    readonly rank: number;
    readonly node: string | undefined;
    readonly exitCode: number | undefined;
    /** The part of the pod's report that its status keeps. */
    readonly report: { readonly nodes: number; readonly epochs: number; readonly resumed_from_epoch: number | null } | undefined;
}

/** A claim that several nodes can write, like a Filestore share. The stack did not create it. */
const SHARED_CLAIM = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "shared", namespace: "training" },
    spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
};

describe("a training run on two nodes", () => {
    const FILE = "shared-claim.json";
    let clone: Clone;

    const kubectl = async (...args: readonly string[]): Promise<string> => {
        const { code, output } = await clone.sandbox("kubectl", "--namespace", "training", ...args);
        expect(code, output).to.equal(0);
        return output;
    };

    const configure = (runId: string, epochs: number, more: Readonly<Record<string, unknown>> = {}) =>
        clone.configure({
            "cluster.pools.1.maxNodes": 2,
            "training.nodes": 2,
            "training.checkpoints": { claim: SHARED_CLAIM.metadata.name },
            "training.runId": runId,
            "training.args": ["--epochs", String(epochs)],
            ...more,
        });

    const pods = async (job: string): Promise<readonly Ended[]> => {
        const { items } = await clone.json<Pods>(
            "kubectl",
            "--namespace",
            "training",
            "get",
            "pods",
            "--selector",
            `job-name=${job}`,
            "--output",
            "json",
        );
        return items.map(({ metadata, spec, status }) => {
            const terminated = status.containerStatuses?.[0]?.state.terminated;
            return {
                rank: Number(metadata.labels["batch.kubernetes.io/job-completion-index"]),
                node: spec.nodeName,
                exitCode: terminated?.exitCode,
                report: terminated?.message?.startsWith("{") ? (JSON.parse(terminated.message) as Ended["report"]) : undefined,
            };
        });
    };

    /** Waits until rank 0 of a run has trained for a number of epochs. */
    const learnt = async (job: string, epochs: number): Promise<void> => {
        const selector = `job-name=${job},batch.kubernetes.io/job-completion-index=0`;
        await kubectl("wait", "pods", "--selector", selector, "--for", "condition=Ready", "--timeout", "60s");
        for (let output = ""; !output.includes(`epoch ${epochs}/`);) {
            output = await kubectl("logs", "--selector", selector, "--tail", "-1");
            expect(output).to.not.contain('"accuracy"');
        }
    };

    before(async () => {
        clone = sandbox().clone;
        clone.write(FILE, JSON.stringify(SHARED_CLAIM));
        await kubectl("apply", "--filename", FILE);
    });

    // The stack's own claim and its checkpoints were deleted, so the run in the stack file trains again.
    after(async () => {
        await kubectl("delete", "job", "training-first");
        await kubectl("delete", "--wait=false", "--filename", FILE);
        clone.git("clean", "--quiet", "--force", FILE);
        await clone.up();
    });

    it("trains on both together, and all of its pods succeed", async () => {
        const restore = configure("together", 2);
        try {
            await clone.up();
            const ended = [...(await pods("training-together"))].sort((a, b) => a.rank - b.rank);
            expect(ended.map(({ rank, exitCode }) => [rank, exitCode])).to.deep.equal([
                [0, 0],
                [1, 0],
            ]);
            expect(new Set(ended.map(({ node }) => node)).size).to.equal(2);
            expect(ended[0]?.report).to.include({ nodes: 2, epochs: 2 });
            expect(ended[1]?.report).to.equal(undefined);
        } finally {
            restore();
        }
    });

    it("survives the preemption of one node with backoffLimit 0: the pod on the other node ends too, and both resume from the checkpoint", async () => {
        const restore = configure("taken", 25, { "training.backoffLimit": 0, "training.wait": false });
        try {
            await clone.up();
            await learnt("training-taken", 2);
            const preempted = await clone.sandbox("preempt", "training");
            expect(preempted.code, preempted.output).to.equal(0);
            await kubectl("wait", "job/training-taken", "--for", "condition=Complete", "--timeout", "120s");
            const ended = await pods("training-taken");
            expect(ended.filter(({ exitCode }) => exitCode === 0).map(({ rank }) => rank)).to.have.members([0, 1]);
            expect(ended.map(({ exitCode }) => exitCode)).to.include(75);
            const report = ended.find(({ rank, exitCode }) => rank === 0 && exitCode === 0)?.report;
            expect(report).to.include({ nodes: 2, epochs: 25 });
            expect(report?.resumed_from_epoch).to.be.at.least(2);
        } finally {
            restore();
        }
    });
});
