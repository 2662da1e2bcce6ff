import type { Change } from "../engine/change";
import type { Consequence } from "../classes";
import { briefly, code, knownDigest, shown } from "../engine/values";
import { what } from "../wording";

const ROLLS = new Set(["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet", "kubernetes:apps/v1:DaemonSet"]);

/** Pods that are replaced one by one because their template changes. */
export function podsConsequence(change: Change, release: string | undefined): Consequence | undefined {
    const template = change.fields.filter((field) => field.startsWith("spec.template"));
    if (!ROLLS.has(change.type) || change.action !== "update" || template.length === 0) {
        return undefined;
    }
    const [before, after] = [change.old, change.new].map((state) =>
        shown(state?.inputs, "spec", "template", "spec", "containers", 0, "image"),
    );
    if (before === after) {
        return { class: "pods-rolled", text: `${what(change)} rolls its pods, because of ${briefly(template)}` };
    }
    const [was, is] = [knownDigest(before), knownDigest(after)];
    const others = template.filter((field) => !field.endsWith(".image"));
    const images = `${was === undefined ? "another image" : code(was)} → ${is === undefined ? "the one that is built" : code(is)}${others.length === 0 ? "" : `, and ${briefly(others)}`}`;
    if (release === undefined || is === undefined) {
        return { class: "pods-rolled", text: `${what(change)} rolls its pods: ${images}` };
    }
    return { class: "release-changed", text: `${what(change)} takes release ${code(release.slice(0, 12))}: ${images}` };
}
