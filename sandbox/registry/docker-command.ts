import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { onPath } from "../host/command";
import { buildctlArguments } from "./buildctl";

/** Installs a `docker` command among the sandbox's tools, so that scripts with `docker buildx` work on a machine without it. */
export function installDockerCommand({ tools }: Home): void {
    const node = `"${process.execPath}" --require "${require.resolve("tsx/cjs")}"`;
    fs.writeFileSync(path.join(tools, "docker"), `#!/bin/sh\nexec ${node} "${__filename}" "${tools}" "$@"\n`, { mode: 0o755 });
}

/**
 * The `docker` command: if the machine's Docker has no buildx, `docker buildx build` and `docker buildx inspect` use the BuildKit at
 * BUILDKIT_HOST. All other commands run the machine's Docker.
 * @param tools folder of this command
 * @returns the exit status
 * @throws Error if the command needs Docker and it is not installed
 */
function docker(tools: string, args: readonly string[]): number {
    const own = onPath("docker", tools);
    const [group, command] = args;
    if (group === "buildx" && (own === undefined || !hasBuildx(own))) {
        switch (command) {
            case "inspect":
                return run("buildctl", ["debug", "workers"]);
            case "build":
                return run("buildctl", buildctlArguments(args.slice(2), args.includes("--push") ? "push" : "keep"));
        }
    }
    if (own === undefined) {
        throw new Error(
            `docker ${args.join(" ")}: this machine has no Docker. The sandbox supports docker buildx build and docker buildx inspect.`,
        );
    }
    return run(own, args);
}

function hasBuildx(program: string): boolean {
    return spawnSync(program, ["buildx", "version"], { stdio: "ignore" }).status === 0;
}

function run(program: string, args: readonly string[]): number {
    return spawnSync(program, args, { stdio: "inherit" }).status ?? 1;
}

if (require.main === module) {
    const [tools = "", ...args] = process.argv.slice(2);
    try {
        process.exitCode = docker(tools, args);
    } catch (error) {
        process.stderr.write(`${(error as Error).message}\n`);
        process.exitCode = 1;
    }
}
