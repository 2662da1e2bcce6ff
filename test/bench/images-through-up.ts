import * as fs from "node:fs";
import * as path from "node:path";
import { destinationSchema, buildingStack, contextsOf, stackBuild } from "../../scripts/build/stack-build";
import { revisionOf } from "../../scripts/build/revision";
import { substituted, substitutions } from "../../scripts/build/substitutions";
import { homeOf } from "../../sandbox/home";
import { runPulumi } from "../../sandbox/pulumi/run";
import { stackFile } from "../../sandbox/pulumi/stacks";
import { pulumiEnvironment } from "../../sandbox/pulumi/environment";
import { buildctlArguments } from "../../sandbox/registry/buildctl";
import { buildkitAddress } from "../../sandbox/registry/buildkit";
import { must } from "../images/engine/run";
import { Clone } from "../sandbox/e2e/clone";
import { median, spread } from "./statistics";

const STACK = "sandbox";
const WAYS = ["buildctl", "pulumi up"] as const;
type Way = (typeof WAYS)[number];

/** A stack of a registry and its two images, nothing else: what `up` adds to the builds. */
const ONLY_IMAGES = { build: undefined, cluster: undefined, inference: undefined, training: undefined };

/**
 * The builds of a stack by its builder alone and by `pulumi up`, in alternating order on one sandbox: the same Dockerfiles, tags and cache, and both push.
 * @returns lines of Markdown
 */
export async function buildsThroughUp(repeats: number): Promise<readonly string[]> {
    const clone = new Clone();
    try {
        clone.configure(ONLY_IMAGES);
        clone.commit();
        const started = await clone.npm("start");
        if (started.code !== 0) {
            throw new Error(started.output);
        }
        const ways: Readonly<Record<Way, () => Promise<unknown>>> = { buildctl: await direct(clone), "pulumi up": () => up(clone) };
        const scenarios: Readonly<Record<string, () => Promise<void> | void>> = {
            "nothing changed": () => undefined,
            "one source line changed": () => {
                fs.appendFileSync(path.join(clone.folder, "docker", "inference", "handler.py"), "# one line more\n");
            },
            "empty builder, with the registry's cache": () => buildctl(clone, ["prune", "--all"]),
        };
        for (const way of WAYS) {
            await ways[way]();
        }
        const rows: string[] = [];
        for (const [scenario, prepare] of Object.entries(scenarios)) {
            const seconds: Record<Way, number[]> = { buildctl: [], "pulumi up": [] };
            for (let repeat = 0; repeat < repeats; repeat++) {
                for (const way of repeat % 2 === 0 ? WAYS : [...WAYS].reverse()) {
                    await prepare();
                    const begun = performance.now();
                    await ways[way]();
                    seconds[way].push((performance.now() - begun) / 1000);
                }
            }
            process.stderr.write(`${scenario}: ${JSON.stringify(seconds)}\n`);
            const more = median(seconds["pulumi up"]) - median(seconds.buildctl);
            rows.push(`| ${scenario} | ${more.toFixed(2)} s | ${spread(seconds.buildctl, " s")} | ${spread(seconds["pulumi up"], " s")} |`);
        }
        return [
            "",
            "## Through `pulumi up`",
            "",
            "Both images of a stack that has nothing but a registry and its images, on the sandbox, by its builder alone and by `pulumi up`: the same Dockerfiles, tags and registry cache. `pulumi up` builds each image once more, from the cache, to attach its provenance.",
            "",
            "| build | `up` takes longer by | `buildctl` | `pulumi up` |",
            "| --- | --- | --- | --- |",
            ...rows,
        ];
    } finally {
        await clone.npm("run", "sandbox:stop");
        clone.remove();
    }
}

/** @returns builds the stack's images side by side, as its engine does */
async function direct(clone: Clone): Promise<() => Promise<unknown>> {
    const destination = destinationSchema.parse(await clone.json("stack", "output", "--json"));
    const config = await buildingStack(STACK, clone.folder);
    return async () => {
        const revision = revisionOf(clone.folder, contextsOf(config, clone.folder));
        const steps = stackBuild(config, destination, revision).steps.filter(({ args }) => args[1] === "build");
        await Promise.all(
            steps.map((step) =>
                buildctl(clone, buildctlArguments(substituted(step, { ...substitutions(revision), BUILD_ID: "bench" }).slice(2), "push")),
            ),
        );
    };
}

async function up(clone: Clone): Promise<void> {
    const home = homeOf(clone.folder);
    const args = ["up", "--yes", "--skip-preview", "--stack", STACK, "--config-file", stackFile(home, STACK)];
    const { code, output } = await runPulumi(home, args, { cwd: clone.folder, capture: true });
    if (code !== 0) {
        throw new Error(output);
    }
}

async function buildctl(clone: Clone, args: readonly string[]): Promise<void> {
    const home = homeOf(clone.folder);
    await must(
        path.join(home.tools, "buildctl"),
        ["--addr", buildkitAddress(home), ...args],
        pulumiEnvironment(home, process.env),
        clone.folder,
    );
}
