import { expect } from "chai";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";

interface Jobs {
    readonly items: readonly {
        readonly metadata: { readonly name: string };
        readonly status: { readonly startTime?: string; readonly completionTime?: string };
    }[];
}

interface Pods {
    readonly items: readonly {
        readonly status: {
            readonly containerStatuses?: readonly { readonly state: { readonly terminated?: { readonly message?: string } } }[];
        };
    }[];
}

/** A run with its own disk. */
const run = (id: string, epochs: number, more: object = {}) => ({
    id,
    args: ["--epochs", String(epochs)],
    checkpoints: { claim: id, size: "1Gi" },
    ...more,
});
const EPOCHS = 300;
const LONG = run("long", EPOCHS);
const SHORT = [run("second", 2), run("third", 2)];
const URGENT = run("urgent", 2, { priority: "high" });

describe("runs in a queue, on a pool with one GPU", function () {
    // Compiles Kueue and Helm if they are not cached.
    this.timeout(40 * 60_000);
    let clone: Clone;
    let restore: () => void = () => undefined;

    const configure = (runs: readonly object[]) => {
        restore();
        restore = clone.configure({
            "cluster.queues": true,
            "training.runId": undefined,
            "training.wait": undefined,
            "training.checkpoints": { claim: "long", size: "1Gi" },
            "training.runs": runs,
        });
    };
    const kubectl = async (...args: readonly string[]): Promise<string> => {
        const { code, output } = await clone.sandbox("kubectl", "--namespace", "training", ...args);
        expect(code, output).to.equal(0);
        return output;
    };
    /** Time of the last training step of each run in order, in seconds. */
    const times = async () => {
        const { items } = JSON.parse(await kubectl("get", "jobs", "--selector", "kueue.x-k8s.io/queue-name", "--output", "json")) as Jobs;
        return items
            .map(({ metadata, status }) => ({
                job: metadata.name,
                start: Date.parse(status.startTime ?? "") / 1000,
                end: Date.parse(status.completionTime ?? "") / 1000,
            }))
            .sort((one, other) => one.start - other.start);
    };

    before(() => {
        clone = sandbox().clone;
    });

    after(async () => {
        restore();
        await kubectl("delete", "jobs", "--all");
        await kubectl("delete", "persistentvolumeclaims", "long", "second", "third", "urgent", "--wait=false");
        await clone.up();
    });

    it("are previewed with a warning that they wait for each other", async () => {
        configure([LONG, ...SHORT]);
        const { code, output } = await clone.sandbox("preview");
        expect(code, output).to.equal(0);
        expect(output).to.contain(
            "Runs long, second, and third need 3 GPUs of pool training, which has 1. Runs wait in queue runs until they fit",
        );
    });

    it("run one after another, an urgent one first, and the preempted one resumes from its checkpoint", async () => {
        // This run is deployed alone, because the runs of one update start in any order.
        configure([LONG]);
        await clone.up();
        configure([LONG, ...SHORT]);
        await clone.up();
        for (let output = ""; !output.includes("epoch 2/");) {
            output = await kubectl("logs", "job/training-long", "--tail", "-1").catch(() => "");
        }
        configure([LONG, ...SHORT, URGENT]);
        await clone.up();
        for (const job of ["urgent", "long", "second", "third"]) {
            await kubectl("wait", `job/training-${job}`, "--for", "condition=Complete", "--timeout", "600s");
        }
        const order = await times();
        expect(order).to.have.length(4);
        expect(order[0]?.job).to.equal("training-urgent");
        for (const [index, { job, start }] of order.slice(1).entries()) {
            expect(start, job).to.be.at.least(order[index]?.end ?? NaN);
        }
        const { items } = JSON.parse(await kubectl("get", "pods", "--selector", "job-name=training-long", "--output", "json")) as Pods;
        const reports = items.map(({ status }) => status.containerStatuses?.[0]?.state.terminated?.message ?? "");
        const report = reports.find((message) => message.startsWith("{")) ?? "{}";
        expect(JSON.parse(report)).to.include({ epochs: EPOCHS });
        expect((JSON.parse(report) as { resumed_from_epoch: number }).resumed_from_epoch).to.be.at.least(2);
    });
});
