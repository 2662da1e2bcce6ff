import { z } from "zod";
import { encryptedKeys } from "../../components/config/encrypted";
import { keyOf, remedyText, remove } from "../../components/config/problem";
import { stackConfig } from "../../components/stack-file/stack-file";
import { CommandError } from "../command-line/run";
import { withoutValue, withValue } from "../stack-config/edit";
import type { Written } from "../stack-config/written";
import { builtForSchema, isSameRelease, type Release } from "./release";

const IMAGES = keyOf("images");
const FROM = ["config", IMAGES, "from"];
const RELEASE = ["config", IMAGES, "release"];

const fromSchema = z.object({ from: z.string() });
const namesRelease = z.object({ release: z.unknown() });
const factsSchema = z.object({
    variant: z.string().optional(),
    platforms: z.array(z.string()).optional(),
    builtFor: z.unknown().optional(),
    commit: z.string(),
    time: z.string().default("unknown"),
    by: z.string().default("unknown"),
});
/** In addition to these facts, a release has the reference of each image by name. */
const releaseSchema = factsSchema.loose();
const referenceSchema = z.record(z.string(), z.string());

/**
 * The release in a stack file; undefined if it has none, or one without a commit.
 * @throws StackFileError if the file cannot be read
 */
export function readRelease(text: string, file: string): Release | undefined {
    const parsed = releaseSchema.safeParse(namesRelease.safeParse(imagesOf(text, file)).data?.release);
    if (!parsed.success) {
        return undefined;
    }
    const { variant, platforms, builtFor: others, commit, time, by, ...images } = parsed.data;
    const builtFor = builtForSchema.safeParse({ variant, platforms, ...(others !== undefined && { others }) }).data;
    return { images: referenceSchema.safeParse(images).data ?? {}, ...(builtFor && { builtFor }), commit, time, by };
}

/**
 * Makes sure that no value of the images section is encrypted.
 * @throws CommandError that names the first encrypted one
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

/** `images.from` of a stack file; `build` by default. */
export const readImagesFrom = (text: string, file: string): string => fromSchema.safeParse(imagesOf(text, file)).data?.from ?? "build";

/** Whether a stack file takes a release but has none, as before its first promotion. An unreadable release counts as one. */
export function awaitsRelease(text: string, file: string): boolean {
    const named = namesRelease.safeParse(imagesOf(text, file)).data?.release ?? undefined;
    return readImagesFrom(text, file) === "release" && named === undefined;
}

const imagesOf = (text: string, file: string): unknown => stackConfig(text, file)[IMAGES];

/**
 * The text of a stack file with a release. Everything else stays the same, byte for byte.
 * @throws StackFileError if the file cannot be read or is not a stack file
 * @throws CommandError if the layout of the file cannot be edited
 */
export function writeRelease(text: string, release: Release, file: string): string {
    const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
    const before = stackConfig(text, file);
    const { images, builtFor, ...origin } = release;
    const removed = Object.keys(readRelease(text, file)?.images ?? {}).filter((name) => images[name] === undefined);
    const values: readonly (readonly [path: readonly string[], value: Written | undefined])[] = [
        [FROM, "release"],
        ...removed.map((name) => [[...RELEASE, name], undefined] as const),
        ...Object.entries(images).map(([name, reference]) => [[...RELEASE, name], quoted(reference)] as const),
        [[...RELEASE, "variant"], builtFor?.variant],
        [[...RELEASE, "platforms"], builtFor?.platforms],
        [[...RELEASE, "builtFor"], undefined],
        ...Object.entries(builtFor?.others ?? {}).flatMap(([name, { variant, platforms }]) => [
            [[...RELEASE, "builtFor", name, "variant"], variant] as const,
            [[...RELEASE, "builtFor", name, "platforms"], platforms] as const,
        ]),
        // Quoted, because the engine does not read a time, or a commit of digits, as text.
        ...Object.entries(origin).map(([key, value]) => [[...RELEASE, key], quoted(value)] as const),
    ];
    const after = values.reduce(
        (edited, [path, value]) => (value === undefined ? withoutValue(edited, path, file) : withValue(edited, path, value, file)),
        text.slice(mark.length),
    );
    checkEdit(before, release, after, file);
    return mark + after;
}

const quoted = (value: string): string => JSON.stringify(value);

/** Parses the new text again: it must differ from the old one only in its release. */
function checkEdit(before: Readonly<Record<string, unknown>>, release: Release, text: string, file: string): void {
    const after = stackConfig(text, file);
    const written = readRelease(text, file);
    const isWritten = written !== undefined && isSameRelease(written, release) && readImagesFrom(text, file) === "release";
    if (!isWritten || others(before) !== others(after)) {
        throw new CommandError(
            `${file} is laid out in a way that cannot be edited: write ${IMAGES} out as a map, without anchors and aliases.`,
        );
    }
}

/** Values of a stack file without its release. */
function others(config: Readonly<Record<string, unknown>>): string {
    const images = (config[IMAGES] === "" ? undefined : config[IMAGES]) ?? {};
    return JSON.stringify(Object.entries({ ...config, [IMAGES]: { ...images, from: undefined, release: undefined } }).sort());
}
