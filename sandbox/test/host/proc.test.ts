import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { commandLine, environment, parentOf, processIds, signal } from "../../host/proc";

/** No process has this id: Linux gives none above 2^22. */
const NO_PROCESS = 2 ** 22 + 1;

describe("processes of this machine", () => {
    let child: ChildProcess;
    let pid: number;

    beforeEach(async () => {
        // The script ignores its further arguments, which are there to be read: one is empty, one has a space.
        child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "", "two words"], {
            env: { MARK: "a=b c", EMPTY: "" },
            stdio: "ignore",
        });
        await once(child, "spawn");
        pid = child.pid ?? NaN;
        // Between fork and exec a process has its parent's command line.
        while (commandLine(pid).at(-1) !== "two words") {
            await delay(5);
        }
    });
    afterEach(() => {
        child.kill("SIGKILL");
    });

    it("have a command line, word by word", () => {
        expect(commandLine(pid)).to.deep.equal([process.execPath, "-e", "setInterval(() => {}, 1000)", "", "two words"]);
    });

    it("have an environment", () => {
        expect(environment(pid)).to.deep.equal(["MARK=a=b c", "EMPTY="]);
    });

    it("have a parent", () => {
        expect(parentOf(pid)).to.equal(process.pid);
    });

    it("are listed while they run", async () => {
        expect(processIds()).to.include.members([pid, process.pid]);
        signal(pid, "SIGKILL");
        expect(await once(child, "exit")).to.deep.equal([null, "SIGKILL"]);
        expect(processIds()).to.not.include(pid);
    });

    it("read as empty once they have ended, and a signal to them is no error", () => {
        expect([commandLine(NO_PROCESS), environment(NO_PROCESS)]).to.deep.equal([[], []]);
        expect(parentOf(NO_PROCESS)).to.satisfy(Number.isNaN);
        signal(NO_PROCESS, "SIGKILL");
        signal(-NO_PROCESS, "SIGKILL");
    });

    it("report what is wrong with a signal otherwise", () => {
        expect(() => {
            signal(pid, "SIGNOTHING" as NodeJS.Signals);
        }).to.throw(TypeError, "Unknown signal: SIGNOTHING");
    });
});
