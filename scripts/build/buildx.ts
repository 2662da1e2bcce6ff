import type { Result } from "./buildctl";

/** What the step says of its result, which is decided here, and of writing the cache, which Docker's own driver cannot. */
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
