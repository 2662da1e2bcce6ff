import { expect } from "chai";
import { TrainingRun, reportOf } from "../training-run";

const KILLS = 50;
const ARGUMENTS = ["--epochs", "30", "--copies", "16", "--hidden", "32"];

describe("50 times SIGKILL in training", () => {
    it("corrupts no checkpoint, and leads to the metrics and the model of an uninterrupted run", async () => {
        const whole = new TrainingRun();
        const began = Date.now();
        const reference = await whole.finish(ARGUMENTS);
        const took = Date.now() - began;
        expect(reference.exitCode, reference.err).to.equal(0);
        let kills = 0;
        let runs = 0;
        // A run completes after some kills. Then the next run is killed.
        while (kills < KILLS) {
            const run = new TrainingRun();
            runs++;
            let printed = "";
            for (let complete = false; !complete && kills < KILLS;) {
                const { out, killed } = await run.killed(ARGUMENTS, took);
                printed += out;
                if (killed) {
                    kills++;
                } else {
                    complete = true;
                }
            }
            const { exitCode, out, err } = await run.finish(ARGUMENTS);
            expect(exitCode, err).to.equal(0);
            expect(printed + out).not.to.contain("not whole");
            expect(reportOf(out).accuracy).to.equal(reportOf(reference.out).accuracy);
            expect(run.model().equals(whole.model())).to.equal(true);
            expect(run.files().filter((name) => name.endsWith(".tmp"))).to.deep.equal([]);
        }
        process.stdout.write(`      ${kills} kills in ${runs} runs\n`);
    });
});
