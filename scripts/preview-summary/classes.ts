/** A kind of consequence, and its severity. */
interface ConsequenceClass {
    readonly title: string;
    /** Exit status of a summary with this class, unless it was allowed; absent if nothing is lost or interrupted. */
    readonly exit?: number;
}

/** All classes, the most severe first. */
export const CLASSES = {
    "preview-failed": { title: "The preview failed", exit: 10 },
    "protected-deleted": { title: "Protected resources deleted or replaced", exit: 11 },
    "data-lost": { title: "Data lost", exit: 12 },
    "cluster-replaced": { title: "Clusters deleted or replaced", exit: 13 },
    "nodes-drained": { title: "Nodes drained", exit: 14 },
    "run-ended": { title: "Training runs ended", exit: 15 },
    "service-interrupted": { title: "Services interrupted", exit: 16 },
    "public-access": { title: "Opened to the public", exit: 17 },
    removed: { title: "Other resources deleted or replaced", exit: 18 },
    noted: { title: "Messages of the program" },
    "access-changed": { title: "Access changed" },
    "release-changed": { title: "Release changed" },
    forgotten: { title: "Kept, and no longer managed" },
    "image-rebuilt": { title: "Images rebuilt" },
    "image-attested": { title: "Provenance of images" },
    "run-started": { title: "Training runs started" },
    "pods-rolled": { title: "Pods rolled" },
    updated: { title: "Updated in place" },
    created: { title: "Created" },
} as const satisfies Readonly<Record<string, ConsequenceClass>>;

export type ClassName = keyof typeof CLASSES;

/** Names of all classes, the most severe first. */
export const CLASS_NAMES = Object.keys(CLASSES) as readonly ClassName[];

/** Effect of a change, in one sentence. */
export interface Consequence {
    readonly class: ClassName;
    /** Markdown, one line. */
    readonly text: string;
}

/** The exit status of a summary: the status of the most severe class that is present and not allowed, or 0. */
export function exitStatus(consequences: readonly Consequence[], allowed: readonly ClassName[]): number {
    const found = CLASS_NAMES.find(
        (name) => "exit" in CLASSES[name] && !allowed.includes(name) && consequences.some((consequence) => consequence.class === name),
    );
    const gravest: ConsequenceClass | undefined = found && CLASSES[found];
    return gravest?.exit ?? 0;
}
