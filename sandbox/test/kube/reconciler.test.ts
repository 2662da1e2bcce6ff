import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { Reconciler } from "../../kube/reconciler";

describe("Reconciler", () => {
    it("runs once more, however many requests arrive during a run", async () => {
        let runs = 0;
        let atOnce = 0;
        const reconciler = new Reconciler("test", async () => {
            expect(++atOnce).to.equal(1);
            runs++;
            await delay(10);
            atOnce--;
        });
        reconciler.request();
        reconciler.request();
        await delay(5);
        expect(runs).to.equal(1);
        reconciler.request();
        reconciler.request();
        await reconciler.settled();
        expect(runs).to.equal(2);
    });

    it("continues after an error, and stops after the pending requests", async () => {
        const seen: string[] = [];
        const reconciler = new Reconciler("test", async () => {
            seen.push("run");
            await Promise.reject(new Error("this line of a test's log is expected"));
        });
        reconciler.request();
        await reconciler.settled();
        reconciler.request();
        await reconciler.stop();
        reconciler.request();
        await reconciler.settled();
        expect(seen).to.deep.equal(["run", "run"]);
    });
});
