import { expect } from "chai";
import { shared } from "./hooks";
import { TrainingRun, reportOf } from "./training-run";

const MIB = 2 ** 20;
const SHORT = ["--epochs", "4", "--copies", "16", "--hidden", "32"];

describe("the training image", () => {
    it("uses more than 64 MB of /dev/shm and completes", async () => {
        const { exitCode, out, err } = await new TrainingRun().finish(["--epochs", "2", "--min-shm", "8Gi"]);
        expect(exitCode, err).to.equal(0);
        const report = reportOf(out);
        expect(report.shm_bytes).to.equal(8192 * MIB);
        expect(report.shm_used_bytes).to.be.greaterThan(64 * MIB);
        expect(report.accuracy).to.be.greaterThan(0.9);
    });

    it("has a folder for a checkpoint volume, owned by its user", async () => {
        const { engine, images } = shared();
        const stat = ["-c", "import os; status = os.stat('/checkpoints'); print(status.st_uid, status.st_gid, oct(status.st_mode))"];
        const container = await engine.start((await images.get("training")).ref, ["--entrypoint", "python3"], stat);
        expect(await container.ended()).to.equal(0);
        expect((await container.logs()).out).to.equal("1000 1000 0o40755\n");
        await container.remove();
    });

    it("fails with one clear line in a container with the default 64 MB of shared memory", async () => {
        const { exitCode, err } = await new TrainingRun().finish(["--epochs", "2"], "64m");
        expect(exitCode).to.equal(42);
        expect(err).to.match(/^error: \/dev\/shm has 64 MiB, but the loader needs \d+ MiB.*--shm-size 8g.*\n$/);
    });

    it("completes with the model of an uninterrupted run after kills at random moments", async () => {
        const whole = new TrainingRun();
        const reference = await whole.finish(SHORT);
        expect(reference.exitCode, reference.err).to.equal(0);
        const run = new TrainingRun();
        let printed = "";
        for (let kill = 0; kill < 3; kill++) {
            printed += (await run.killed(SHORT, 2000)).out;
        }
        const { exitCode, out, err } = await run.finish(SHORT);
        expect(exitCode, err).to.equal(0);
        expect(printed + out).not.to.contain("not whole");
        expect(reportOf(out).accuracy).to.equal(reportOf(reference.out).accuracy);
        expect(run.model().equals(whole.model())).to.equal(true);
    });

    it("writes a checkpoint on SIGTERM, and resumes from it", async () => {
        const run = new TrainingRun();
        const container = await run.start(["--epochs", "1000000", "--copies", "16"]);
        await container.until("in its second epoch", async () => (await container.logs()).out.includes("\nepoch 1/"));
        await container.signal("TERM");
        expect(await container.ended()).to.equal(143);
        expect((await container.logs()).out).to.match(/stopped after epoch \d+, step \d+; wrote/);
        await container.remove();
        const epochs =
            Number(
                /epoch-(\d+)/.exec(
                    run
                        .files()
                        .filter((name) => name.endsWith(".ckpt"))
                        .sort()
                        .at(-1) ?? "",
                )?.[1],
            ) + 1;
        const { exitCode, out } = await run.finish(["--epochs", String(epochs), "--copies", "16"]);
        expect(exitCode).to.equal(0);
        expect(reportOf(out)).to.deep.include({ epochs, resumed_from_epoch: epochs - 1 });
    });
});
