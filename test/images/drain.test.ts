import { expect } from "chai";
import { drainUnderLoad, KEPT } from "./drain";
import { shared } from "./hooks";

describe("SIGTERM under load", () => {
    // 200 times in `npm run soak`.
    it("loses no request of clients that keep their connection, and the service ends with 0 within its grace", async () => {
        const { ref } = await shared().images.get("inference");
        for (let round = 0; round < 3; round++) {
            const drained = await drainUnderLoad("drain", ref);
            expect(drained.lost).to.deep.equal([]);
            expect(drained.answered).to.be.at.least(15);
            expect(drained.told).to.equal(KEPT);
            expect(drained.exitCode).to.equal(0);
            expect(drained.seconds).to.be.below(5);
        }
    });
});
