import { expect } from "chai";
import { ConfigError, parseConfig, type RawConfig } from "../../../components/config";
import { sound } from "../bad-stacks";
import { edited } from "../stack-files";

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

function problemsOf(raw: RawConfig): readonly string[] {
    try {
        parseConfig(raw, "dev");
        return [];
    } catch (error) {
        if (error instanceof ConfigError) {
            return error.problems.map(({ key, problem }) => `${key.replace("ml-platform:", "")}: ${problem}`);
        }
        throw error;
    }
}

/** Tests that each stack is refused for exactly its problems, and that its twin is accepted. */
export function refuses(refusals: readonly Refusal[]): void {
    for (const { title, edits, problems, repair } of refusals) {
        it(`refuses ${title}`, () => {
            expect(problemsOf(edited(sound, edits))).to.deep.equal(problems);
            expect(problemsOf(edited(edited(sound, edits), repair))).to.deep.equal([]);
        });
    }
}
