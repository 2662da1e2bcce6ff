import { isDeepStrictEqual } from "node:util";
import { ConfigError, parseConfig } from "../../components/config/load";
import { encryptedKeys } from "../../components/config/encrypted";
import type { RawConfig } from "../../components/config/handed-over";
import { plainScalar } from "../../components/stack-file/scalar";
import { CommandError } from "../command-line/run";
import { withItem } from "../stack-config/append";
import { withoutValue, withValue } from "../stack-config/edit";
import { rawConfig } from "../stack-config/raw-config";
import type { Written } from "../stack-config/written";
import type { Edit } from "./kind";
import { remedyFor } from "./next-commands";

/** The texts of the files that define the configuration of a stack. */
export interface StackText {
    readonly stack: string;
    /** Name of the stack file. */
    readonly file: string;
    /** Text of `Pulumi.yaml`. */
    readonly project: string;
    readonly text: string;
}

/**
 * The text of a stack file after some edits.
 * @throws CommandError if the layout of the file cannot be edited
 */
export function edited({ project, text, file }: StackText, edits: readonly Edit[]): string {
    const after = edits.reduce((current, edit) => applied(current, edit, file), text);
    const wanted = edits.reduce(planned, rawConfig(project, text, file));
    if (!isDeepStrictEqual(rawConfig(project, after, file), wanted)) {
        throw new CommandError(
            `${file} is laid out in a way that cannot be edited: write its sections out as maps, without anchors and aliases.`,
        );
    }
    return after;
}

function applied(text: string, edit: Edit, file: string): string {
    const path = ["config", ...edit.path];
    if ("remove" in edit) {
        return withoutValue(text, path, file);
    }
    return "append" in edit ? withItem(text, path, edit.append, file) : withValue(text, path, edit.set, file);
}

/** The configuration's values after an edit. */
function planned(values: RawConfig, edit: Edit): RawConfig {
    const [key = "", ...rest] = edit.path;
    const value = values[key];
    if (rest.length > 0) {
        return { ...values, [key]: planned((value ?? {}) as RawConfig, { ...edit, path: rest }) };
    }
    if ("remove" in edit) {
        return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
    }
    return { ...values, [key]: "append" in edit ? [...((value ?? []) as unknown[]), meant(edit.append)] : meant(edit.set) };
}

/** The value that the engine reads for a written one. */
function meant(written: Written): unknown {
    if (typeof written === "string") {
        const { value } = plainScalar(written);
        return typeof value === "bigint" ? Number(value) : value;
    }
    return Array.isArray(written)
        ? (written as readonly Written[]).map(meant)
        : Object.fromEntries(Object.entries(written).map(([key, value]) => [key, meant(value)]));
}

/**
 * Makes sure that a stack file passes the program's checks after the edits. Ignores problems of the new image, which is written or promoted later.
 * @throws CommandError with the other problems
 */
export function checkEdited({ stack, file, project }: StackText, after: string, image: string): void {
    const raw = rawConfig(project, after, file);
    try {
        parseConfig(raw, stack, encryptedKeys(raw));
    } catch (error) {
        const isLater = new RegExp(`^ml-platform:images\\.(release\\.)?${image}(\\.|$)`);
        const problems = error instanceof ConfigError ? error.problems.filter(({ key }) => !isLater.test(key)) : undefined;
        if (problems === undefined) {
            throw error;
        }
        if (problems.length > 0) {
            const lines = problems.map(({ key, problem, remedy }) => `  ${key}: ${problem}\n      ${remedyFor(stack, remedy)}`);
            throw new CommandError(`${file} would not pass the checks with ${image}; nothing was written.\n${lines.join("\n")}`);
        }
    }
}
