import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";

/** Number of ports for a sandbox: its registry, its control plane, and two or three per Service. */
const PORTS = 100;

/**
 * Folders for the sandbox's state and tools in the container, the same as under sudo. They are Docker volumes, because the clone's file
 * system may lack features that they need.
 */
export const STATE = "/var/lib/ml-platform-sandbox";
export const CACHE = "/var/cache/ml-platform-sandbox";

/** Environment variables that the container gets from the caller: for the terminal, the network and the package registries. */
const PASSED_ON =
    /^(TERM|COLORTERM|NO_COLOR|FORCE_COLOR|CI|TZ|LANG|LC_.*|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|GOPROXY|GONOSUMDB|GOSUMDB|PIP_INDEX_URL|npm_config_registry|SANDBOX_(REAL_NODES|QUOTAS))$/;

/** Arguments of a clone's container. */
export interface ContainerArgs {
    readonly home: Home;
    /** `linux/amd64` or `linux/arm64`. */
    readonly platform: string;
    /** Folders outside the clone that the sandbox needs, such as the repository of a Git worktree. */
    readonly folders: readonly string[];
}

/** Name of the container, and prefix of its volume names. */
export function containerName({ id }: Home): string {
    return `ml-platform-sandbox-${id}`;
}

/** Volumes of a clone. The tools volume is shared by all clones. */
export function volumes(home: Home): { readonly state: string; readonly packages: string; readonly cache: string } {
    const name = containerName(home);
    return { state: `${name}-state`, packages: `${name}-packages`, cache: "ml-platform-sandbox-cache" };
}

/** Name of the image. It contains a hash of the image's files, so a change builds a new image. */
export function imageName(folder = __dirname): string {
    const hash = createHash("sha256");
    for (const file of ["Dockerfile", "entrypoint.sh", "relay.cjs"]) {
        hash.update(fs.readFileSync(path.join(folder, file)));
    }
    return `ml-platform-sandbox:${hash.digest("hex").slice(0, 12)}`;
}

/**
 * Ports of 127.0.0.1 that are forwarded to a clone's sandbox. The range depends only on the clone and rarely overlaps with another clone's
 * range. All ranges are below the ephemeral ports of Linux and macOS.
 */
export function portRange({ id }: Home): { readonly first: number; readonly last: number } {
    const first = 20_000 + (parseInt(id.slice(0, 6), 16) % 100) * PORTS;
    return { first, last: first + PORTS - 1 };
}

/** Arguments of `docker build` for the image. Uses the engine's platform instead of DOCKER_DEFAULT_PLATFORM, because emulation is slow. */
export function buildArguments(platform: string): readonly string[] {
    return ["build", "--platform", platform, "--tag", imageName(), __dirname];
}

/** Arguments of `docker run` for the container, which exists until the sandbox is stopped. */
export function runArguments({ home, platform, folders }: ContainerArgs): readonly string[] {
    const { first, last } = portRange(home);
    const range = `${first}-${last}`;
    const { state, packages, cache } = volumes(home);
    const mounts = [
        // Mounted at the same path as on the host, so that paths in the sandbox's output are valid.
        ...[home.clone, ...folders].map((folder) => `type=bind,source=${folder},target=${folder}`),
        // The host's node_modules may contain programs for another operating system.
        `type=volume,source=${packages},target=${path.join(home.clone, "node_modules")}`,
        `type=volume,source=${state},target=${STATE}`,
        `type=volume,source=${cache},target=${CACHE}`,
    ];
    return [
        ...["run", "--detach", "--init", "--privileged", "--cgroupns", "private", "--platform", platform],
        ...["--name", containerName(home), "--hostname", "sandbox", "--publish", `127.0.0.1:${range}:${range}`],
        ...mounts.flatMap((mount) => ["--mount", mount]),
        ...["--env", `SANDBOX_PORTS=${range}`, "--env", `npm_config_cache=${CACHE}/npm`],
        imageName(),
    ];
}

/** Arguments of `docker exec` for a command of the sandbox. */
export function execArguments(home: Home, args: readonly string[], caller: Caller): readonly string[] {
    const passedOn = Object.keys(caller.env).filter((name) => PASSED_ON.test(name));
    return [
        ...["exec", "--interactive", ...(caller.isTerminal ? ["--tty"] : []), "--workdir", home.clone],
        ...[...passedOn, `SUDO_UID=${caller.uid}`, `SUDO_GID=${caller.gid}`].flatMap((variable) => ["--env", variable]),
        ...[containerName(home), "node", "scripts/with-dependencies.cjs", "node", "--require", "tsx/cjs", "sandbox/main.ts", ...args],
    ];
}

/** The user who runs a command, with terminal and environment. */
export interface Caller {
    readonly uid: number;
    readonly gid: number;
    readonly isTerminal: boolean;
    readonly env: NodeJS.ProcessEnv;
}
