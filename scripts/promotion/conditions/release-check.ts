import { keyOf } from "../../../components/config/problem";
import type { PromotionConfig } from "../../../components/promotion/config";
import { attestationsOf, attestationText } from "../registry/attestations";
import type { Release } from "../release";
import { provenanceProblem } from "./provenance-problem";

/** What the images of a release carry, and why it must not be promoted. */
export interface ReleaseCheck {
    /** A line for each image, and for each exception that is not needed. */
    readonly lines: readonly string[];
    /** One line each: what is wrong with which image, and the remedy. */
    readonly problems: readonly string[];
}

/**
 * Checks the images of a release against the conditions of a stack.
 * @param file name of the stack's file, for messages
 * @throws CommandError if a registry does not serve an image
 */
export async function checkRelease({ images }: Pick<Release, "images">, accepted: PromotionConfig, file: string): Promise<ReleaseCheck> {
    const checks = await Promise.all(
        Object.entries(images).map(async ([name, reference]) => {
            const attestations = await attestationsOf(reference);
            const exception = accepted.unverified.find(({ image }) => image === name);
            const problem = provenanceProblem({ name, reference, file }, attestations.provenance);
            const accepts = problem !== undefined && exception !== undefined ? ` (accepted: ${exception.reason})` : "";
            return {
                line: `  ${name.padEnd(12)} ${attestationText(attestations)}${accepts}`,
                problem: exception === undefined ? problem : undefined,
                unneeded: problem === undefined ? name : undefined,
            };
        }),
    );
    const needless = accepted.unverified.flatMap(({ image }, index) => {
        const isNeeded = images[image] !== undefined && checks.every(({ unneeded }) => unneeded !== image);
        return isNeeded ? [] : [`  ${keyOf("promotion", "unverified", index)} is not needed by this release: remove it`];
    });
    return {
        lines: ["Attestations", ...checks.map(({ line }) => line), ...needless],
        problems: checks.flatMap(({ problem }) => problem ?? []),
    };
}
