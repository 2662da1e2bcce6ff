import { execFile } from "node:child_process";
import * as os from "node:os";
import { promisify } from "node:util";
import { BUILDKIT } from "../toolchain/toolsets";

const run = promisify(execFile);

/** BuildKit's own image at Docker Hub, at the version that the toolchain pins. */
export const BUILDKIT_IMAGE = `moby/buildkit:${BUILDKIT}`;
const ANSWERS_WITHIN_MS = 5000;
const PULLED_WITHIN_MS = 120_000;

/**
 * Whether a Docker engine runs here that can run BuildKit: it answers, it is this machine's (one elsewhere, or in a virtual machine, sees neither the folders
 * nor the loopback addresses of this one), and it has BuildKit's image or can pull it.
 */
export async function dockerRunsBuildkit(): Promise<boolean> {
    try {
        const { stdout } = await run("docker", ["info", "--format", "{{.OSType}} {{.Name}}"], { timeout: ANSWERS_WITHIN_MS });
        if (stdout.trim() !== `linux ${os.hostname()}`) {
            return false;
        }
        const present = await run("docker", ["image", "inspect", BUILDKIT_IMAGE]).then(
            () => true,
            () => false,
        );
        if (!present) {
            await run("docker", ["pull", "--quiet", BUILDKIT_IMAGE], { timeout: PULLED_WITHIN_MS });
        }
        // Where root itself lacks a capability, as in some containers, no privileged container can be had.
        await run("docker", ["run", "--rm", "--privileged", BUILDKIT_IMAGE, "--version"], { timeout: PULLED_WITHIN_MS });
        return true;
    } catch {
        return false;
    }
}

/** Removes a container that a killed daemon left behind. */
export async function removeContainer(name: string): Promise<void> {
    await run("docker", ["rm", "--force", name]).catch(() => undefined);
}
