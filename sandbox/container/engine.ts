import { command, CommandError, inTerminal } from "../host/command";

/** Minimum memory for the control plane, the builds and the pods of the sandbox's stack. */
const LEAST_MEMORY_GIB = 6;

/** Properties of the local Docker engine. */
export interface Engine {
    /** Platform of the containers in Docker's notation, such as `linux/arm64`. */
    readonly platform: string;
    readonly memoryBytes: number;
}

/** The fields of `docker info` that are read here. https://docs.docker.com/reference/api/engine/#tag/System/operation/SystemInfo */
export interface Info {
    readonly OSType?: string;
    readonly Architecture?: string;
    readonly MemTotal?: number;
    readonly SecurityOptions?: readonly string[] | null;
    readonly ServerErrors?: readonly string[];
}

/**
 * Finds the local Docker engine.
 * @throws Error that says what to install or start if no engine can run the sandbox
 */
export async function findEngine(): Promise<Engine> {
    try {
        return engineOf(JSON.parse(await command("docker", ["info", "--format", "{{json .}}"])) as Info);
    } catch (error) {
        if (!(error instanceof CommandError)) {
            throw error;
        }
        throw new Error(error.code === "ENOENT" ? withoutDocker() : unreachable(error.reason));
    }
}

/** @throws Error if the engine does not respond or cannot run the sandbox */
export function engineOf({ OSType, Architecture = "", MemTotal = 0, SecurityOptions, ServerErrors = [] }: Info): Engine {
    if (ServerErrors.length > 0) {
        throw new Error(unreachable(ServerErrors.join("\n")));
    }
    if (OSType !== "linux") {
        throw new Error(`The sandbox needs a Docker engine for Linux containers; this one runs ${OSType ?? "nothing"}.`);
    }
    if ((SecurityOptions ?? []).some((option) => option.split(",").includes("name=rootless"))) {
        throw new Error(
            "The sandbox mounts file systems and creates network interfaces, which a rootless Docker engine does not allow. " +
                "Select an engine that runs as root (`docker context ls`), or run the same command with sudo on Linux.",
        );
    }
    return { platform: `linux/${/^(aarch64|arm64)$/.test(Architecture) ? "arm64" : "amd64"}`, memoryBytes: MemTotal };
}

/** Returns a warning if the engine has too little memory; otherwise undefined. */
export function memoryWarning({ memoryBytes }: Engine): string | undefined {
    const gib = memoryBytes / 2 ** 30;
    if (gib >= LEAST_MEMORY_GIB) {
        return undefined;
    }
    return (
        `Docker has ${gib.toFixed(1)} GiB of memory, and the sandbox needs ${LEAST_MEMORY_GIB}. ` +
        "Raise it in the settings of Docker Desktop (Resources), or with `colima start --memory 8`."
    );
}

/** Runs `docker` in the terminal. @returns the exit status */
export async function docker(args: readonly string[]): Promise<number> {
    return (await inTerminal("docker", args)) ?? 1;
}

/** Runs `docker` and returns its standard output; undefined if it fails. */
export function dockerOutput(args: readonly string[]): Promise<string | undefined> {
    return command("docker", args).then(
        (output) => output.trim(),
        () => undefined,
    );
}

function withoutDocker(): string {
    const start = "The sandbox runs Linux nodes, which requires root on Linux, or a container.";
    return process.platform === "linux"
        ? `${start} Run the same command with sudo, for example \`sudo npm start\`, or install Docker (https://docs.docker.com/engine/install).`
        : `${start} Install Docker Desktop (https://docs.docker.com/desktop) or Colima (https://github.com/abiosoft/colima), start it, and run the command again.`;
}

function unreachable(reason: string): string {
    const last = reason.trim().split("\n").at(-1) ?? "";
    const remedy =
        process.platform === "linux"
            ? "Start it (`sudo systemctl start docker`) and join its group (`sudo usermod -aG docker $USER`, then log in again), or run the same command with sudo."
            : "Start Docker Desktop, or run `colima start`, and run the command again.";
    return `The sandbox runs in a container on this machine, but Docker does not answer: ${last}\n${remedy}`;
}
