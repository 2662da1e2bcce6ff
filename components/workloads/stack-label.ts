import * as pulumi from "@pulumi/pulumi";
import { STACK_LABEL } from "../../k8s/gpu";
import { labelValue } from "../project/names";
import type { Found } from "./cluster-lookup";

const PROJECT = "ml-platform/project";

/** Label that lists what outlives an edit of the stack file. */
export const stackLabel = (): Record<string, string> => ({ [STACK_LABEL]: labelValue("stack", pulumi.getStack()) });

/** Labels of what outlives an edit of the stack file. They tell the stacks on one cluster apart, and stacks of one name in two Pulumi projects. */
export const ownerLabels = (): Record<string, string> => ({ ...stackLabel(), [PROJECT]: labelValue("project", pulumi.getProject()) });

/** Paths of the owner's labels, which objects from before they existed keep without. */
export const OWNER_LABEL_PATHS: readonly string[] = [STACK_LABEL, PROJECT].map((label) => `metadata.labels["${label}"]`);

/** The other stack that an object belongs to, in words; undefined where it belongs to this one, or its labels do not tell. */
export function otherOwner({ metadata: { labels = {} } }: Found): string | undefined {
    const isOther = Object.entries(ownerLabels()).some(([label, value]) => labels[label] !== undefined && labels[label] !== value);
    return isOther ? `stack ${labels[STACK_LABEL] ?? "?"} of Pulumi project ${labels[PROJECT] ?? "?"}` : undefined;
}

/** Whether an object has the labels of this stack. */
export function isOwn(object: Found): boolean {
    const labels = object.metadata.labels ?? {};
    const isLabelled = Object.entries(stackLabel()).every(([label, value]) => labels[label] === value);
    return isLabelled && otherOwner(object) === undefined;
}

/** Command that makes an object one of no stack, so that the next update takes it over. */
export const disownCommand = (kind: string, name: string): string => `kubectl label ${kind} ${name} ${STACK_LABEL}- ${PROJECT}-`;
