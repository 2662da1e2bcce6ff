import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ensureDaemon } from "../../sandbox/daemon/client";
import { homeOf } from "../../sandbox/home";
import { runPulumi } from "../../sandbox/pulumi/run";
import { ensureStack, stackFile } from "../../sandbox/pulumi/stacks";
import { median, spread } from "./statistics";

const REPEATS = 7;

/**
 * Preview of the whole sandbox stack against preview of an empty program, on the same engine, in turn. The ratio is what the stack's size costs
 * beyond starting the engine, Node and the SDK.
 */
export async function previewBenchmark(): Promise<void> {
    const home = homeOf(path.join(__dirname, "..", ".."));
    await ensureDaemon(home);
    await ensureStack(home, "sandbox");
    const empty = fs.mkdtempSync(path.join(os.tmpdir(), "ml-platform-empty-"));
    try {
        makeEmptyProgram(home.clone, empty);
        const init = await runPulumi(home, ["stack", "init", "empty"], { cwd: empty, capture: true });
        if (init.code !== 0 && !init.output.includes("already exists")) {
            throw new Error(init.output);
        }
        const stack = async (): Promise<number> =>
            timed(home.clone, ["preview", "--stack", "sandbox", "--config-file", stackFile(home, "sandbox")]);
        const nothing = async (): Promise<number> => timed(empty, ["preview", "--stack", "empty"]);
        const timed = async (cwd: string, args: readonly string[]): Promise<number> => {
            const started = performance.now();
            const { code, output } = await runPulumi(home, args, { cwd, capture: true });
            if (code !== 0) {
                throw new Error(output);
            }
            return (performance.now() - started) / 1000;
        };
        await stack();
        await nothing();
        const [stacks, nothings]: [number[], number[]] = [[], []];
        for (let repeat = 0; repeat < REPEATS; repeat += 1) {
            stacks.push(await stack());
            nothings.push(await nothing());
        }
        process.stdout.write(
            [
                `Preview, ${REPEATS} times in turn: median (least–most)`,
                `  whole stack / empty program   ${spread(stacks.map((value, index) => value / (nothings[index] ?? NaN)))}   ratio of medians ${(median(stacks) / median(nothings)).toFixed(2)}`,
                `  whole stack                   ${spread(stacks, " s")}`,
                `  empty program                 ${spread(nothings, " s")}`,
                ``,
            ].join("\n"),
        );
    } finally {
        await runPulumi(home, ["stack", "rm", "empty", "--yes"], { cwd: empty, capture: true });
        fs.rmSync(empty, { recursive: true });
    }
}

function makeEmptyProgram(clone: string, folder: string): void {
    fs.symlinkSync(path.join(clone, "node_modules"), path.join(folder, "node_modules"));
    for (const file of ["tsconfig.json", "tsconfig.check.json"]) {
        fs.copyFileSync(path.join(clone, file), path.join(folder, file));
    }
    fs.writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "empty", main: "index.ts" }));
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: empty\nruntime: nodejs\n");
    fs.writeFileSync(
        path.join(folder, "index.ts"),
        'import * as pulumi from "@pulumi/pulumi";\n\nexport const stack = pulumi.getStack();\n',
    );
}
