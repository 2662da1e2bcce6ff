import { expect } from "chai";
import { readRefusals } from "../../../scripts/refusals/refusals";
import { sound } from "../../components/bad-stacks";
import { problemsOf } from "../../components/problems-of";
import { edited } from "../../components/stack-files";

describe("refusals that a preview reports", () => {
    for (const { service, refusals } of readRefusals()) {
        for (const { message, stack } of refusals) {
            if ("refused" in stack) {
                it(`${service}: ${message.slice(0, 90)}`, () => {
                    const problems = problemsOf(edited(sound, stack.refused.edits)).map(({ key, problem }) => `${key}: ${problem}`);
                    expect(problems.filter((problem) => problem.startsWith(stack.refused.problem))).to.have.length(1, problems.join("\n"));
                });
            }
        }
    }
});
