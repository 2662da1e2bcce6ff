import { expect } from "chai";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { sandbox } from "./hooks";

describe("recovery", () => {
    it("reports that nothing runs after the daemon is killed, and restarts without changes to the stack", async () => {
        const { clone } = sandbox();
        const { output } = await clone.npm("run", "sandbox:status");
        const [, pid = ""] = /daemon (\d+)/.exec(output) ?? [];
        process.kill(Number(pid), "SIGKILL");
        const killed = await clone.npm("run", "sandbox:status");
        expect(killed.code).to.equal(3);
        expect(killed.output).to.contain("The sandbox is not running.");

        const again = await clone.npm("start");
        expect(again.code, again.output).to.equal(0);
        expect(again.output).to.match(/Resources:\n {4}\d+ unchanged\n/);
    });

    it("uses another port if its port is in use", async () => {
        const { clone } = sandbox();
        await clone.npm("run", "sandbox:stop");
        const ports = JSON.parse(fs.readFileSync(path.join(clone.folder, ".sandbox", "ports.json"), "utf8")) as Record<string, number>;
        const [name = "", busy = 0] = Object.entries(ports).find(([name]) => name.includes("etcd")) ?? [];
        const occupant = net.createServer();
        await new Promise<void>((resolve) => occupant.listen({ host: "127.0.0.1", port: busy }, resolve));
        try {
            const again = await clone.npm("start");
            expect(again.code, again.output).to.equal(0);
            const now = JSON.parse(fs.readFileSync(path.join(clone.folder, ".sandbox", "ports.json"), "utf8")) as Record<string, number>;
            expect(now[name]).to.not.equal(busy);
        } finally {
            await new Promise((resolve) => occupant.close(resolve));
        }
    });
});
