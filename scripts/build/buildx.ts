import { execFileSync } from "node:child_process";
import { CommandError } from "../command-line/run";

/** Destination of a built image: Docker, or the registry. */
export type Result = "keep" | "push";

/** @throws CommandError if Docker's buildx does not answer */
export function checkBuildx(): void {
    try {
        execFileSync("docker", ["buildx", "inspect"], { stdio: "ignore", timeout: 20_000 });
    } catch {
        throw new CommandError(
            "No builder answers: start Docker with its buildx plugin, or build in the sandbox: `npm run sandbox -- run npm run build-local`.",
        );
    }
}

/** Flags that a local build replaces or omits: those of the result, and those that write the cache, which Docker's driver does not support. */
const LEFT_OUT = /^--(load|push|cache-to=.*|provenance=.*)$/;

/** A `buildx build` step of the build definition, for Docker on this machine. */
export function buildxArguments(step: readonly string[], result: Result, secrets: readonly string[]): string[] {
    const kept = step.filter((arg) => !LEFT_OUT.test(arg) && (result === "push" || !arg.startsWith("--cache-from=")));
    return [
        ...kept.slice(0, -1),
        ...secrets.map((secret) => `--secret=${secret}`),
        "--provenance=false",
        result === "push" ? "--push" : "--load",
        ...kept.slice(-1),
    ];
}
