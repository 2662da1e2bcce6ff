import { minimatch } from "minimatch";
import type { Pushed } from "../../builds/pushed";
import type { Trigger } from "../../builds/trigger";

/**
 * Returns why a trigger does not build for a push; undefined if it does. For the fields, see
 * https://cloud.google.com/build/docs/api/reference/rest/v1/projects.triggers
 */
export function whyNot(trigger: Trigger, pushed: Pushed): string | undefined {
    const push = trigger.github?.push ?? trigger.repositoryEventConfig?.push;
    if (push === undefined) {
        return "the trigger watches no repository";
    }
    const [kind, pattern] = "branch" in push ? (["branch", push.branch] as const) : (["tag", push.tag] as const);
    if (kind !== pushed.kind) {
        return `the trigger watches pushes of a ${kind}, and ${pushed.name} is a ${pushed.kind}`;
    }
    if (!new RegExp(pattern).test(pushed.name)) {
        return `the ${kind} ${pushed.name} does not match ${pattern}`;
    }
    const { includedFiles } = trigger;
    if (includedFiles.length > 0 && !pushed.files.some((file) => includedFiles.some((glob) => matches(file, glob)))) {
        return `the commit changes no file of ${includedFiles.join(", ")}; it changes ${named(pushed.files)}`;
    }
    if (trigger.approvalConfig?.approvalRequired === true) {
        return "the trigger requires approval";
    }
    return undefined;
}

/** Go's `path/filepath.Match` with `**`: no braces, no negation. */
const matches = (file: string, glob: string): boolean =>
    minimatch(file, glob, { dot: true, nobrace: true, nocomment: true, noext: true, nonegate: true });

const MOST_NAMED = 5;

function named(files: readonly string[]): string {
    if (files.length === 0) {
        return "none";
    }
    const more = files.length - MOST_NAMED;
    return `${files.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
