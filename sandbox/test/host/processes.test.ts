import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Processes, type Service, tail } from "../../host/processes";

describe("Processes", () => {
    let folder: string;
    let processes: Processes;

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "processes-"));
        processes = new Processes(folder, { SANDBOX_TEST_MARK: "yes" });
    });

    afterEach(async () => {
        await processes.stopAll();
        fs.rmSync(folder, { recursive: true });
    });

    const shell = (script: string, ready: Service["ready"], readyWithinMs = 60_000): Service => ({
        name: "shell",
        command: "sh",
        args: ["-c", script],
        ready,
        readyWithinMs,
    });
    const said = (text: string) => () => Promise.resolve(fs.readFileSync(path.join(folder, "shell.log"), "utf8").includes(text));
    const failure = (start: Promise<void>) =>
        start.then(
            () => "",
            (error: unknown) => (error as Error).message,
        );

    it("starts a service with the mark in its environment, and waits until it is ready", async () => {
        await processes.start(shell('sleep 0.2; echo "mark $SANDBOX_TEST_MARK"; sleep 60', said("mark yes")));
        expect(processes.running().map(({ name, restarts }) => ({ name, restarts }))).to.deep.equal([{ name: "shell", restarts: 0 }]);
    });

    it("reports the end of the log and its path if a service exits", async () => {
        expect(await failure(processes.start(shell("echo no luck; exit 7", () => Promise.resolve(false))))).to.equal(
            `shell exited with 7. The end of its log:\nno luck\nFull log: ${path.join(folder, "shell.log")}`,
        );
        expect(processes.running()).to.deep.equal([]);
    });

    it("stops a service that is not ready in time", async () => {
        expect(await failure(processes.start(shell("sleep 60", () => Promise.resolve(false), 300)))).to.match(
            /^shell was not ready in 0\.3 s\./,
        );
        expect(processes.running()).to.deep.equal([]);
    });

    it("reports a command that does not exist", async () => {
        const missing: Service = {
            name: "missing",
            command: path.join(folder, "absent"),
            args: [],
            ready: () => Promise.resolve(false),
            readyWithinMs: 60_000,
        };
        expect(await failure(processes.start(missing))).to.contain("ENOENT");
    });

    it("restarts a service that exits, but not one that was stopped", async () => {
        await processes.start(shell("echo up; sleep 0.3", said("up")));
        while ((processes.running()[0]?.restarts ?? 0) < 1) {
            await delay(50);
        }
        await processes.stop("shell");
        await delay(1200); // longer than the first pause before a restart
        expect(processes.running()).to.deep.equal([]);
    });
});

describe("tail", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tail-"));
    after(() => {
        fs.rmSync(folder, { recursive: true });
    });

    it("gives the last lines", () => {
        fs.writeFileSync(path.join(folder, "log"), "a\nb\nc\n");
        expect(tail(path.join(folder, "log"), 2)).to.equal("b\nc");
    });

    it("is empty if the file does not exist", () => {
        expect(tail(path.join(folder, "absent"))).to.equal("");
    });
});
