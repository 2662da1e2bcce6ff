import { accessConsequence } from "./access";
import type { Change } from "../engine/change";
import type { ChangedSources } from "../changed-sources";
import type { ClassName, Consequence } from "../classes";
import { clusterConsequence } from "./cluster";
import { dataConsequence } from "./data";
import { imageConsequence } from "./image";
import { podsConsequence } from "./pods";
import { servingConsequence } from "./serving";
import { trainingConsequence } from "./training";
import { briefly } from "../engine/values";
import { isRemoval, undone, what } from "../wording";

/** Context of a change that its consequence depends on. */
export interface Circumstances {
    /** Commit of the stack's release; undefined if the stack builds. */
    readonly release: string | undefined;
    readonly changedSources: ChangedSources;
    /** Whether a resource is deleted with its namespace or cluster. */
    readonly isSweptAway: (change: Change) => boolean;
}

/** The effect of a change on users of the resource. */
export function consequenceOf(change: Change, { release, changedSources, isSweptAway }: Circumstances): Consequence {
    if (change.old?.retainOnDelete === true && isRemoval(change) && !isSweptAway(change)) {
        return forgotten(change);
    }
    if (change.old?.protect === true && isRemoval(change)) {
        return { class: "protected-deleted", text: `${what(change)} is protected, and would be ${undone(change)}` };
    }
    return (
        dataConsequence(change) ??
        clusterConsequence(change) ??
        accessConsequence(change) ??
        imageConsequence(change, changedSources) ??
        trainingConsequence(change) ??
        podsConsequence(change, release) ??
        servingConsequence(change) ??
        plainConsequence(change)
    );
}

const PLAIN: Readonly<Record<Change["action"], ClassName>> = {
    create: "created",
    update: "updated",
    replace: "removed",
    delete: "removed",
};

function plainConsequence(change: Change): Consequence {
    const manner = {
        create: "",
        update: change.fields.length === 0 ? "" : `: ${briefly(change.fields)}`,
        replace: ` is ${undone(change)}`,
        delete: " is deleted",
    };
    return { class: PLAIN[change.action], text: what(change) + manner[change.action] };
}

/** Pulumi stops managing a resource with `retainOnDelete` and does not delete it. */
function forgotten(change: Change): Consequence {
    return {
        class: "forgotten",
        text: `${what(change)} is kept as it is${change.action === "replace" ? `, next to a new one: it is ${undone(change)}` : ""}`,
    };
}
