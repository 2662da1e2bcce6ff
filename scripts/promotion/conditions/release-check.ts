import { keyOf } from "../../../components/config/problem";
import type { Release } from "../release";
import { checkImage, type Conditions } from "./image-check";

/** The attestations of a release's images, and the reasons not to promote it. */
export interface ReleaseCheck {
    /** The attestations of each image, the result of its scan, and each exception that is not needed. */
    readonly lines: readonly string[];
    /** The problems of each image, with the remedies. */
    readonly problems: readonly string[];
}

/**
 * Checks the images of a release against the conditions of a stack.
 * @throws CommandError if a registry does not serve an image
 */
export async function checkRelease({ images }: Pick<Release, "images">, conditions: Conditions): Promise<ReleaseCheck> {
    const checks = await Promise.all(
        Object.entries(images).map(async ([name, reference]) => ({ name, ...(await checkImage(name, reference, conditions)) })),
    );
    const needed = checks.flatMap((check) => check.needed);
    const { unverified, vulnerabilities } = conditions.accepted;
    const exceptions = [
        ...unverified.map(({ image }, index) => ({ name: image, key: keyOf("promotion", "unverified", index) })),
        ...vulnerabilities.map(({ id }, index) => ({ name: id, key: keyOf("promotion", "vulnerabilities", index) })),
    ];
    return {
        lines: [
            "Attestations",
            ...checks.map(({ name, attestations }) => `  ${name.padEnd(12)} ${attestations}`),
            "Vulnerabilities",
            ...checks.map(({ name, scan }) => `  ${name.padEnd(12)} ${scan}`),
            ...exceptions.filter(({ name }) => !needed.includes(name)).map(({ key }) => `This release does not need ${key}: remove it.`),
        ],
        problems: checks.flatMap(({ problems }) => problems),
    };
}
