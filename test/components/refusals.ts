import { expect } from "chai";
import type { RawConfig } from "../../components/config/handed-over";
import { sound } from "./bad-stacks";
import { problemsOf } from "./problems-of";
import { edited } from "./stack-files";

/** A stack that is refused, and its repaired twin that is accepted. */
export interface Refusal {
    readonly title: string;
    /** What breaks the sound configuration. */
    readonly edits: RawConfig;
    /** Each problem as `key: problem`. */
    readonly problems: readonly string[];
    /** What repairs it. */
    readonly repair: RawConfig;
}

const textsOf = (raw: RawConfig): readonly string[] =>
    problemsOf(raw).map(({ key, problem }) => `${key.replace("ml-platform:", "")}: ${problem}`);

/** Tests that each stack is refused for exactly its problems, and that its twin is accepted. */
export function refuses(refusals: readonly Refusal[]): void {
    for (const { title, edits, problems, repair } of refusals) {
        it(`refuses ${title}`, () => {
            expect(textsOf(edited(sound, edits))).to.deep.equal(problems);
            expect(textsOf(edited(edited(sound, edits), repair))).to.deep.equal([]);
        });
    }
}
