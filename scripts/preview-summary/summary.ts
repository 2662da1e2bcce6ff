import { stripVTControlCharacters } from "node:util";
import { keyOf } from "../../components/config/problem";
import { changes, type Change } from "./engine/change";
import { changedSources } from "./changed-sources";
import { type ClassName, type Consequence, exitStatus } from "./classes";
import { consequenceOf } from "./consequences/consequence";
import { markdown } from "./markdown";
import type { Preview } from "./engine/preview";
import { shown } from "./engine/values";
import { isRemoval } from "./wording";

/** A preview for reviewers. */
export interface Summary {
    /** Fewer than 60,000 characters. */
    readonly markdown: string;
    /** 0, or the status of the most severe class that was not allowed. */
    readonly exit: number;
}

/**
 * Summarizes a preview by its effect on users of the stack.
 * @param title heading
 * @param allowed classes without an effect on the exit status
 */
export function summary(preview: Preview, title: string, allowed: readonly ClassName[]): Summary {
    const all = changes(preview);
    const circumstances = { release: releaseOf(preview), changedSources: changedSources(preview), isSweptAway: sweptAway(all) };
    const consequences = [...failures(preview), ...notes(preview), ...all.map((change) => consequenceOf(change, circumstances))];
    return { markdown: markdown(title, consequences, preview.changeSummary?.same ?? 0), exit: exitStatus(consequences, allowed) };
}

/** The resources of a preview that are deleted with their namespace or cluster, even if Pulumi itself would keep them. */
function sweptAway(changes: readonly Change[]): (change: Change) => boolean {
    const removed = changes.filter(isRemoval);
    const cluster = removed.some(({ type }) => type === "gcp:container/cluster:Cluster");
    const namespaces = removed
        .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
        .map(({ old }) => shown(old?.inputs, "metadata", "name"));
    return ({ type, old }) =>
        type.startsWith("kubernetes:") && (cluster || namespaces.includes(shown(old?.inputs, "metadata", "namespace") ?? ""));
}

/** Errors of the program and of the engine, which removes secrets from them. */
function failures({ diagnostics }: Preview): Consequence[] {
    return diagnostics
        .filter(({ severity }) => severity === "error")
        .map(({ message }) => ({ class: "preview-failed", text: quoted(message) }));
}

/** Messages of the program, warnings first, without those of the engine. */
function notes({ diagnostics }: Preview): Consequence[] {
    return ["warning", "info"].flatMap((level) =>
        diagnostics
            .filter(({ severity, urn }) => severity === level && urn !== undefined && urn !== "")
            .map(({ message }) => ({ class: "noted", text: oneLine(message) })),
    );
}

/** A sentence with its Markdown characters escaped. */
function oneLine(text: string): string {
    const line = text
        .trim()
        .replaceAll(/\s+/g, " ")
        .replaceAll(/[\\`*_[\]<>|#]/g, "\\$&");
    return line.length > LONGEST_NOTE ? `${line.slice(0, LONGEST_NOTE)}…` : line;
}

/** Longest shown part of a note, in characters. */
const LONGEST_NOTE = 1000;

/** Longest shown part of an error, in characters; the log has the rest. */
const LONGEST_ERROR = 4000;

/** A text as a code block in a list item. Its fence is longer than any fence in the text, so the text cannot close it. */
function quoted(text: string): string {
    const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
    const lines = stripVTControlCharacters(text).split("\n");
    // The log has the stack trace.
    const trimmed = lines
        .filter((line) => !/^\s+at /.test(line))
        .join("\n")
        .trim();
    const shownText = trimmed.length > LONGEST_ERROR ? `${trimmed.slice(0, LONGEST_ERROR)}…` : trimmed;
    return ["The program or the engine reports:", "", fence, ...shownText.split("\n"), fence].join("\n    ").replaceAll(/ +$/gm, "");
}

/** Commit of the release that the stack's configuration names. */
function releaseOf({ config }: Preview): string | undefined {
    try {
        const images = JSON.parse(config[keyOf("images")] ?? "{}") as Record<string, unknown>;
        return images.from === "release" ? shown(images, "release", "commit") : undefined;
    } catch {
        return undefined;
    }
}
