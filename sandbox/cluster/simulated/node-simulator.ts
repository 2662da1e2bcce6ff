import * as fs from "node:fs";
import * as path from "node:path";
import type { ControlPlane, SandboxHost } from "../control-plane/control-plane";
import { writeKubeconfig } from "../control-plane/kubeconfig";
import { stagesFile } from "./simulated-stages";

/** Label of simulated nodes. */
export const SIMULATED = { label: "sandbox/simulated", value: "true" } as const;

const LEASE_SECONDS = 40;
/** Reserved for network benchmarks (RFC 2544), so no address is in use. */
const POD_RANGE = "198.18.0.0/15";

/** The kwok process of a cluster, which keeps simulated nodes alive and advances their pods. It starts with the first simulated node. */
export class NodeSimulator {
    private started: Promise<void> | undefined;

    /**
     * @param name unique in the sandbox
     * @param folder folder for its files
     */
    constructor(
        private readonly host: SandboxHost,
        private readonly plane: ControlPlane,
        private readonly name: string,
        private readonly folder: string,
    ) {}

    /** Starts kwok if it is not running. @throws Error with the end of its log if it does not start; the next call tries again */
    async ensure(): Promise<void> {
        this.started ??= this.start();
        try {
            await this.started;
        } catch (error) {
            this.started = undefined;
            throw error;
        }
    }

    async stop(): Promise<void> {
        await this.started?.catch(() => undefined);
        this.started = undefined;
        await this.host.processes.stop(this.name);
    }

    private async start(): Promise<void> {
        const { home, ports, processes } = this.host;
        const client = await this.plane.authority.issue("kwok", { commonName: "kwok", organization: "system:masters" });
        const [kubeconfig, stages] = [path.join(this.folder, "kwok.kubeconfig"), path.join(this.folder, "kwok.yaml")];
        writeKubeconfig(kubeconfig, this.plane.server, this.plane.authority.file, client);
        fs.writeFileSync(stages, stagesFile());
        const address = `127.0.0.1:${await ports.take(this.name)}`;
        await processes.start({
            name: this.name,
            command: path.join(home.tools, "kwok"),
            args: [
                `--kubeconfig=${kubeconfig}`,
                `--config=${stages}`,
                `--manage-nodes-with-label-selector=${SIMULATED.label}=${SIMULATED.value}`,
                `--cidr=${POD_RANGE}`,
                `--node-lease-duration-seconds=${LEASE_SECONDS}`,
                `--server-address=${address}`,
            ],
            // Ignores the kwok configuration of the user.
            env: { HOME: this.folder, KWOK_WORKDIR: path.join(this.folder, "kwok") },
            ready: async () => (await fetch(`http://${address}/healthz`)).ok,
            readyWithinMs: 30_000,
        });
    }
}
