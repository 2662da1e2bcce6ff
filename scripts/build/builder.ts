import { execFileSync } from "node:child_process";
import { CommandError } from "../command-line/run";

/** A program that builds images on this machine. */
export type Builder = "buildx" | "buildctl";

/**
 * The builder of this machine: Docker's buildx, or BuildKit's own client where `BUILDKIT_HOST` says where BuildKit is.
 * @throws CommandError where there is neither
 */
export function localBuilder(): Builder {
    if (process.env.BUILDKIT_HOST !== undefined && answers("buildctl", ["debug", "workers"])) {
        return "buildctl";
    }
    if (answers("docker", ["buildx", "inspect"])) {
        return "buildx";
    }
    throw new CommandError(
        "No builder answers: start Docker with its buildx plugin, or set BUILDKIT_HOST for buildctl. The sandbox has one: `npm run sandbox -- run npm run build-local`.",
    );
}

function answers(program: string, args: readonly string[]): boolean {
    try {
        execFileSync(program, args, { stdio: "ignore", timeout: 20_000 });
        return true;
    } catch {
        return false;
    }
}
