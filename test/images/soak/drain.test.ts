import { expect } from "chai";
import { type Drained, drainUnderLoad } from "../drain";
import { shared } from "../hooks";

const ROUNDS = 200;
const AT_ONCE = 2;

describe("200 times SIGTERM under load", () => {
    it("loses no request of clients with a kept-alive connection, and every service exits with 0 within its grace period", async () => {
        const { ref } = await shared().images.get("inference");
        const all: Drained[] = [];
        const series = async (name: string): Promise<void> => {
            for (let round = 0; round < ROUNDS / AT_ONCE; round++) {
                all.push(await drainUnderLoad(name, ref));
            }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => series(`drain-${number}`)));
        const sum = (of: (drained: Drained) => number): number => all.reduce((total, each) => total + of(each), 0);
        process.stdout.write(
            `      ${all.length} times: ${sum(({ answered }) => answered)} answered, ${sum(({ told }) => told)} connections closed, ` +
                `${sum(({ lost }) => lost.length)} lost, slowest end ${Math.max(...all.map(({ seconds }) => seconds)).toFixed(1)} s\n`,
        );
        expect(all).to.have.lengthOf(ROUNDS);
        expect(all.flatMap(({ lost }) => lost)).to.deep.equal([]);
        expect(all.filter(({ exitCode, seconds }) => exitCode !== 0 || seconds > 60)).to.deep.equal([]);
    });
});
