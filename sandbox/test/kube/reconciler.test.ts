import { expect } from "chai";
import { Reconciler } from "../../kube/reconciler";

describe("Reconciler", () => {
    it("runs once more, however many requests arrive during a run", async () => {
        let runs = 0;
        let atOnce = 0;
        let goOn: () => void = () => undefined;
        const held = new Promise<void>((resolve) => (goOn = resolve));
        let begin: () => void = () => undefined;
        const begun = new Promise<void>((resolve) => (begin = resolve));
        const reconciler = new Reconciler("test", async () => {
            expect(++atOnce).to.equal(1);
            runs++;
            begin();
            await held;
            atOnce--;
        });
        reconciler.request();
        reconciler.request();
        await begun;
        reconciler.request();
        reconciler.request();
        expect(runs).to.equal(1);
        goOn();
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
