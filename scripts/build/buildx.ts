import { execFileSync } from "node:child_process";
import { CommandError } from "../command-line/run";

/** Destination of a built image: Docker, or the registry. */
export type Result = "keep" | "push";

/** @throws CommandError if Docker's buildx does not answer, or cannot attach attestations to an image that it pushes */
export function checkBuildx(result: Result): void {
    const builder = answerOf("buildx", "inspect");
    if (builder === undefined) {
        throw new CommandError(
            "No builder answers: start Docker with its buildx plugin, or build in the sandbox: `npm run sandbox -- run npm run build-local`.",
        );
    }
    // https://docs.docker.com/build/builders/drivers/docker/
    if (result === "push" && /^Driver: +docker$/m.test(builder) && !storesIndexes()) {
        throw new CommandError(
            "Docker's own builder cannot push an image with its provenance: create another builder with `docker buildx create --use`, or turn on Docker's containerd image store.",
        );
    }
}

/** Whether Docker keeps images in containerd, which stores attestations with an image. https://docs.docker.com/engine/storage/containerd/ */
const storesIndexes = (): boolean => answerOf("info", "--format={{json .DriverStatus}}")?.includes("io.containerd.snapshotter") === true;

function answerOf(...args: readonly string[]): string | undefined {
    try {
        return execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 20_000 });
    } catch {
        return undefined;
    }
}

/** Flags that a local build replaces or omits: those of the result, and those that write the cache, which Docker's driver does not support. */
const LEFT_OUT = /^--(load|push|cache-to=.*|provenance=.*|sbom=.*)$/;

/**
 * A `buildx build` step of the build definition, for Docker on this machine.
 * @param attestations flags for an image that is pushed; Docker's image store keeps no attestations
 */
export function buildxArguments(
    step: readonly string[],
    result: Result,
    { secrets, attestations }: { readonly secrets: readonly string[]; readonly attestations: readonly string[] },
): string[] {
    const kept = step.filter((arg) => !LEFT_OUT.test(arg) && (result === "push" || !arg.startsWith("--cache-from=")));
    return [
        ...kept.slice(0, -1),
        ...secrets.map((secret) => `--secret=${secret}`),
        ...(result === "push" ? [...attestations, "--push"] : ["--provenance=false", "--load"]),
        ...kept.slice(-1),
    ];
}
