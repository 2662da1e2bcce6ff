import { expect } from "chai";
import type { RawConfig } from "../../components/config/handed-over";
import type { Problem } from "../../components/config/problem";
import { afterCommands } from "./careless/pulumi-config";
import { sound } from "./bad-stacks";
import { problemsOf } from "./problems-of";
import { edited } from "./stack-files";

/** A refused stack, and its repaired twin, which is accepted. */
export interface Refusal {
    readonly title: string;
    /** Edits that break the sound configuration. */
    readonly edits: RawConfig;
    /** Each problem as `key: problem`. */
    readonly problems: readonly string[];
    /** The remedy of each problem. */
    readonly remedies: readonly string[];
    /** Edits that repair it. */
    readonly repair: RawConfig;
}

const textsOf = (raw: RawConfig): readonly string[] =>
    problemsOf(raw).map(({ key, problem }) => `${key.replace("ml-platform:", "")}: ${problem}`);

const isCommand = ({ remedy }: Problem): boolean => remedy.startsWith("pulumi config");

/** Tests that each stack is refused for exactly its problems, that remedies fix what they can, and that its twin is accepted. */
export function refuses(refusals: readonly Refusal[]): void {
    for (const { title, edits, problems, remedies, repair } of refusals) {
        it(`refuses ${title}`, () => {
            expect(textsOf(edited(sound, edits))).to.deep.equal(problems);
            expect(textsOf(edited(edited(sound, edits), repair))).to.deep.equal([]);
        });

        it(`says how to fix ${title}`, () => {
            const found = problemsOf(edited(sound, edits));
            expect(found.map(({ remedy }) => remedy)).to.deep.equal(remedies);
            const after = found.filter(isCommand).reduce((raw, { remedy }) => afterCommands(raw, remedy), edited(sound, edits));
            expect(problemsOf(after)).to.deep.equal(found.filter((problem) => !isCommand(problem)));
        });
    }
}
