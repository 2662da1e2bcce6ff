import * as path from "node:path";
import type { Home } from "../home";
import { command } from "../host/command";
import { buildArguments, type Caller, containerName, execArguments, imageName, portRange, runArguments, volumes } from "./command-line";
import { docker, dockerOutput, findEngine, memoryWarning } from "./engine";

/** Whether the sandbox must run in a container: it requires Linux and root. */
export function needsContainer(): boolean {
    return process.platform !== "linux" || process.getuid?.() !== 0;
}

/**
 * Runs a command of the sandbox in this clone's container. Starts the container if necessary.
 * @throws Error that says what to install, start or share
 */
export async function inContainer(home: Home, args: readonly string[]): Promise<number> {
    if (process.platform === "win32") {
        throw new Error("On Windows the sandbox runs in WSL 2: clone the repository there, and run `npm start` in it.");
    }
    const engine = await findEngine();
    const running = await isRunning(home);
    if (!running && (args[0] === "stop" || args[0] === "status")) {
        process.stdout.write(
            args[0] === "stop"
                ? `The sandbox was not running.\n${remains(home)}`
                : "The sandbox is not running. Start it with `npm start`.\n",
        );
        return args[0] === "stop" ? 0 : 3;
    }
    if (!running) {
        const warning = memoryWarning(engine);
        if (warning !== undefined) {
            process.stderr.write(`${warning}\n`);
        }
        await startContainer(home, engine.platform);
    }
    const code = await docker(execArguments(home, args, caller()));
    if (args[0] === "stop" && code === 0) {
        await dockerOutput(["rm", "--force", containerName(home)]);
        process.stdout.write(remains(home));
    }
    return code;
}

/** Whether the container is running and uses the current image. */
async function isRunning(home: Home): Promise<boolean> {
    const state = await dockerOutput(["container", "inspect", "--format", "{{.State.Running}} {{.Config.Image}}", containerName(home)]);
    return state === `true ${imageName()}`;
}

async function startContainer(home: Home, platform: string): Promise<void> {
    if ((await dockerOutput(["image", "inspect", imageName()])) === undefined) {
        process.stderr.write("Building the image that the sandbox runs in, once …\n");
        if ((await docker(buildArguments(platform))) !== 0) {
            throw new Error("The image could not be built: see Docker's output above.");
        }
    }
    await dockerOutput(["rm", "--force", containerName(home)]); // The container has stopped, or uses an older image.
    if ((await docker(runArguments({ home, platform, folders: await repositories(home.clone) }))) !== 0) {
        await dockerOutput(["rm", "--force", containerName(home)]);
        const { first, last } = portRange(home);
        throw new Error(
            `The container could not be started: see Docker's output above. It needs the ports ${first} to ${last} of 127.0.0.1, and privileges.`,
        );
    }
    if ((await dockerOutput(["exec", containerName(home), "test", "-f", path.join(home.clone, "package.json")])) === undefined) {
        await dockerOutput(["rm", "--force", containerName(home)]);
        throw new Error(
            `Docker cannot see ${home.clone}. Share that folder (Docker Desktop: Settings, Resources, File sharing; ` +
                `Colima: \`colima start --mount ${JSON.stringify(`${home.clone}:w`)}\`), or move the clone below your home folder.`,
        );
    }
}

/** Returns the repository of a Git worktree if it is outside the clone's folder. */
async function repositories(clone: string): Promise<readonly string[]> {
    try {
        const folder = (await command("git", ["-C", clone, "rev-parse", "--path-format=absolute", "--git-common-dir"])).trim();
        return path.relative(clone, folder).startsWith("..") ? [folder] : [];
    } catch {
        return []; // Not a repository, or Git is not installed: commands that need one report it.
    }
}

function remains(home: Home): string {
    const { state, packages, cache } = volumes(home);
    return `Docker keeps them in volumes: \`docker volume rm ${state} ${packages}\` starts from scratch, \`docker volume rm ${cache}\` removes the tools.\n`;
}

function caller(): Caller {
    return {
        uid: Number(process.env.SUDO_UID ?? process.getuid?.() ?? 0),
        gid: Number(process.env.SUDO_GID ?? process.getgid?.() ?? 0),
        isTerminal: process.stdin.isTTY && process.stdout.isTTY,
        env: process.env,
    };
}
