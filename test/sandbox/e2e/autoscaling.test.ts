import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { POOL_LABEL } from "../../../k8s/gpu";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";

/** Number of requests in flight. */
const CLIENTS = 16;
const IMAGE = JSON.stringify({ image: Array.from({ length: 64 }, (_, pixel) => pixel % 17) });

interface Autoscaler {
    readonly status: {
        readonly desiredReplicas: number;
        readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
        readonly currentMetrics?: readonly { readonly pods?: { readonly current: { readonly averageValue: string } } }[];
    };
}

interface Items {
    readonly items: readonly {
        readonly metadata: { readonly name: string };
        readonly spec: { readonly nodeName?: string };
        readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
    }[];
}

/** Clients of the service. Each sends its next request for a prediction when it has an answer. */
class Load {
    private stopped = false;
    private answered = 0;
    private readonly clients: readonly Promise<void>[];

    constructor(private readonly url: string) {
        this.clients = Array.from({ length: CLIENTS }, () => this.client());
    }

    /** @returns the number of predictions */
    async stop(): Promise<number> {
        this.stopped = true;
        await Promise.all(this.clients);
        return this.answered;
    }

    private async client(): Promise<void> {
        while (!this.stopped) {
            const options = { method: "POST", body: IMAGE, signal: AbortSignal.timeout(10_000) };
            const digit = await fetch(this.url, options).then(
                async (response) => ((await response.json()) as { readonly digit?: number }).digit,
                () => undefined,
            );
            if (digit === undefined) {
                await delay(100);
            } else {
                this.answered += 1;
            }
        }
    }
}

// This test runs first after the start: a rollout leaves a second node, where the second pod would start.
describe("a service that scales by its requests in flight", () => {
    let clone: Clone;
    let restore: () => void;

    const json = <T>(...args: readonly string[]) => clone.json<T>("kubectl", "get", ...args, "--output", "json");
    const autoscaler = () => json<Autoscaler>("hpa", "digits", "--namespace", "inference");
    const pods = async () =>
        (await json<Items>("pods", "--namespace", "inference", "--selector", "app.kubernetes.io/name=digits")).items.filter(
            ({ status }) => status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") === true,
        );
    const nodes = async () =>
        (await json<Items>("nodes", "--selector", `${POOL_LABEL}=inference`)).items.map(({ metadata }) => metadata.name).sort();
    /** Reads a value until a condition is true. @throws Error with the last value if the time ends */
    async function until<T>(seconds: number, ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
        const deadline = Date.now() + 1000 * seconds;
        for (;;) {
            const value = await ask();
            if (holds(value)) {
                return value;
            }
            if (Date.now() > deadline) {
                throw new Error(`not within ${seconds} s: ${JSON.stringify(value)}`);
            }
            await delay(1000);
        }
    }
    /** Average number of requests in flight per pod, as the autoscaler last read it. */
    const average = ({ status }: Autoscaler): number => {
        const text = status.currentMetrics?.[0]?.pods?.current.averageValue ?? "";
        return text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text);
    };
    const condition = ({ status }: Autoscaler, type: string) => status.conditions.find((one) => one.type === type);

    before(async () => {
        clone = sandbox().clone;
        restore = clone.configure({
            "inference.services.0.replicas": undefined,
            "inference.services.0.autoscaling": { min: 1, max: 2, target: 2 },
        });
        await clone.up();
    });

    after(async () => {
        restore();
        await clone.up();
        await until(120, pods, ({ length }) => length === 1);
    });

    it("gets a second pod on a new node, and removes it only after a while without load", async () => {
        const [, address = ""] = /inference\/digits +(http:\S+)/.exec(sandbox().start.output) ?? [];
        const before = await nodes();
        expect(before).to.have.length(1);
        const idle = await until(120, autoscaler, (one) => condition(one, "ScalingActive")?.status === "True");
        expect([average(idle), idle.status.desiredReplicas]).to.deep.equal([0, 1]);

        const load = new Load(`${address}/predict`);
        let answered: number;
        try {
            const busy = await until(120, autoscaler, ({ status }) => status.desiredReplicas === 2);
            expect(average(busy)).to.be.greaterThan(2);
            const ready = await until(120, pods, ({ length }) => length === 2);
            const added = (await nodes()).filter((name) => !before.includes(name));
            expect(added).to.have.length(1);
            expect(ready.map(({ spec }) => spec.nodeName)).to.have.members([...before, ...added]);
        } finally {
            answered = await load.stop();
        }
        expect(answered).to.be.greaterThan(100);

        const quiet = await until(120, autoscaler, (one) => average(one) === 0);
        expect(quiet.status.desiredReplicas).to.equal(2);
        expect(condition(quiet, "AbleToScale")?.reason).to.equal("ScaleDownStabilized");
    }).timeout(600_000);
});
