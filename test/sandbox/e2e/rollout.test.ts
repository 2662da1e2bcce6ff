import { expect } from "chai";
import { sandbox } from "./hooks";
import { Probe } from "./probe";

const SOURCE = "docker/inference/handler.py";

interface Deployment {
    readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Record<string, string> };
    readonly spec: {
        readonly strategy: unknown;
        readonly selector: { readonly matchLabels: Record<string, string> };
        readonly template: { readonly metadata: { readonly labels: Record<string, string> }; readonly spec: unknown };
    };
}

/** kserve#4618, LLMKube#192: a rollout that requests one GPU more than the pool has never ends. */
describe("as many replicas as the pool has GPUs", () => {
    const kubectl = (...args: readonly string[]) => sandbox().clone.sandbox("kubectl", ...args, "--namespace", "inference");
    let restore: () => void;

    before(async () => {
        const { clone } = sandbox();
        restore = clone.configure({ "inference.services.0.replicas": 2 });
        await clone.up();
    });

    after(async () => {
        restore();
        await sandbox().clone.up();
    });

    it("complete a rollout of a new image while one replica answers", async () => {
        const { clone, start } = sandbox();
        const [, address = ""] = /inference\/digits +(http:\S+)/.exec(start.output) ?? [];
        const original = clone.read(SOURCE);
        clone.write(SOURCE, `${original}\n# rolled\n`);
        const probe = new Probe(`${address}/ready`);
        try {
            await clone.up();
            await clone.json(
                "kubectl",
                "wait",
                "deployment/digits",
                "--namespace",
                "inference",
                "--for",
                "condition=Available",
                "--output",
                "json",
            );
        } finally {
            clone.write(SOURCE, original);
        }
        const { asked, answered } = await probe.stop();
        process.stdout.write(`      available during the roll: ${((100 * answered) / asked).toFixed(1)} % of ${asked} requests\n`);
        expect(asked).to.be.greaterThan(50);
        expect(answered / asked).to.be.greaterThan(0.95);
    });

    it("deadlock with the default strategy: the new pod waits for a GPU that no node has", async () => {
        const { clone } = sandbox();
        const digits = await clone.json<Deployment>(
            "kubectl",
            "get",
            "deployment",
            "digits",
            "--namespace",
            "inference",
            "--output",
            "json",
        );
        const labels = { app: "plain" };
        const plain = {
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: { name: "plain", namespace: "inference" },
            spec: {
                replicas: 2,
                selector: { matchLabels: labels },
                template: { metadata: { labels }, spec: digits.spec.template.spec },
            },
        };
        clone.write("plain.json", JSON.stringify(plain));
        await kubectl("scale", "deployment", "digits", "--replicas", "0");
        await kubectl("wait", "pods", "--selector", "app.kubernetes.io/name=digits", "--for", "delete", "--timeout", "60s");
        try {
            expect((await kubectl("apply", "--filename", "plain.json")).code).to.equal(0);
            const up = await kubectl("rollout", "status", "deployment/plain", "--timeout", "90s");
            expect(up.code, up.output).to.equal(0);
            await kubectl("set", "env", "deployment/plain", "ROLL=1");
            const rolled = await kubectl("rollout", "status", "deployment/plain", "--timeout", "15s");
            expect(rolled.code).to.equal(1);
            expect(rolled.output).to.contain("timed out waiting for the condition");
            const events = await kubectl("get", "events", "--field-selector", "reason=FailedScheduling");
            expect(events.output).to.contain("Insufficient nvidia.com/gpu");
        } finally {
            await kubectl("delete", "deployment", "plain", "--wait=true");
            await kubectl("scale", "deployment", "digits", "--replicas", "2");
        }
    });
});
