import { expect } from "chai";
import * as fs from "node:fs";
import { bridgeOf } from "../../../sandbox/cluster/network/network";
import { type Home, homeOf } from "../../../sandbox/home";
import { leftovers } from "../../../sandbox/host/leftovers";
import { sandbox } from "./hooks";

type Kind = "processes" | "mounts" | "interfaces" | "cgroups";

/** Resources of a sandbox outside of its folder, by kind. Other sandboxes may run on the same machine. */
function traces(home: Home): Readonly<Record<Kind, readonly string[]>> {
    return {
        processes: leftovers(home).map(String),
        mounts: fs
            .readFileSync("/proc/mounts", "utf8")
            .split("\n")
            .filter((mount) => mount.includes(home.id)),
        interfaces: fs.readdirSync("/sys/class/net").filter((name) => name === bridgeOf(home)),
        cgroups: fs.readdirSync("/sys/fs/cgroup", { recursive: true, encoding: "utf8" }).filter((cgroup) => cgroup.includes(home.id)),
    };
}

describe("removal", () => {
    it("destroys the stack: the ledger is empty, and no object of the stack is in a cluster", async () => {
        const { clone } = sandbox();
        const { code, output } = await clone.sandbox("destroy", "--yes", "--skip-preview");
        expect(code, output).to.equal(0);
        const ledger = JSON.parse(clone.read(".sandbox/cloud/ledger.json")) as { resources: readonly unknown[] };
        expect(ledger.resources).to.deep.equal([]);
        const nodes = await clone.sandbox("kubectl", "get", "nodes");
        expect(nodes.output).to.contain("The sandbox has no cluster.");
    });

    it("stops: no process, mount, network interface or cgroup remains, and the output names the remaining files", async () => {
        const { clone } = sandbox();
        const home = homeOf(clone.folder);
        const before = traces(home);
        for (const kind of ["processes", "mounts", "cgroups"] as const) {
            expect(before[kind], kind).to.not.have.length(0);
        }
        const { code, output } = await clone.npm("run", "sandbox:stop");
        expect(code).to.equal(0);
        expect(output).to.contain("The sandbox has stopped.");
        expect(output).to.contain(`${clone.folder}/.sandbox  (the sandbox's state`);
        expect(traces(home)).to.deep.equal({ processes: [], mounts: [], interfaces: [], cgroups: [] });
    });
});
