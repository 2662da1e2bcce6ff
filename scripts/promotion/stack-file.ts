import { type Document, isMap, isNode, isScalar, Scalar, type ToStringOptions } from "yaml";
import { z } from "zod";
import { encryptedKeys } from "../../components/config/encrypted";
import { imageNames } from "../../components/config/images";
import { keyOf, remedyText, remove } from "../../components/problem";
import { CommandError } from "../command-line/run";
import { yamlDocument } from "../stack-config/yaml-document";
import { builtForSchema, type Release } from "./release";

const IMAGES = ["config", keyOf("images")] as const;
const FROM = [...IMAGES, "from"];
const RELEASE = [...IMAGES, "release"];

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
 * @throws CommandError where the file is not YAML
 */
export function readRelease(text: string, file: string): Release | undefined {
    const parsed = releaseSchema.safeParse(
        (yamlDocument(text, file).toJS() as { config?: Record<string, { release?: unknown }> } | null)?.config?.[keyOf("images")]?.release,
    );
    if (!parsed.success) return undefined;
    const { variant, platforms, commit, time, by, ...images } = parsed.data;
    const builtFor = builtForSchema.safeParse({ variant, platforms }).data;
    return { images, ...(builtFor && { builtFor }), commit, time, by };
}

/**
 * Makes sure that no value of the section that takes the release is encrypted.
 * @throws CommandError that names the first one that is
 */
export function checkPlain(text: string, file: string): void {
    const images = keyOf("images");
    const values = yamlDocument(text, file).toJS() as { config?: Record<string, unknown> } | null;
    const [key] = encryptedKeys({ [images]: values?.config?.[images] });
    if (key === undefined) return;
    throw new CommandError(
        `${file} has an encrypted value at ${key}, which no stack may have. Remove it first: ${remedyText(remove(key))}`,
    );
}

/** What a stack file says of where its images come from; `build` where it says nothing. */
export function readImagesFrom(text: string, file: string): string {
    const from = yamlDocument(text, file).getIn(FROM);
    return typeof from === "string" ? from : "build";
}

/** Whether a stack file takes a release and names none, as before its first promotion. A release that cannot be read is not none. */
export function awaitsRelease(text: string, file: string): boolean {
    return readImagesFrom(text, file) === "release" && (yamlDocument(text, file).getIn(RELEASE) ?? undefined) === undefined;
}

/**
 * The text of a stack file that takes a release. Comments, the order of keys and all other values stay.
 * @throws CommandError where the file is not YAML, or is no stack file
 */
export function writeRelease(text: string, release: Release, file: string): string {
    const style = styleOf(text, file);
    const document = yamlDocument(text, file);
    for (const path of [[], IMAGES.slice(0, 1), IMAGES, RELEASE]) {
        const node = document.getIn(path, true);
        if (node === undefined || node === null || (isScalar(node) && node.value === null)) document.setIn(path, document.createNode({}));
        else if (!isMap(node))
            throw new CommandError(`${file} is no stack file: ${path.length === 0 ? "it" : path.join(".")} is not a map.`);
    }
    const { images, builtFor, ...origin } = release;
    put(document, FROM, "release", Scalar.PLAIN);
    for (const name of imageNames) {
        const reference = images[name];
        if (reference === undefined) document.deleteIn([...RELEASE, name]);
        else put(document, [...RELEASE, name], reference, Scalar.QUOTE_DOUBLE);
    }
    if (builtFor === undefined) {
        document.deleteIn([...RELEASE, "variant"]);
        document.deleteIn([...RELEASE, "platforms"]);
    } else {
        put(document, [...RELEASE, "variant"], builtFor.variant, Scalar.PLAIN);
        document.setIn([...RELEASE, "platforms"], document.createNode(builtFor.platforms));
    }
    // In quotes: a time, and a commit of digits, are no text to a YAML 1.1 reader such as the engine's.
    for (const [key, value] of Object.entries(origin)) put(document, [...RELEASE, key], value, Scalar.QUOTE_DOUBLE);
    return splice(text, document.toString(style), file);
}

/** The old text with the images of the new one, so that nothing else is laid out anew. A file without images gets them at the end of its values. */
function splice(before: string, after: string, file: string): string {
    const old = imagesRange(before, file);
    const fresh = imagesRange(after, file);
    if (old === undefined || fresh === undefined) return after;
    return before.slice(0, old.start) + after.slice(fresh.start, fresh.end) + before.slice(old.end);
}

/** Where the key and the value of the images stand in a text. */
function imagesRange(text: string, file: string): { readonly start: number; readonly end: number } | undefined {
    const config = yamlDocument(text, file).get(IMAGES[0]);
    const pair = isMap(config) ? config.items.find(({ key }) => isScalar(key) && key.value === IMAGES[1]) : undefined;
    const start = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
    const end = isNode(pair?.value) ? pair.value.range?.[1] : undefined;
    if (start === undefined || end === undefined) return undefined;
    // The end of a block includes the end of its last line, which an empty value has not.
    return { start, end: start + text.slice(start, end).trimEnd().length };
}

/** Sets a value in place, with the comments that stand beside it. */
function put(document: Document, path: readonly string[], value: string, type: Scalar.Type): void {
    const present = document.getIn(path, true);
    const scalar = isScalar(present) ? present : new Scalar(value);
    scalar.value = value;
    scalar.type = type;
    if (scalar !== present) document.setIn(path, scalar);
}

const STYLES: readonly ToStringOptions[] = [2, 4].flatMap((indent) =>
    [true, false].flatMap((indentSeq) =>
        [true, false].map((flowCollectionPadding) => ({ indent, indentSeq, flowCollectionPadding, lineWidth: 0 })),
    ),
);

/** The layout in which a file is written already, so that only what changes shows in its difference. */
function styleOf(text: string, file: string): ToStringOptions {
    return (
        STYLES.find((style) => yamlDocument(text, file).toString(style) === text) ?? { indent: /^ {2}\S/m.test(text) ? 2 : 4, lineWidth: 0 }
    );
}
