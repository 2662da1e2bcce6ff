import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import type { Home } from "../home";
import type { Service } from "../processes";

const run = promisify(execFile);

/** Name under which buildx, and so the docker-build provider, knows the sandbox's builder. */
export const BUILDER = "sandbox";

/** The socket of the sandbox's BuildKit. */
export function buildkitAddress(home: Home): string {
    return `unix://${path.join(home.run, "buildkitd.sock")}`;
}

/**
 * BuildKit with runc and the host's network (a build step reaches what the machine reaches). Base images are asked of the local registry
 * first; a registry on loopback is spoken to over plain HTTP.
 */
export function buildkitService(home: Home, registryPort: number): Service {
    const registry = `127.0.0.1:${String(registryPort)}`;
    const config = path.join(home.run, "buildkitd.toml");
    fs.writeFileSync(
        config,
        [
            `root = "${path.join(home.run, "buildkit")}"`,
            `[grpc]`,
            `  address = ["${buildkitAddress(home)}"]`,
            `[worker.oci]`,
            `  enabled = true`,
            `  snapshotter = "overlayfs"`,
            `  binary = "${path.join(home.tools, "runc")}"`,
            `  networkMode = "host"`,
            `  defaultCgroupParent = "/ml-platform-${home.id}/buildkit"`,
            `[worker.containerd]`,
            `  enabled = false`,
            `[registry."docker.io"]`,
            `  mirrors = ["${registry}"]`,
            `[registry."${registry}"]`,
            `  http = true`,
            ``,
        ].join("\n"),
    );
    return {
        name: "buildkitd",
        command: path.join(home.tools, "buildkitd"),
        args: ["--config", config],
        ready: async () => {
            await run(path.join(home.tools, "buildctl"), ["--addr", buildkitAddress(home), "debug", "workers"], { timeout: 2000 });
            return true;
        },
        readyWithinMs: 30_000,
    };
}

/** Makes the sandbox's BuildKit the current builder of a buildx configuration folder, as `buildx create --use --driver remote` does. */
export function useBuilder(home: Home, buildxConfig: string): void {
    const address = buildkitAddress(home);
    const instance = {
        Name: BUILDER,
        Driver: "remote",
        Nodes: [{ Name: `${BUILDER}0`, Endpoint: address, Platforms: null, DriverOpts: null, Flags: null, Files: null }],
        Dynamic: false,
    };
    fs.mkdirSync(path.join(buildxConfig, "instances"), { recursive: true });
    fs.writeFileSync(path.join(buildxConfig, "instances", BUILDER), JSON.stringify(instance));
    fs.writeFileSync(
        path.join(buildxConfig, "current"),
        JSON.stringify({ Key: "unix:///var/run/docker.sock", Name: BUILDER, Global: true }),
    );
}
