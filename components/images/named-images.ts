import type { BuiltFor, ImageSettings } from "./image-settings";
import { MIRROR, shippedSource, type BuildSource } from "./shipped-images";

/** An image of the stack and its source. */
export interface NamedImage extends BuiltFor {
    readonly name: string;
    /** How the stack builds it; undefined for an image that is built elsewhere, and without a build context. */
    readonly build: ImageBuild | undefined;
    /** Reference by digest of an image that is built elsewhere: by `use`, or by the stack's release. */
    readonly reference: string | undefined;
}

interface ImageBuild extends BuildSource {
    readonly buildArguments: Readonly<Record<string, string>>;
    /** Reference by digest of the image that the build copies; undefined for a build from source. */
    readonly mirrorOf?: string;
}

/** The images that a stack always builds if its file lists none. */
const UNLISTED = ["inference", "training"];

/**
 * The images of a stack that builds: those that it lists, and those of the project's own that its workloads use. Without a list, also the two default
 * ones.
 * @param listed settings of images, by name
 * @param used names of the images that workloads use
 */
export function namedImages(listed: Readonly<Record<string, ImageSettings>>, used: readonly string[], site: BuiltFor): NamedImage[] {
    const ownUsed = used.filter((name) => shippedSource(name, site.variant) !== undefined);
    const unlisted = Object.keys(listed).length === 0 ? [...UNLISTED, ...ownUsed] : ownUsed;
    const names = new Set([...unlisted.toSorted(), ...Object.keys(listed)]);
    return [...names].map((name) => namedImage(name, listed[name] ?? { buildArguments: {}, mirror: false }, site));
}

function namedImage(name: string, settings: ImageSettings, site: BuiltFor): NamedImage {
    const { variant = site.variant, platforms = site.platforms, use, mirror, buildArguments } = settings;
    const image = { name, variant, platforms };
    if (use === undefined) {
        const source = buildSource(name, settings, variant);
        return { ...image, build: source && { ...source, buildArguments }, reference: undefined };
    }
    return mirror
        ? { ...image, build: { ...MIRROR, buildArguments: {}, mirrorOf: use }, reference: undefined }
        : { ...image, build: undefined, reference: use };
}

/** The settings of an image, merged over the defaults of the project's own image. With another context, the defaults do not apply. */
function buildSource(
    name: string,
    { context, dockerfile, target, contexts }: ImageSettings,
    variant: BuiltFor["variant"],
): BuildSource | undefined {
    const shipped = context === undefined ? shippedSource(name, variant) : undefined;
    const folder = context ?? shipped?.context;
    if (folder === undefined) {
        return undefined;
    }
    return {
        context: folder,
        dockerfile: dockerfile ?? shipped?.dockerfile ?? `${folder}/Dockerfile`,
        target: target ?? shipped?.target,
        contexts: contexts ?? shipped?.contexts ?? {},
    };
}

/** The images in a release, with their variants and platforms. */
interface ReleasedImages {
    /** References by digest, by name. */
    readonly images: Readonly<Record<string, string>>;
    /** Variant and platforms of the images that differ from the others, by name. */
    readonly builtFor?: Readonly<Record<string, BuiltFor>> | undefined;
}

/** The images of a release. */
export const imagesOfRelease = ({ images, builtFor = {} }: ReleasedImages, site: BuiltFor): NamedImage[] =>
    Object.entries(images).map(([name, reference]) => ({ name, ...site, ...builtFor[name], build: undefined, reference }));
