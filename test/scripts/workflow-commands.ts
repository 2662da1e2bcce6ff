import type { Step } from "./workflow-files";

/** Replaces GitHub's expressions, `${{ … }}`, with their values. */
export type Evaluate = (text: string) => string;

/**
 * Returns the command that a step runs; undefined for a step that only sets up the runner.
 * @throws Error if an action has an input that the tests do not support
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
 * The command of pulumi/actions, which calls `stack.up` or `stack.preview` of Pulumi's Automation API. Lines or commas separate its policy packs.
 * https://github.com/pulumi/actions, https://www.pulumi.com/docs/reference/pkg/nodejs/pulumi/pulumi/automation/
 */
function pulumiCommand(inputs: Readonly<Record<string, unknown>>, evaluate: Evaluate): string {
    const { command, "stack-name": stack, policyPacks = "", "pulumi-version": _, ...unknown } = inputs;
    const run = { up: "up --yes --skip-preview", preview: "preview" }[String(command)];
    if (run === undefined || typeof stack !== "string" || typeof policyPacks !== "string" || Object.keys(unknown).length > 0) {
        throw new Error(`Unknown inputs of pulumi/actions: ${JSON.stringify(inputs)}`);
    }
    const packs = policyPacks.split(/[\n,]/).filter((pack) => pack.trim() !== "");
    return [`pulumi ${run}`, ...packs.map((pack) => `--policy-pack ${pack.trim()}`), `--stack ${evaluate(stack)}`].join(" ");
}
