import { expect } from "chai";
import * as fc from "fast-check";
import type { Problem } from "../../components/config/problem";
import { carelessStacks } from "./careless/edits";
import { afterCommands } from "./careless/pulumi-config";
import { problemsOf } from "./problems-of";

/** Number of stacks to test. 5,000 take a minute: `CARELESS_STACKS=5000 npx mocha --require tsx/cjs test/components/careless-stacks.test.ts`. */
const STACKS = Number(process.env.CARELESS_STACKS ?? 300);

/** The same stacks every time, so that a failure can be repeated. */
const RUNS = { numRuns: STACKS, seed: 12, endOnFailure: true };

/** A stack takes 20 ms on an idle core, and several times as long on a busy one. */
const TIMEOUT_MS = 400 * STACKS;

const isCommand = ({ remedy }: Problem): boolean => remedy.startsWith("pulumi config");

const has = (problems: readonly Problem[], { key, problem }: Problem): boolean =>
    problems.some((other) => other.key === key && other.problem === problem);

describe("stacks with careless edits", () => {
    it(`report problems and never crash (${STACKS} stacks)`, () => {
        fc.assert(
            fc.property(carelessStacks, (raw) => {
                problemsOf(raw);
            }),
            RUNS,
        );
    }).timeout(TIMEOUT_MS);

    it("print remedies that fix the problems when pasted in order", () => {
        const property = fc.property(carelessStacks, (raw) => {
            const problems = problemsOf(raw);
            // Commands after such advice use the new name of the section.
            if (problems.some(({ remedy }) => remedy.startsWith("Rename it to "))) {
                return;
            }
            const commands = problems.filter(isCommand);
            const after = problemsOf(commands.reduce((config, { remedy }) => afterCommands(config, remedy), raw));
            expect(commands.filter((problem) => has(after, problem))).to.deep.equal([]);
        });
        fc.assert(property, RUNS);
    }).timeout(TIMEOUT_MS);
});
