import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { sandbox } from "../e2e/hooks";

const PREEMPTIONS = 20;
const MINUTE = 60_000;

interface Job {
    readonly spec: { readonly backoffLimit: number };
    readonly status: { readonly failed?: number; readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface Pod {
    readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
    readonly status: {
        readonly conditions?: readonly { readonly type: string; readonly status: string }[];
        readonly containerStatuses?: readonly { readonly state: { readonly terminated?: { readonly message?: string } } }[];
    };
}

/** `npm run soak`: what takes longer than a test should. */
describe("a spot training run with backoffLimit 0", () => {
    const kubectl = <T>(...args: readonly string[]): Promise<T> =>
        sandbox().clone.json<T>("kubectl", ...args, "--namespace", "training", "--output", "json");
    const job = () => kubectl<Job>("get", "job", "training-soaked");
    const pods = async () => (await kubectl<{ items: readonly Pod[] }>("get", "pods", "--selector", "job-name=training-soaked")).items;
    const holds = (conditions: Job["status"]["conditions"], type: string): boolean =>
        conditions?.some((condition) => condition.type === type && condition.status === "True") === true;

    /** The run's pod that trains now and is none of the earlier ones. */
    async function trainingPod(earlier: ReadonlySet<string>): Promise<string> {
        const deadline = Date.now() + 3 * MINUTE;
        while (Date.now() < deadline) {
            const { status } = await job();
            if (holds(status.conditions, "Complete") || holds(status.conditions, "Failed")) {
                throw new Error(`The run has ended after ${earlier.size} preemptions: ${JSON.stringify(status)}`);
            }
            const pod = (await pods()).find(
                ({ metadata, status: { conditions } }) =>
                    metadata.deletionTimestamp === undefined && !earlier.has(metadata.name) && holds(conditions, "Ready"),
            );
            if (pod !== undefined) {
                return pod.metadata.name;
            }
            await delay(500);
        }
        throw new Error(`No pod of the run was ready in three minutes after ${earlier.size} preemptions`);
    }

    it(`is alive after ${PREEMPTIONS} preemptions, and completes`, async () => {
        const { clone } = sandbox();
        const restore = clone.configure({
            "training.runId": "soaked",
            "training.args": ["--epochs", "400"],
            "training.backoffLimit": 0,
            "training.wait": false,
        });
        try {
            await clone.up();
        } finally {
            restore();
        }
        expect((await job()).spec.backoffLimit).to.equal(0);
        const preempted = new Set<string>();
        for (let count = 1; count <= PREEMPTIONS; count += 1) {
            const started = Date.now();
            const pod = await trainingPod(preempted);
            const { code, output } = await clone.sandbox("preempt", "training");
            expect(code, output).to.equal(0);
            preempted.add(pod);
            process.stdout.write(`      ${count}. ${pod} preempted, ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
        }
        const deadline = Date.now() + 15 * MINUTE;
        let now = await job();
        while (!holds(now.status.conditions, "Complete") && Date.now() < deadline) {
            expect(holds(now.status.conditions, "Failed"), JSON.stringify(now.status)).to.equal(false);
            await delay(2000);
            now = await job();
        }
        expect(holds(now.status.conditions, "Complete"), JSON.stringify(now.status)).to.equal(true);
        const last = (await pods()).find(({ metadata }) => !preempted.has(metadata.name));
        const report = JSON.parse(last?.status.containerStatuses?.[0]?.state.terminated?.message ?? "") as {
            epochs: number;
            resumed_from_epoch: number;
        };
        process.stdout.write(`      completed: epoch ${report.epochs}, the last pod went on from epoch ${report.resumed_from_epoch}\n`);
        expect(report.epochs).to.equal(400);
        expect(report.resumed_from_epoch).to.be.greaterThan(0);
    });
});
