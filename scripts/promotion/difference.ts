import type { BuiltFor, Release } from "./release";

/** The release in a stack file, before and after a promotion. */
export interface Promotion {
    readonly stack: string;
    readonly file: string;
    /** `images.from` before the promotion. */
    readonly from: string;
    readonly before: Release | undefined;
    readonly after: Release;
}

/** The changes of a promotion as text: a line for each value, including unchanged ones. */
export function difference({ file, from, before, after }: Promotion): string {
    const rows: (readonly [name: string, was: string | undefined, is: string | undefined])[] = [
        ["images.from", from, "release"],
        ...names(before?.images, after.images).map((name) => [name, before?.images[name], after.images[name]] as const),
        ["variant", before?.builtFor?.variant, after.builtFor?.variant],
        ["platforms", before?.builtFor?.platforms.join(", "), after.builtFor?.platforms.join(", ")],
        ...names(before?.builtFor?.others, after.builtFor?.others).map(
            (name) => [`${name} built for`, kind(before?.builtFor, name), kind(after.builtFor, name)] as const,
        ),
        ["commit", before?.commit, after.commit],
        ["time", before?.time, after.time],
        ["by", before?.by, after.by],
    ];
    const lines = rows
        .filter(([, was, is]) => was !== undefined || is !== undefined)
        .map(([name, was, is]) => `  ${name.padEnd(12)} ${was === is ? `${is ?? ""} (unchanged)` : `${was ?? "none"} → ${is ?? "none"}`}`);
    return [file, ...lines].join("\n");
}

/** Names in either object, in order. */
const names = (before: object = {}, after: object = {}): string[] => [
    ...new Set([...Object.keys(before), ...Object.keys(after)].toSorted()),
];

function kind(builtFor: BuiltFor | undefined, name: string): string | undefined {
    const other = builtFor?.others?.[name];
    return other && [other.variant, ...other.platforms].join(", ");
}

/** The command that reverts a promotion, merged or not. */
export function rollback({ stack, file, before }: Promotion): string {
    return before === undefined
        ? `Rollback: git revert the commit of ${file}; ${stack} had no release before.`
        : `Rollback: npm run promote -- --to ${stack} --release ${before.commit.slice(0, 12)}`;
}
