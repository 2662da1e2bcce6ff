import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { homeOf } from "../../home";
import { clearDeadLocks, settlePendingOperations } from "../../pulumi/interrupted";

const home = homeOf(fs.mkdtempSync(path.join(os.tmpdir(), "clone-")));
const locks = path.join(home.root, "state/.pulumi/locks/organization/ml-platform/dev");
before(() => {
    fs.writeFileSync(path.join(home.clone, "Pulumi.yaml"), "name: ml-platform\n");
});
after(() => {
    fs.rmSync(home.clone, { recursive: true });
});

describe("clearDeadLocks", () => {
    const lock = (name: string, pid: number, hostname = os.hostname()): void => {
        fs.mkdirSync(locks, { recursive: true });
        fs.writeFileSync(path.join(locks, `${name}.json`), JSON.stringify({ pid, hostname, username: "root" }));
    };
    /** Runs a program under the engine's name, or another one. */
    const running = (name: string) => spawn("sleep", ["60"], { argv0: name, stdio: "ignore" });
    /** The engines that lose their locks, and the files that remain. */
    const cleared = (): { dead: readonly number[]; left: readonly string[] } => {
        const dead = clearDeadLocks(home, "dev");
        return { dead, left: fs.existsSync(locks) ? fs.readdirSync(locks).sort() : [] };
    };

    it("removes the lock of an engine that has ended, and of a process that has its number now; an engine that runs keeps its own", async () => {
        expect(cleared()).to.deep.equal({ dead: [], left: [] });
        const [engine, other, ended] = [running("/opt/bin/pulumi"), running("sleep"), running("/opt/bin/pulumi")];
        ended.kill("SIGKILL");
        await once(ended, "exit");
        lock("engine", Number(engine.pid));
        lock("other", Number(other.pid));
        lock("ended", Number(ended.pid));
        lock("elsewhere", Number(ended.pid), "another-machine");
        const { dead, left } = cleared();
        engine.kill();
        other.kill();
        expect(left).to.deep.equal(["elsewhere.json", "engine.json"]);
        expect(dead).to.have.members([ended.pid, other.pid]);
    });

    it("removes a lock that was never written to its end, and leaves one that is being written", () => {
        const write = (name: string, ageSeconds: number): void => {
            const file = path.join(locks, name);
            const written = Date.now() / 1000 - ageSeconds;
            fs.mkdirSync(locks, { recursive: true });
            fs.writeFileSync(file, "");
            fs.utimesSync(file, written, written);
        };
        fs.rmSync(locks, { recursive: true, force: true });
        write("one.json.17f0c0ffee.tmp", 60);
        write("two.json.17f0c0ffef.tmp", -3600); // its clock is ahead, so that it is new however long this takes
        expect(cleared()).to.deep.equal({ dead: [], left: ["two.json.17f0c0ffef.tmp"] });
    });

    it("ends the plugins of this sandbox that have no engine, and no others", async () => {
        const env = { PATH: process.env.PATH, PULUMI_HOME: path.join(home.run, "pulumi") };
        const start = (name: string, pulumiHome = env.PULUMI_HOME) =>
            spawn("sleep", ["60"], { argv0: name, stdio: "ignore", env: { ...env, PULUMI_HOME: pulumiHome } });
        const orphans = [start("/x/pulumi-resource-docker-build"), start("pulumi-language-nodejs")];
        const others = [start("pulumi-resource-docker-build", "/another/home"), start("sleep")];
        const ends = Promise.all(orphans.map((child) => once(child, "exit")));
        cleared();
        await ends;
        expect(others.map(({ exitCode, signalCode }) => [exitCode, signalCode])).to.deep.equal([
            [null, null],
            [null, null],
        ]);
        for (const child of others) {
            child.kill();
        }
    });
});

describe("settlePendingOperations", () => {
    it("leaves the state of an update that runs alone", async () => {
        const folder = path.join(home.root, "state/.pulumi/stacks/ml-platform");
        fs.mkdirSync(folder, { recursive: true });
        fs.mkdirSync(path.join(home.root, "workspace"), { recursive: true });
        const operation = { type: "updating", resource: { urn: "u", type: "t" } };
        const state = JSON.stringify({ checkpoint: { latest: { resources: [], pending_operations: [operation] } } });
        fs.writeFileSync(path.join(folder, "dev.json"), state);
        fs.mkdirSync(locks, { recursive: true });
        fs.writeFileSync(path.join(locks, "running.json"), "{}");
        await settlePendingOperations(home, "dev");
        expect(fs.readFileSync(path.join(folder, "dev.json"), "utf8")).to.equal(state);
        fs.rmSync(locks, { recursive: true });
        // Without the lock it would be settled, for which this home has no Pulumi.
        const failure = await settlePendingOperations(home, "dev").catch((error: unknown) => (error as NodeJS.ErrnoException).code);
        expect(failure).to.equal("ENOENT");
    });
});
