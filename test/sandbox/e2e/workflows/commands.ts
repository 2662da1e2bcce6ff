import type { Step } from "../../../scripts/workflow-files";

/** Fills GitHub's expressions, `${{ … }}`, in. */
export type Evaluate = (text: string) => string;

/**
 * The command that a step runs; undefined for one that only sets up the runner.
 * @throws Error where an action is told something that is not known here
 */
export function commandOf(step: Step, evaluate: Evaluate): string | undefined {
    if (step.run !== undefined) {
        return evaluate(step.run);
    }
    return step.uses?.startsWith("pulumi/actions@") === true && step.with?.command !== undefined
        ? pulumiCommand(step.with, evaluate)
        : undefined;
}

/**
 * What pulumi/actions runs: `stack.up` or `stack.preview` of Pulumi's Automation API, with the policy packs as a list by lines or commas.
 * https://github.com/pulumi/actions, https://www.pulumi.com/docs/reference/pkg/nodejs/pulumi/pulumi/automation/
 */
function pulumiCommand(inputs: Readonly<Record<string, unknown>>, evaluate: Evaluate): string {
    const { command, "stack-name": stack, policyPacks = "", "pulumi-version": _, ...unknown } = inputs;
    const run = { up: "up --yes --skip-preview", preview: "preview" }[String(command)];
    if (run === undefined || typeof stack !== "string" || typeof policyPacks !== "string" || Object.keys(unknown).length > 0) {
        throw new Error(`What pulumi/actions runs with ${JSON.stringify(inputs)} is not known here`);
    }
    const packs = policyPacks.split(/[\n,]/).filter((pack) => pack.trim() !== "");
    return [`pulumi ${run}`, ...packs.map((pack) => `--policy-pack ${pack.trim()}`), `--stack ${evaluate(stack)}`].join(" ");
}
