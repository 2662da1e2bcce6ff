import { imageNames } from "../../components/images/config";
import type { Release } from "./release";

/** What a stack file says of its release before and after. */
export interface Promotion {
    readonly stack: string;
    readonly file: string;
    /** `images.from` as it was. */
    readonly from: string;
    readonly before: Release | undefined;
    readonly after: Release;
}

/** The difference that a promotion makes, for a person to read: a line for each value, unchanged ones included. */
export function difference({ file, from, before, after }: Promotion): string {
    const rows: (readonly [name: string, was: string | undefined, is: string | undefined])[] = [
        ["images.from", from, "release"],
        ...imageNames.map((name) => [name, before?.images[name], after.images[name]] as const),
        ["variant", before?.builtFor?.variant, after.builtFor?.variant],
        ["platforms", before?.builtFor?.platforms.join(", "), after.builtFor?.platforms.join(", ")],
        ["commit", before?.commit, after.commit],
        ["time", before?.time, after.time],
        ["by", before?.by, after.by],
    ];
    const lines = rows
        .filter(([, was, is]) => was !== undefined || is !== undefined)
        .map(([name, was, is]) => `  ${name.padEnd(12)} ${was === is ? `${is ?? ""} (unchanged)` : `${was ?? "none"} → ${is ?? "none"}`}`);
    return [file, ...lines].join("\n");
}

/** The command that undoes a promotion, whether it was merged or not. */
export function rollback({ stack, file, before }: Promotion): string {
    return before === undefined
        ? `Rollback: git revert the commit of ${file}; ${stack} had no release before.`
        : `Rollback: npm run promote -- --to ${stack} --release ${before.commit.slice(0, 12)}`;
}
