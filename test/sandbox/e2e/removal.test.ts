import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { sandbox } from "./hooks";

/** All that a sandbox may have on a machine outside its folder. */
function traces(): readonly string[] {
    const lines = (text: string): readonly string[] => text.trimEnd().split("\n");
    return [
        ...lines(execFileSync("ps", ["-eo", "args="], { encoding: "utf8" })).filter(
            (line) => /\.sandbox|ml-platform/.test(line) && !/mocha|npm/.test(line),
        ),
        ...lines(fs.readFileSync("/proc/mounts", "utf8")).filter((line) => /\.sandbox|ml-platform/.test(line)),
        ...fs.readdirSync("/sys/class/net"),
        ...lines(execFileSync("find", ["/sys/fs/cgroup", "-type", "d", "-name", "*ml-platform*"], { encoding: "utf8" })),
    ];
}

describe("removal", () => {
    it("destroys the stack: the ledger is empty, and nothing of ours is in a cluster", async () => {
        const { clone } = sandbox();
        const { code, output } = await clone.sandbox("destroy", "--yes", "--skip-preview");
        expect(code, output).to.equal(0);
        const ledger = JSON.parse(clone.read(".sandbox/cloud/ledger.json")) as { resources: readonly unknown[] };
        expect(ledger.resources).to.deep.equal([]);
        const nodes = await clone.sandbox("kubectl", "get", "nodes");
        expect(nodes.output).to.contain("There is no cluster.");
    });

    it("stops: no process, mount, network interface or cgroup is left, and it says what is on disk", async () => {
        const { clone } = sandbox();
        const others = traces().filter((trace) => !trace.includes(clone.folder));
        const { code, output } = await clone.npm("run", "sandbox:stop");
        expect(code).to.equal(0);
        expect(output).to.contain("The sandbox has stopped.");
        expect(output).to.contain(`${clone.folder}/.sandbox  (the sandbox's state`);
        const left = traces();
        expect(left.filter((trace) => trace.includes(clone.folder))).to.deep.equal([]);
        expect(left.filter((trace) => !others.includes(trace))).to.deep.equal([]);
    });
});
