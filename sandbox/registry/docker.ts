import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** BuildKit's own image at Docker Hub, at the version that the toolchain pins. */
export const BUILDKIT_IMAGE = "moby/buildkit:v0.31.1";
const ANSWERS_WITHIN_MS = 5000;
const PULLED_WITHIN_MS = 120_000;

/** Whether a Docker engine runs here that can run BuildKit: it answers, and has BuildKit's image or can pull it. */
export async function dockerRunsBuildkit(): Promise<boolean> {
    try {
        const { stdout } = await run("docker", ["info", "--format", "{{.OSType}}"], { timeout: ANSWERS_WITHIN_MS });
        if (stdout.trim() !== "linux") return false;
        const present = await run("docker", ["image", "inspect", BUILDKIT_IMAGE]).then(
            () => true,
            () => false,
        );
        if (!present) await run("docker", ["pull", "--quiet", BUILDKIT_IMAGE], { timeout: PULLED_WITHIN_MS });
        return true;
    } catch {
        return false;
    }
}

/** Removes a container that a killed daemon left behind. */
export async function removeContainer(name: string): Promise<void> {
    await run("docker", ["rm", "--force", name]).catch(() => undefined);
}
