import { previewBenchmark } from "./preview";
import { scaleBenchmark } from "./scale";

/** `npm run bench [name]`: runs the benchmarks, or the one that is named, and prints a table for each. */
const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = { preview: previewBenchmark, scale: scaleBenchmark };

async function main(name: string | undefined): Promise<void> {
    const chosen = name === undefined ? Object.values(BENCHMARKS) : [BENCHMARKS[name]];
    for (const benchmark of chosen) {
        if (benchmark === undefined) {
            throw new Error(`There is no benchmark ${name}. There are: ${Object.keys(BENCHMARKS).join(", ")}.`);
        }
        await benchmark();
    }
}

main(process.argv[2]).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
