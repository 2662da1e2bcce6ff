import { existsSync, readdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { cgroupOf } from "../../../sandbox/cluster/node/cgroups";
import { dockerConfig } from "../../../sandbox/registry/docker-config";
import { unpackedDebianPackage } from "../../../sandbox/toolchain/compile/debian";
import { Container } from "./container";
import { must, run } from "./run";
import type { Workshop } from "./workshop";

/** A Docker Engine: the machine's if it runs one, otherwise one from Debian's package, which is unpacked and started for this test run. */
export class Engine {
    private readonly command: string;
    private readonly env: Readonly<Record<string, string>>;
    /** Credentials for the registry. The user of the machine's engine may have others. */
    private readonly credentials: Readonly<Record<string, string>>;
    private readonly containers: Container[] = [];
    private readonly pulled = new Set<string>();
    private readonly ownsAll: boolean;

    private constructor({ home }: Workshop, command: string, env: Readonly<Record<string, string>>, ownsAll: boolean) {
        this.command = command;
        this.env = env;
        this.credentials = { DOCKER_CONFIG: dockerConfig(home), PATH: `${home.tools}:${process.env.PATH ?? ""}` };
        this.ownsAll = ownsAll;
    }

    /** @throws Error with the last lines of dockerd's log if no engine runs or starts */
    static async start(workshop: Workshop): Promise<Engine> {
        // A remote engine reaches neither this machine's registry nor its folders.
        const isLocal = (process.env.DOCKER_HOST ?? "unix://").startsWith("unix://");
        if (isLocal && (await run("sh", ["-c", "command -v docker && docker info"])).code === 0) {
            return new Engine(workshop, "docker", {}, false);
        }
        const { home, processes } = workshop;
        const folder = await unpackedDebianPackage("docker.io", home.cache);
        const libraries = await unpackedDebianPackage("libdevmapper1.02.1", home.cache);
        const config = path.join(home.run, "dockerd.json");
        writeFileSync(config, "{}\n");
        const host = `unix://${path.join(home.run, "docker.sock")}`;
        const command = path.join(folder, "usr/bin/docker");
        // An empty configuration, without the user's credential helpers and contexts.
        const env = { DOCKER_HOST: host, DOCKER_CONFIG: path.join(home.run, "docker-client") };
        await processes.start({
            name: "dockerd",
            command: path.join(folder, "usr/sbin/dockerd"),
            args: [
                ...["--config-file", config, "--host", host, "--pidfile", path.join(home.run, "dockerd.pid")],
                ...["--data-root", path.join(home.run, "dockerd"), "--exec-root", path.join(home.run, "dockerd-exec")],
                // Containers share the host's network. The engine creates no bridge and changes no firewall rule.
                ...["--bridge=none", "--iptables=false", "--ip-masq=false", "--ip-forward=false"],
                ...["--storage-driver", "overlay2", "--cgroup-parent", `${cgroupOf(home.id)}/docker`],
                // The default, -500, requires a privilege that root does not have in a container.
                ...["--oom-score-adjust", "0"],
            ],
            // PATH has the sandbox's containerd, shim and runc.
            env: { PATH: `${home.tools}:/usr/sbin:/sbin:${process.env.PATH ?? ""}`, LD_LIBRARY_PATH: libraryFolder(libraries) },
            ready: async () => (await run(command, ["info"], env)).code === 0,
            readyWithinMs: 120_000,
        });
        return new Engine(workshop, command, env, true);
    }

    /** Runs `docker …`. @returns its standard output @throws Error with its output */
    docker(...args: readonly string[]): Promise<string> {
        return must(this.command, args, this.env);
    }

    /** Returns the output of a container on `stdout` or `stderr`. */
    async logs(id: string, which: "stdout" | "stderr"): Promise<string> {
        return (await run(this.command, ["logs", id], this.env))[which];
    }

    /** Pulls an image from the registry. */
    async pull(ref: string): Promise<void> {
        if (this.pulled.has(ref)) {
            return;
        }
        await must(this.command, ["pull", "--quiet", ref], { ...this.env, ...this.credentials });
        this.pulled.add(ref);
    }

    /**
     * Starts a container on the host's network.
     * @param options options of `docker run`
     * @param command arguments after the image
     */
    async start(ref: string, options: readonly string[], command: readonly string[] = []): Promise<Container> {
        await this.pull(ref);
        const id = (await this.docker("run", "--detach", "--network", "host", ...options, ref, ...command)).trim().split("\n").at(-1) ?? "";
        const container = new Container(this, id);
        this.containers.push(container);
        return container;
    }

    /** Removes the started containers, and from the machine's engine also the pulled images. */
    async close(): Promise<void> {
        for (const container of this.containers) {
            await container.remove();
        }
        if (!this.ownsAll) {
            for (const ref of this.pulled) {
                await this.docker("image", "rm", "--force", ref);
            }
        }
    }
}

function libraryFolder(unpacked: string): string {
    for (const parent of ["lib", "usr/lib"].map((name) => path.join(unpacked, name)).filter((folder) => existsSync(folder))) {
        const found = readdirSync(parent).find((name) => name.endsWith("-linux-gnu"));
        if (found !== undefined) {
            return path.join(parent, found);
        }
    }
    throw new Error(`${unpacked} contains no libraries`);
}
