import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";

/** Ports of a sandbox: its registry, its control plane, and two or three for each service. */
const PORTS = 100;

/** Where the sandbox keeps its state and its tools in the container, as under sudo; Docker keeps them in volumes, which the clone's file system need not be fit for. */
export const STATE = "/var/lib/ml-platform-sandbox";
export const CACHE = "/var/cache/ml-platform-sandbox";

/** Variables of the caller that the sandbox gets: for the terminal, the network and the package registries. */
const PASSED_ON =
    /^(TERM|COLORTERM|NO_COLOR|FORCE_COLOR|CI|TZ|LANG|LC_.*|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|GOPROXY|GONOSUMDB|GOSUMDB|PIP_INDEX_URL|npm_config_registry|SANDBOX_REAL_NODES)$/;

/** Arguments of a clone's container. */
export interface ContainerArgs {
    readonly home: Home;
    /** `linux/amd64` or `linux/arm64`. */
    readonly platform: string;
    /** Folders outside the clone that it needs: the repository of a work tree that git made elsewhere. */
    readonly folders: readonly string[];
}

/** Name of the container, and of the volumes that start with it. */
export function containerName({ id }: Home): string {
    return `ml-platform-sandbox-${id}`;
}

/** Volumes of a clone; that of the tools is shared by all clones. */
export function volumes(home: Home): { readonly state: string; readonly packages: string; readonly cache: string } {
    const name = containerName(home);
    return { state: `${name}-state`, packages: `${name}-packages`, cache: "ml-platform-sandbox-cache" };
}

/** Name of the image, with a hash of its files: a change builds a new image. */
export function imageName(folder = __dirname): string {
    const hash = createHash("sha256");
    for (const file of ["Dockerfile", "entrypoint.sh", "relay.cjs"]) {
        hash.update(fs.readFileSync(path.join(folder, file)));
    }
    return `ml-platform-sandbox:${hash.digest("hex").slice(0, 12)}`;
}

/** The ports of 127.0.0.1 that lead to a clone's sandbox: the same each time, and seldom another clone's. Below those that Linux and macOS give to clients. */
export function portRange({ id }: Home): { readonly first: number; readonly last: number } {
    const first = 20_000 + (parseInt(id.slice(0, 6), 16) % 100) * PORTS;
    return { first, last: first + PORTS - 1 };
}

/** `docker build …` for the image. The platform is the engine's, not DOCKER_DEFAULT_PLATFORM, because an emulated processor is slow. */
export function buildArguments(platform: string): readonly string[] {
    return ["build", "--platform", platform, "--tag", imageName(), __dirname];
}

/** `docker run …` for the container, which stays until the sandbox is stopped. */
export function runArguments({ home, platform, folders }: ContainerArgs): readonly string[] {
    const { first, last } = portRange(home);
    const range = `${first}-${last}`;
    const { state, packages, cache } = volumes(home);
    const mounts = [
        // At its own path, so that what the sandbox prints is true outside.
        ...[home.clone, ...folders].map((folder) => `type=bind,source=${folder},target=${folder}`),
        // The packages of this machine may have programs for another system.
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

/** `docker exec …` for a command of the sandbox. */
export function execArguments(home: Home, args: readonly string[], caller: Caller): readonly string[] {
    const passedOn = Object.keys(caller.env).filter((name) => PASSED_ON.test(name));
    return [
        ...["exec", "--interactive", ...(caller.isTerminal ? ["--tty"] : []), "--workdir", home.clone],
        ...[...passedOn, `SUDO_UID=${caller.uid}`, `SUDO_GID=${caller.gid}`].flatMap((variable) => ["--env", variable]),
        ...[containerName(home), "node", "scripts/with-dependencies.cjs", "node", "--require", "tsx/cjs", "sandbox/main.ts", ...args],
    ];
}

/** The user of a command, and their terminal and environment. */
export interface Caller {
    readonly uid: number;
    readonly gid: number;
    readonly isTerminal: boolean;
    readonly env: NodeJS.ProcessEnv;
}
