import type { Rule } from "./rule";
import type { ImageName } from "../config/images";
import type { StackConfig } from "../config/stack";
import { keyOf, remove, set } from "../problem";

const digest = /^[^@\s]+@sha256:[0-9a-f]{64}$/;

const promote = (stack: string): string => `npm run promote -- --from dev --to ${stack}`;

const usedImages = ({ inference, training }: StackConfig): readonly ImageName[] => [
    ...(inference === undefined ? [] : (["inference"] as const)),
    ...(training === undefined ? [] : (["training"] as const)),
];

/** Production never builds. */
export const productionTakesReleases: Rule = ({ environment, images }) =>
    environment !== "prod" || images === undefined || images.from === "release"
        ? []
        : [
              {
                  key: keyOf("images", "from"),
                  problem: `is ${images.from}, but a prod environment takes only images that were promoted`,
                  remedy: set(keyOf("images", "from"), "release"),
                  basis: [keyOf("environment")],
              },
          ];

/** Each image that is taken from a release is named by its digest: a tag can move. */
export const releasesByDigest: Rule = (config) => {
    const { stack, images } = config;
    if (images?.from !== "release") {
        return [];
    }
    const { release } = images;
    if (release === undefined) {
        return [
            {
                key: keyOf("images", "release"),
                problem: "is missing: images come from a release, and none was promoted to this stack",
                remedy: promote(stack),
            },
        ];
    }
    return usedImages(config).flatMap((image) => {
        const reference = release[image];
        const problem =
            reference === undefined
                ? "is missing"
                : digest.test(reference)
                  ? undefined
                  : `must be name@sha256:… with 64 hexadecimal digits, not ${reference}`;
        return problem === undefined ? [] : [{ key: keyOf("images", "release", image), problem, remedy: promote(stack) }];
    });
};

const secretName = /(^|_)(secret|token|password|passwd|passphrase|credentials?|apikey|key)(_|$)/i;
const passwordInAddress = /:\/\/[^/\s:@]+:[^/\s@]+@/;

/** A build argument stays readable in the image's history. */
export const noSecretArguments: Rule = ({ images }) =>
    Object.entries(images?.buildArguments ?? {})
        .filter(([name, value]) => secretName.test(name) || passwordInAddress.test(value))
        .map(([name]) => ({
            key: keyOf("images", "buildArguments", name),
            problem: "looks like a secret, and build arguments stay readable in the image; give it to the pod at run time",
            remedy: remove(keyOf("images", "buildArguments", name)),
        }));

/** The CUDA packages of the images exist for amd64. */
export const gpuImagesForAmd64: Rule = ({ images }) =>
    images?.variant === "gpu" && images.platforms.includes("linux/arm64")
        ? [
              {
                  key: keyOf("images", "platforms"),
                  problem: "holds linux/arm64, but the gpu variant exists for linux/amd64 only",
                  remedy: remove(keyOf("images", "platforms")),
              },
          ]
        : [];
