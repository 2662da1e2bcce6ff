import type { Preview, State, Step } from "./preview";

/** The operation on a resource. */
export type Action = "create" | "update" | "replace" | "delete";

/** The report of a preview about a changed resource. */
export interface Change {
    readonly urn: string;
    /** Type token, for example `gcp:container/nodePool:NodePool`. */
    readonly type: string;
    /** The resource's name in the program. */
    readonly name: string;
    readonly action: Action;
    /** Paths of the properties that differ, sorted: `nodeConfig.machineType`. */
    readonly fields: readonly string[];
    /** The ones that force a replacement. */
    readonly replacing: readonly string[];
    readonly old: State | undefined;
    readonly new: State | undefined;
}

const ACTIONS: Readonly<Record<string, Action>> = {
    create: "create",
    import: "create",
    update: "update",
    delete: "delete",
    replace: "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "import-replacement": "replace",
};

/** The resources that a preview changes, in the order of their URNs. Without components and providers, which are not infrastructure. */
export function changes(preview: Preview): readonly Change[] {
    const steps = new Map<string, Step[]>();
    for (const step of preview.steps.filter(({ op, urn }) => ACTIONS[op] !== undefined && !typeOf(urn).startsWith("pulumi:"))) {
        steps.set(step.urn, [...(steps.get(step.urn) ?? []), step]);
    }
    return [...steps]
        .map(([urn, parts]) => merged(urn, parts))
        .filter(({ old, new: fresh }) => (old ?? fresh)?.custom === true)
        .sort((one, other) => (one.urn < other.urn ? -1 : 1));
}

function merged(urn: string, steps: readonly Step[]): Change {
    const actions = steps.map(({ op }) => ACTIONS[op]);
    const diff = steps.flatMap(({ detailedDiff }) => Object.entries(detailedDiff ?? {}));
    const reasons = steps.flatMap(({ diffReasons }) => diffReasons ?? []);
    const replacing = [
        ...diff.filter(([, { kind }]) => kind.endsWith("-replace")).map(([field]) => field),
        ...steps.flatMap(({ replaceReasons }) => replaceReasons ?? []),
    ];
    return {
        urn,
        type: typeOf(urn),
        name: urn.split("::").slice(3).join("::"),
        action: actions.find((action) => action === "replace") ?? actions[0] ?? "update",
        fields: specific([...diff.map(([field]) => field), ...reasons]),
        replacing: specific(replacing),
        old: steps.find(({ oldState }) => oldState)?.oldState ?? undefined,
        // The last step with a new state, because a replacement has several steps.
        new: steps.findLast(({ newState }) => newState)?.newState ?? undefined,
    };
}

/** Removes duplicates, and `spec` if `spec.replicas` is in the list. */
function specific(fields: readonly string[]): string[] {
    const all = [...new Set(fields)].sort();
    return all.filter((field) => !all.some((other) => other.startsWith(`${field}.`) || other.startsWith(`${field}[`)));
}

/** The type of a URN: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`. */
function typeOf(urn: string): string {
    return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
