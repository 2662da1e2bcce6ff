import { expect } from "chai";
import type { Clone, Ended } from "./clone";
import { sandbox } from "./hooks";

interface Claims {
    readonly items: readonly { readonly metadata: { readonly name: string; readonly uid: string } }[];
}

/** Resources that an edit of the stack file removes, and those that it keeps. */
describe("runs and their data", () => {
    let clone: Clone;

    before(() => ({ clone } = sandbox()));

    /** Returns the output of a command after some changes in the stack file. */
    async function edited(changes: Readonly<Record<string, unknown>>, ...command: readonly string[]): Promise<Ended> {
        const restore = clone.configure(changes);
        try {
            return await clone.sandbox(...command);
        } finally {
            restore();
        }
    }

    /** Previews changes that must be refused with one error and no other output of the program. @returns the error */
    async function refused(changes: Readonly<Record<string, unknown>>): Promise<string> {
        const { code, output } = await edited(changes, "preview");
        expect(code, output).to.not.equal(0);
        expect(output).to.not.match(/Warning|unhandled|    at /);
        const errors = output.split("\n").filter((line) => line.startsWith("    error: "));
        expect(errors, output).to.have.length(1);
        return errors[0] ?? "";
    }

    const claims = () => clone.json<Claims>("kubectl", "get", "pvc", "--namespace", "training", "--output", "json");

    it("cannot move to a second namespace", async () => {
        expect(await refused({ "training.namespace": "runs" })).to.contain(
            "ml-platform:training.namespace is runs, but run first is in namespace training, with its checkpoints.",
        );
    });

    it("cannot shrink an existing claim", async () => {
        expect(await refused({ "training.checkpoints.size": "512Mi" })).to.contain(
            "ml-platform:training.checkpoints.size is 512Mi, but claim checkpoints already has 1Gi, and a disk cannot shrink.",
        );
    });

    it("keep the service account of a run that is still training", async function () {
        this.timeout(5 * 60_000);
        const long = { "training.runId": "long", "training.args": ["--epochs", "1000000"], "training.wait": false };
        const up = await edited(long, "up", "--yes", "--skip-preview");
        expect(up.code, up.output).to.equal(0);
        const lost = "Run long still trains in namespace training, and this update would remove its service account.";
        expect(await refused({ training: undefined })).to.contain(lost);
        expect(await refused({ "training.namespace": "runs", "training.runId": "other" })).to.contain(lost);
        const { code, output } = await clone.sandbox("kubectl", "--namespace", "training", "delete", "job", "training-long");
        expect(code, output).to.equal(0);
        await clone.up();
    });

    it("outlive their section, and return to the stack with it", async function () {
        this.timeout(5 * 60_000);
        const before = await claims();
        const job = ["kubectl", "--namespace", "training", "get", "job", "training-first", "--output", "jsonpath={.metadata.uid}"];
        const run = await clone.sandbox(...job);
        const removed = await edited({ training: undefined }, "up", "--yes", "--skip-preview");
        expect(removed.code, removed.output).to.equal(0);
        expect(await claims()).to.deep.equal(before);
        const { output } = await edited({ training: undefined }, "preview");
        expect(output).to.contain(
            "Claim checkpoints (1Gi) in namespace training is kept with its data, and the stack file does not use it.",
        );
        await clone.up();
        expect((await claims()).items.map(({ metadata }) => metadata.uid)).to.deep.equal(before.items.map(({ metadata }) => metadata.uid));
        expect(await clone.sandbox(...job)).to.deep.equal(run);
        const { code, output: after } = await clone.sandbox("preview", "--expect-no-changes");
        expect(code, after).to.equal(0);
    });
});
