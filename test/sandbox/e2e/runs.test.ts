import { expect } from "chai";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";

interface Job {
    readonly metadata: { readonly name: string; readonly uid: string };
    readonly spec: { readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } } };
    readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[] };
}

interface Pods {
    readonly items: readonly {
        readonly status: {
            readonly containerStatuses: readonly {
                readonly state: { readonly terminated?: { readonly message?: string; readonly exitCode: number } };
            }[];
        };
    }[];
}

/** pulumi-kubernetes#316, #856: changes that end, restart or repeat a run. */
describe("a training run", () => {
    const SOURCE = "docker/training/trainer/__init__.py";
    let clone: Clone;

    const job = (name: string) => clone.json<Job>("kubectl", "get", "job", name, "--namespace", "training", "--output", "json");
    const pods = (name: string) =>
        clone.json<Pods>("kubectl", "get", "pods", "--namespace", "training", "--selector", `job-name=${name}`, "--output", "json");

    before(() => {
        clone = sandbox().clone;
    });

    // The ID of a run is used once. To return to an earlier one, these tests delete its Job at their end. That run had finished, so it does not train
    // again.
    after(async () => {
        await clone.sandbox("kubectl", "delete", "job", "training-first", "--namespace", "training");
        await clone.up();
    });

    it("with the same ID does not change when its image changes, and the preview says so", async () => {
        const before = await job("training-first");
        const original = clone.read(SOURCE);
        clone.write(SOURCE, `${original}\n# changed\n`);
        try {
            const preview = await clone.sandbox("preview");
            expect(preview.output).to.contain(
                "Run first keeps the settings that it was started with. These differ from the stack file: image.",
            );
            expect(preview.output).to.not.match(/kubernetes:batch\/v1:Job +training-first +(update|replace|create)/);
            await clone.up();
        } finally {
            clone.write(SOURCE, original);
        }
        const after = await job("training-first");
        expect(after.metadata.uid).to.equal(before.metadata.uid);
        expect(after.spec.template.spec.containers[0]?.image).to.equal(before.spec.template.spec.containers[0]?.image);
        await clone.up();
    });

    it("with a new ID starts, and the record of the old run stays", async () => {
        const old = await job("training-first");
        const restore = clone.configure({ "training.runId": "second", "training.args": ["--epochs", "2"] });
        try {
            const up = await clone.up();
            expect(up).to.contain("training-second");
            expect((await job("training-first")).metadata.uid).to.equal(old.metadata.uid);
            expect((await job("training-second")).status.conditions?.find(({ type }) => type === "Complete")?.status).to.equal("True");
        } finally {
            restore();
        }
    });

    it("that exits with code 42 fails after one pod, and the update says why", async () => {
        const restore = clone.configure({ "training.runId": "hopeless", "training.args": ["--no-such-option"] });
        try {
            const up = await clone.sandbox("up", "--yes", "--skip-preview");
            expect(up.code).to.not.equal(0);
            expect(up.output).to.contain("PodFailurePolicy");
            const { items } = await pods("training-hopeless");
            expect(items.map(({ status }) => status.containerStatuses[0]?.state.terminated?.exitCode)).to.deep.equal([42]);
        } finally {
            restore();
        }
    });

    it("with a manually deleted Job does not train again after a refresh, because it had finished", async () => {
        const restore = clone.configure({ "training.runId": "second", "training.args": ["--epochs", "2"] });
        try {
            await clone.sandbox("kubectl", "delete", "job", "training-second", "--namespace", "training");
            const refresh = await clone.sandbox("refresh", "--yes");
            expect(refresh.code, refresh.output).to.equal(0);
            await clone.up();
            const { items } = await pods("training-second");
            const report = JSON.parse(items[0]?.status.containerStatuses[0]?.state.terminated?.message ?? "") as {
                epochs: number;
                resumed_from_epoch: number;
            };
            expect(report.resumed_from_epoch).to.equal(report.epochs);
        } finally {
            restore();
        }
    });

    it("survives the preemption of its node with backoffLimit 0, and completes", async () => {
        const restore = clone.configure({
            "training.runId": "preempted",
            "training.args": ["--epochs", "60"],
            "training.backoffLimit": 0,
            "training.wait": false,
        });
        try {
            await clone.up();
            await clone.sandbox(
                "kubectl",
                "wait",
                "pods",
                "--selector",
                "job-name=training-preempted",
                "--namespace",
                "training",
                "--for",
                "condition=Ready",
                "--timeout",
                "60s",
            );
            const preempted = await clone.sandbox("preempt", "training");
            expect(preempted.code, preempted.output).to.equal(0);
            const completed = await clone.sandbox(
                "kubectl",
                "wait",
                "job/training-preempted",
                "--namespace",
                "training",
                "--for",
                "condition=Complete",
                "--timeout",
                "150s",
            );
            expect(completed.code, completed.output).to.equal(0);
        } finally {
            restore();
        }
    });
});
