import * as os from "node:os";
import { command, succeeds } from "../host/command";
import { BUILDKIT } from "../toolchain/toolsets";

/** BuildKit's image on Docker Hub, in the version that the toolchain pins. */
export const BUILDKIT_IMAGE = `moby/buildkit:${BUILDKIT}`;
const ANSWERS_WITHIN_MS = 5000;
const PULLED_WITHIN_MS = 120_000;

/**
 * Whether the local Docker engine can run BuildKit: it responds; it runs on this machine (a remote engine, or one in a virtual machine, can
 * access neither the folders nor the loopback addresses); and it has BuildKit's image or can pull it.
 */
export async function dockerRunsBuildkit(): Promise<boolean> {
    const info = await command("docker", ["info", "--format", "{{.OSType}} {{.Name}}"], { timeoutMs: ANSWERS_WITHIN_MS }).catch(() => "");
    if (info.trim() !== `linux ${os.hostname()}`) {
        return false;
    }
    const options = { timeoutMs: PULLED_WITHIN_MS };
    const present = await succeeds("docker", ["image", "inspect", BUILDKIT_IMAGE]);
    if (!present && !(await succeeds("docker", ["pull", "--quiet", BUILDKIT_IMAGE], options))) {
        return false;
    }
    // If root lacks a capability, as in some containers, Docker cannot start privileged containers.
    return succeeds("docker", ["run", "--rm", "--privileged", BUILDKIT_IMAGE, "--version"], options);
}

/** Removes a container that a killed daemon left behind. */
export async function removeContainer(name: string): Promise<void> {
    await succeeds("docker", ["rm", "--force", name]);
}
