import * as pulumi from "@pulumi/pulumi";

/** Longest value of a label. https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const LONGEST = 63;

/** Label of what outlives an edit of the stack file, which tells the stacks on one cluster apart. */
export function stackLabel(): Record<string, string> {
    const value = pulumi
        .getStack()
        .replace(/[^A-Za-z0-9._-]/g, "-")
        .slice(0, LONGEST)
        .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
    return { "ml-platform/stack": value };
}
