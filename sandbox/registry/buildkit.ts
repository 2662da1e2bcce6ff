import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { succeeds } from "../host/command";
import type { Service } from "../host/processes";
import { unmountBelow } from "../host/short-path";
import { BUILDKIT_IMAGE, dockerRunsBuildkit, removeContainer } from "./docker";

/** Name of the sandbox's builder in buildx and in the docker-build provider. */
export const BUILDER = "sandbox";

/** Address of the sandbox's BuildKit socket. */
export function buildkitAddress(home: Home): string {
    return `unix://${path.join(socketFolder(home), "buildkitd.sock")}`;
}

/** Folder of BuildKit's socket. */
function socketFolder(home: Home): string {
    return path.join(home.run, "buildkitd");
}

/**
 * Returns the BuildKit service, with runc and the host's network, so that build steps can reach everything that the machine can. It runs in
 * a container if the local Docker engine supports it, else as a process. It pulls base images from the local registry first, over plain
 * HTTP.
 */
export async function buildkitService(home: Home, registryPort: number): Promise<Service> {
    fs.mkdirSync(socketFolder(home), { recursive: true });
    const inDocker = await dockerRunsBuildkit();
    if (inDocker) {
        await removeContainer(containerName(home));
    }
    return {
        name: "buildkitd",
        ...(inDocker ? container(home, registryPort) : program(home, registryPort)),
        ready: () =>
            succeeds(path.join(home.tools, "buildctl"), ["--addr", buildkitAddress(home), "debug", "workers"], { timeoutMs: 2000 }),
        readyWithinMs: 30_000,
    };
}

function program(home: Home, registryPort: number): Pick<Service, "command" | "args" | "env"> {
    // Not in /tmp, so that the mounts of a killed BuildKit are cleaned up with all others.
    const temporary = path.join(home.run, "tmp");
    unmountBelow(temporary);
    fs.rmSync(temporary, { recursive: true, force: true });
    fs.mkdirSync(temporary);
    const worker = [
        `  binary = "${path.join(home.tools, "runc")}"`,
        // Same as the default without a CNI configuration.
        `  networkMode = "host"`,
        `  defaultCgroupParent = "/ml-platform-${home.id}/buildkit"`,
    ];
    const config = writeConfig(home, registryPort, { root: path.join(home.run, "buildkit"), socket: socketFolder(home), worker });
    return { command: path.join(home.tools, "buildkitd"), args: ["--config", config], env: { TMPDIR: temporary } };
}

function container(home: Home, registryPort: number): Pick<Service, "command" | "args"> {
    const config = writeConfig(home, registryPort, {
        root: "/var/lib/buildkit",
        socket: "/run/buildkit",
        worker: [`  networkMode = "host"`],
    });
    const mounts = [
        [config, "/etc/buildkit/buildkitd.toml"],
        [socketFolder(home), "/run/buildkit"],
        [path.join(home.run, "buildkit"), "/var/lib/buildkit"],
    ];
    return {
        command: "docker",
        args: [
            ...["run", "--rm", "--name", containerName(home), "--privileged", "--network", "host"],
            ...mounts.flatMap(([from, to]) => ["--volume", `${from}:${to}`]),
            BUILDKIT_IMAGE,
        ],
    };
}

function containerName(home: Home): string {
    return `ml-platform-${home.id}-buildkit`;
}

function writeConfig(
    home: Home,
    registryPort: number,
    { root, socket, worker }: { readonly root: string; readonly socket: string; readonly worker: readonly string[] },
): string {
    const registry = `127.0.0.1:${registryPort}`;
    const file = path.join(home.run, "buildkitd.toml");
    const lines = [
        `root = "${root}"`,
        `[grpc]`,
        `  address = ["unix://${path.join(socket, "buildkitd.sock")}"]`,
        `[worker.oci]`,
        `  enabled = true`,
        `  snapshotter = "overlayfs"`,
        ...worker,
        `[worker.containerd]`,
        `  enabled = false`,
        `[registry."docker.io"]`,
        `  mirrors = ["${registry}"]`,
        `[registry."${registry}"]`,
        `  http = true`,
    ];
    fs.writeFileSync(file, `${lines.join("\n")}\n`);
    return file;
}

/** Makes the sandbox's BuildKit the current builder in a buildx configuration folder, as `buildx create --use --driver remote` does. */
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
