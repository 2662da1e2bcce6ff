import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { sandbox } from "./hooks";

interface State {
    readonly deployment: { readonly pending_operations?: readonly object[]; readonly resources: readonly { readonly urn: string }[] };
}

/** IDs of the processes in the clone's sandbox, by the name of their program. */
function processes(program: RegExp): number[] {
    const { clone } = sandbox();
    return fs
        .readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
        .filter((pid) => {
            try {
                const [command = ""] = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
                return program.test(path.basename(command)) && fs.readlinkSync(`/proc/${pid}/cwd`).startsWith(clone.folder);
            } catch {
                return false; // The process has ended.
            }
        });
}

/** Runs `npm start`, and kills the engine when the output names an operation. */
async function killedAt(moment: RegExp): Promise<void> {
    const { clone } = sandbox();
    const child = spawn("npm", ["start"], { cwd: clone.folder, env: { ...process.env, CI: "true", NO_COLOR: "1" } });
    let output = "";
    let killed = false;
    for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => {
            output += chunk.toString();
            if (killed || !moment.test(output)) {
                return;
            }
            killed = true;
            for (const pid of processes(/^pulumi$/)) {
                process.kill(pid, "SIGKILL");
            }
        });
    }
    const [code] = (await once(child, "close")) as [number | null];
    expect(killed, `no ${moment} in:\n${output}`).to.equal(true);
    expect(code, output).not.to.equal(0);
}

/** Runs `npm start` after a kill. Nothing of the kill may remain afterwards. */
async function converges(): Promise<State> {
    const { clone } = sandbox();
    const { code, output } = await clone.npm("start");
    expect(code, output).to.equal(0);
    expect(output).to.match(/^Removed the lock of stack sandbox: its process \d+ was killed/m);
    expect(output).not.to.match(/currently locked|with pending operations/);
    const state = await clone.json<State>("stack", "export");
    expect(state.deployment.pending_operations ?? []).to.deep.equal([]);
    expect(processes(/^pulumi/)).to.deep.equal([]);
    return state;
}

describe("an engine that is killed", () => {
    it("does not keep `npm start` from converging, whatever it was creating or deleting", async function () {
        this.timeout(15 * 60_000);
        const { clone } = sandbox();
        const before = await clone.json<State>("stack", "export");
        const service = { name: "second", pool: "inference", gpus: 1, cpu: "250m", memory: "1Gi", replicas: 1, drainSeconds: 5 };
        const restore = clone.configure({
            "cluster.pools.2": { name: "extra", accelerator: "nvidia-l4", maxNodes: 1 },
            "inference.services.1": service,
        });
        try {
            await killedAt(/NodePool cluster-extra creating/);
            await killedAt(/Deployment second creating \(\d/);
            const { deployment } = await converges();
            expect(deployment.resources.length).to.be.greaterThan(before.deployment.resources.length);
            const { resources } = JSON.parse(clone.read(".sandbox/cloud/ledger.json")) as { resources: readonly { id: string }[] };
            const pools = resources.filter(({ id }) => /\/nodePools\/[^/]*extra/.test(id));
            expect(pools, "pools that were created for one in the stack file").to.have.length(1);
        } finally {
            restore();
        }
        await killedAt(/Deployment second deleting/);
        const after = await converges();
        const urns = ({ deployment }: State): string[] => deployment.resources.map(({ urn }) => urn).sort();
        expect(urns(after)).to.deep.equal(urns(before));
    });
});
