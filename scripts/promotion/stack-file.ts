import { z } from "zod";
import { encryptedKeys } from "../../components/config/encrypted";
import { imageNames } from "../../components/images/config";
import { keyOf, remedyText, remove } from "../../components/config/problem";
import { stackConfig } from "../../components/stack-file/stack-file";
import { CommandError } from "../command-line/run";
import { withoutValue, withValue, type Written } from "../stack-config/edit";
import { orCommandError } from "../stack-config/or-command-error";
import { builtForSchema, isSameRelease, type Release } from "./release";

const IMAGES = keyOf("images");
const FROM = ["config", IMAGES, "from"];
const RELEASE = ["config", IMAGES, "release"];

const fromSchema = z.object({ from: z.string() });
const namesRelease = z.object({ release: z.unknown() });
const releaseSchema = z.object({
    ...Object.fromEntries(imageNames.map((name) => [name, z.string().optional()])),
    variant: z.string().optional(),
    platforms: z.array(z.string()).optional(),
    commit: z.string(),
    time: z.string().default("unknown"),
    by: z.string().default("unknown"),
});

/**
 * The release that a stack file names; undefined where it names none, or one without a commit.
 * @throws CommandError where the file cannot be read
 */
export function readRelease(text: string, file: string): Release | undefined {
    const parsed = releaseSchema.safeParse(namesRelease.safeParse(imagesOf(text, file)).data?.release);
    if (!parsed.success) {
        return undefined;
    }
    const { variant, platforms, commit, time, by, ...images } = parsed.data;
    const builtFor = builtForSchema.safeParse({ variant, platforms }).data;
    return { images, ...(builtFor && { builtFor }), commit, time, by };
}

/**
 * Makes sure that no value of the section that takes the release is encrypted.
 * @throws CommandError that names the first one that is
 */
export function checkPlain(text: string, file: string): void {
    const [key] = encryptedKeys({ [IMAGES]: imagesOf(text, file) });
    if (key === undefined) {
        return;
    }
    throw new CommandError(
        `${file} has an encrypted value at ${key}, and stack files must not have any. Remove it first: ${remedyText(remove(key))}`,
    );
}

/** What a stack file says of where its images come from; `build` where it says nothing. */
export const readImagesFrom = (text: string, file: string): string => fromSchema.safeParse(imagesOf(text, file)).data?.from ?? "build";

/** Whether a stack file takes a release and names none, as before its first promotion. A release that cannot be read is not none. */
export function awaitsRelease(text: string, file: string): boolean {
    const named = namesRelease.safeParse(imagesOf(text, file)).data?.release ?? undefined;
    return readImagesFrom(text, file) === "release" && named === undefined;
}

const imagesOf = (text: string, file: string): unknown => orCommandError(() => stackConfig(text, file))[IMAGES];

/**
 * The text of a stack file that takes a release. Whatever says something else stays as it is, byte for byte.
 * @throws CommandError where the file cannot be read, is no stack file, or is laid out in a way that cannot be edited
 */
export function writeRelease(text: string, release: Release, file: string): string {
    const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
    const before = orCommandError(() => stackConfig(text, file));
    const { images, builtFor, ...origin } = release;
    const values: readonly (readonly [path: readonly string[], value: Written | undefined])[] = [
        [FROM, "release"],
        ...imageNames.map((name) => [[...RELEASE, name], quoted(images[name])] as const),
        [[...RELEASE, "variant"], builtFor?.variant],
        [[...RELEASE, "platforms"], builtFor?.platforms],
        // In quotes: a time, and a commit of digits, are no text to the engine.
        ...Object.entries(origin).map(([key, value]) => [[...RELEASE, key], quoted(value)] as const),
    ];
    const after = values.reduce(
        (edited, [path, value]) => (value === undefined ? withoutValue(edited, path, file) : withValue(edited, path, value, file)),
        text.slice(mark.length),
    );
    checkEdit(before, release, after, file);
    return mark + after;
}

const quoted = (value: string | undefined): string | undefined => (value === undefined ? undefined : JSON.stringify(value));

/** Reads what was written: a stack file that says anything else than it said, but for its release, must not be saved. */
function checkEdit(before: Readonly<Record<string, unknown>>, release: Release, text: string, file: string): void {
    const after = orCommandError(() => stackConfig(text, file));
    const written = readRelease(text, file);
    const isWritten = written !== undefined && isSameRelease(written, release) && readImagesFrom(text, file) === "release";
    if (!isWritten || others(before) !== others(after)) {
        throw new CommandError(
            `${file} is laid out in a way that cannot be edited: write ${IMAGES} out as a map, without anchors and aliases.`,
        );
    }
}

/** What a stack file says besides its release. */
function others(config: Readonly<Record<string, unknown>>): string {
    const images = (config[IMAGES] === "" ? undefined : config[IMAGES]) ?? {};
    return JSON.stringify(Object.entries({ ...config, [IMAGES]: { ...images, from: undefined, release: undefined } }).sort());
}
