import type { Target } from "./kind";

/** Whether a stack runs on the simulated cloud. */
export const isSandbox = ({ stack }: Pick<Target, "stack">): boolean => stack === "sandbox";

/** The command that deploys a stack with a new image. A stack that takes releases first needs a release with the image. */
export function update(image: string, { stack, config }: Target): string {
    if (config.images?.from === "release" && !config.images.named.some(({ name }) => name === image)) {
        return `git commit --message "feat: ${image} in ${stack}" Pulumi.${stack}.yaml && npm run promote -- --from dev --to ${stack}`;
    }
    return isSandbox({ stack }) ? "npm run sandbox -- up --yes" : `pulumi up --stack ${stack}`;
}

/** A remedy of the configuration's checks. For the sandbox stack, its commands use the sandbox's own Pulumi. */
export const remedyFor = (stack: string, remedy: string): string =>
    isSandbox({ stack }) ? remedy.replaceAll("pulumi config ", "npm run sandbox -- config ") : remedy;

/** kubectl for the cluster of a stack. */
export const kubectl = (target: Target): string => (isSandbox(target) ? "npm run sandbox -- kubectl" : "kubectl");
