import { Clone } from "../sandbox/e2e/clone";
import { median, spread } from "./statistics";

const SIZES = [1, 10, 50, 200] as const;
/** The size that the others are compared with. */
const BASE = 10;
const REPEATS = 3;
/** GPUs of a node of the pool: 200 services of one GPU each take 50 nodes. */
const GPUS = 4;

/** A size that the stack was brought to. */
interface Grown {
    readonly services: number;
    readonly added: number;
    /** Seconds, of the update that brought the services from the size before to this one. */
    readonly up: number;
}

interface Row extends Grown {
    /** Seconds, of an update that changes nothing. */
    readonly upSame: number;
    /** Seconds. */
    readonly previews: readonly number[];
    readonly nodes: number;
}

/**
 * One stack with 1, 10, 50 and 200 services on one sandbox: the time of a preview and of an update, by service. All nodes are simulated, so that what is
 * measured is the engine, the providers and the cluster, and not how fast this machine starts Python.
 *
 * The updates run once more, on another sandbox, without the engine's checkpoints: into files the engine writes the whole state after each step
 * (https://github.com/pulumi/pulumi/issues/10668), so that a step takes longer the more resources the stack has, whatever they are.
 */
export async function scaleBenchmark(): Promise<void> {
    process.env.SANDBOX_REAL_NODES = "0";
    try {
        const rows = await onSandbox((clone) => grow(clone, (grown) => measured(clone, grown)));
        process.env.PULUMI_SKIP_CHECKPOINTS = "true";
        print(rows, await onSandbox((clone) => grow(clone, (grown) => Promise.resolve(grown))));
    } finally {
        delete process.env.SANDBOX_REAL_NODES;
        delete process.env.PULUMI_SKIP_CHECKPOINTS;
    }
}

async function onSandbox<T>(measure: (clone: Clone) => Promise<T>): Promise<T> {
    const clone = new Clone();
    try {
        clone.configure({
            "cluster.pools": [{ name: "fleet", accelerator: "nvidia-l4", acceleratorCount: GPUS, maxNodes: Math.max(...SIZES) / GPUS }],
            "inference.services": [],
            training: undefined,
        });
        const started = await clone.npm("start");
        if (started.code !== 0) {
            throw new Error(started.output);
        }
        return await measure(clone);
    } finally {
        await clone.npm("run", "sandbox:stop");
        clone.remove();
    }
}

/** Brings the stack to one size after the other, and looks at each. */
async function grow<T extends Grown>(clone: Clone, look: (grown: Grown) => Promise<T>): Promise<readonly T[]> {
    const rows: T[] = [];
    for (const services of SIZES) {
        clone.configure({ "inference.services": Array.from({ length: services }, (_, index) => service(index)) });
        const added = services - (rows.at(-1)?.services ?? 0);
        const up = await timed(() => clone.up());
        const row = await look({ services, added, up });
        rows.push(row);
        process.stderr.write(`${JSON.stringify(row)}\n`);
    }
    return rows;
}

async function measured(clone: Clone, grown: Grown): Promise<Row> {
    const upSame = await timed(() => clone.up());
    const previews: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
        previews.push(await timed(() => preview(clone)));
    }
    const nodes = (await clone.json<{ items: readonly unknown[] }>("kubectl", "get", "nodes", "--output", "json")).items.length;
    return { ...grown, upSame, previews, nodes };
}

function service(index: number): object {
    return { name: `service-${index}`, pool: "fleet", cpu: "500m", memory: "1Gi", coldStartSeconds: 60, drainSeconds: 5 };
}

async function preview(clone: Clone): Promise<void> {
    const { code, output } = await clone.sandbox("preview");
    if (code !== 0 || !/Resources:\n {4}\d+ unchanged\n/.test(output)) {
        throw new Error(output);
    }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
    const started = performance.now();
    await work();
    return (performance.now() - started) / 1000;
}

function print(rows: readonly Row[], unchecked: readonly Grown[]): void {
    const seconds = (value: number): string => `${value.toFixed(2)} s`.padStart(9);
    /** Of each row, and its ratio to the row of the base. */
    const columns = <T extends Grown>(of: readonly T[], each: (row: T) => number): readonly string[] => {
        const base = of.find(({ services }) => services === BASE);
        if (base === undefined) {
            throw new Error(`no size is ${BASE}`);
        }
        return of.map((row) => seconds(each(row)) + (each(row) / each(base)).toFixed(2).padStart(6));
    };
    const previews = columns(rows, (row) => median(row.previews) / row.services);
    const added = columns(rows, (row) => row.up / row.added);
    const addedUnchecked = columns(unchecked, (row) => row.up / row.added);
    const same = columns(rows, (row) => row.upSame / row.services);
    const lines = rows.map((row, index) =>
        [
            String(row.services).padStart(8),
            String(row.nodes).padStart(6),
            spread(row.previews, " s").padStart(22),
            previews[index],
            `${seconds(row.up)} (+${row.added})`.padStart(18),
            added[index],
            addedUnchecked[index]?.padStart(22),
            seconds(row.upSame),
            same[index],
        ].join("  "),
    );
    process.stdout.write(
        [
            `Scale: one stack, all nodes simulated; previews ${REPEATS} times, median (least–most); ratios to ${BASE} services`,
            "services   nodes                 preview     per service ratio   up (added)           per added  ratio   … without checkpoints   up, same     per service ratio",
            ...lines,
            "",
        ].join("\n"),
    );
}
