import type { Target } from "./kind";

/** Whether a stack runs on the simulated cloud. */
export const isSandbox = ({ stack }: Pick<Target, "stack">): boolean => stack === "sandbox";

/**
 * The command that deploys a stack with a new image. A stack that takes releases first needs a release with the image, and Cloud Build
 * builds pushed commits only.
 */
export function update(image: string, { stack, config }: Target): string {
    const file = `Pulumi.${stack}.yaml`;
    const message = `--message "feat: ${image} in ${stack}"`;
    const up = isSandbox({ stack }) ? "npm run sandbox -- up --yes" : `pulumi up --stack ${stack}`;
    if (config.images?.from === "release" && !config.images.named.some(({ name }) => name === image)) {
        return `git commit ${message} ${file} && npm run promote -- --from dev --to ${stack}`;
    }
    if (config.images?.from === "cloud-build") {
        const push = isSandbox({ stack }) ? "" : " && git push";
        return `git add models/${image} ${file} && git commit ${message}${push} && ${up}`;
    }
    return up;
}

/** A remedy of the configuration's checks. For the sandbox stack, its commands use the sandbox's own Pulumi. */
export const remedyFor = (stack: string, remedy: string): string =>
    isSandbox({ stack }) ? remedy.replaceAll("pulumi config ", "npm run sandbox -- config ") : remedy;

/** kubectl for the cluster of a stack. */
export const kubectl = (target: Target): string => (isSandbox(target) ? "npm run sandbox -- kubectl" : "kubectl");
