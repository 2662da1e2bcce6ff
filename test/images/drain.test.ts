import { expect } from "chai";
import { drainUnderLoad, KEPT } from "./drain";
import { shared } from "./hooks";

describe("SIGTERM under load", () => {
    // 200 times in `npm run soak`.
    it("loses no request of clients with a kept-alive connection, and the service exits with 0 before its deadline", async () => {
        const { ref } = await shared().images.get("inference");
        for (let round = 0; round < 3; round++) {
            const drained = await drainUnderLoad("drain", ref);
            expect(drained.lost).to.deep.equal([]);
            expect(drained.told + drained.late).to.equal(KEPT);
            expect(drained.exitCode).to.equal(0);
            expect(drained.seconds).to.be.below(60);
        }
    });
});
