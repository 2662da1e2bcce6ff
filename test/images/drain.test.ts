import { expect } from "chai";
import { drainUnderLoad } from "./drain";
import { shared } from "./hooks";

describe("SIGTERM under load", () => {
    // 200 times in `npm run test:soak`.
    it("loses no accepted request, and the service ends with 0 within its grace", async () => {
        const { ref } = await shared().images.get("inference");
        for (let round = 0; round < 3; round++) {
            const drained = await drainUnderLoad("drain", ref);
            expect(drained.lost).to.deep.equal([]);
            expect(drained.answered).to.be.at.least(15);
            expect(drained.refused).to.be.greaterThan(0);
            expect(drained.exitCode).to.equal(0);
            expect(drained.seconds).to.be.below(25);
        }
    });
});
