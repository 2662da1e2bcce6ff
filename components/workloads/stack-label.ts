import * as pulumi from "@pulumi/pulumi";
import { STACK_LABEL } from "../../k8s/gpu";
import { labelValue } from "../project/names";
import type { Found } from "./cluster-lookup";

const PROJECT = "ml-platform/project";

/** Label to list objects that remain when the stack file no longer names them. */
export const stackLabel = (): Record<string, string> => ({ [STACK_LABEL]: labelValue("stack", pulumi.getStack()) });

/** Labels of objects that remain when the stack file no longer names them. They distinguish the stacks on one cluster, and stacks of the same name in two Pulumi projects. */
export const ownerLabels = (): Record<string, string> => ({ ...stackLabel(), [PROJECT]: labelValue("project", pulumi.getProject()) });

/** Paths of the owner labels. Older objects do not get them. */
export const OWNER_LABEL_PATHS: readonly string[] = [STACK_LABEL, PROJECT].map((label) => `metadata.labels["${label}"]`);

/** The other stack that owns an object, for messages; undefined if this stack owns it, or its labels name no owner. */
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

/** Command that removes the owner of an object, so that the next update imports it. */
export const disownCommand = (kind: string, name: string): string => `kubectl label ${kind} ${name} ${STACK_LABEL}- ${PROJECT}-`;
