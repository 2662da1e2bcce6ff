import type { Attestations } from "../registry/attestations";

/** An image of a release, and the stack file that would get it. */
export interface CheckedImage {
    readonly name: string;
    /** `host/name@sha256:…` */
    readonly reference: string;
    /** Name of the stack file. */
    readonly file: string;
}

/** Why an image must not be promoted, by its provenance, with the remedy in one line; undefined if it may. */
export function provenanceProblem(image: CheckedImage, provenance: Attestations["provenance"]): string | undefined {
    const { name, reference } = image;
    if (provenance === undefined) {
        return (
            `The image ${name} (${reference}) has no provenance. Deploy the stack that builds it again, from a clone with its whole history; ` +
            `copy an image that is built elsewhere with images.${name}.mirror; or ${exception(image)}.`
        );
    }
    if (typeof provenance === "string") {
        return undefined;
    }
    return (
        `The provenance of the image ${name} (${reference}) is unknown because Artifact Analysis cannot be read: ${provenance.unknown}. ` +
        `Log in with \`gcloud auth login\`, as an account with roles/containeranalysis.occurrences.viewer in the project of the image, or ${exception(image)}.`
    );
}

/** The exception that a stack file can make. */
const exception = ({ name, file }: CheckedImage): string =>
    `add { image: ${name}, reason: … } to ml-platform:promotion.unverified in ${file}, and commit the file`;
