import type { Segment } from "./property-path";
import type { Properties } from "./property-values";

/** A property that Check refuses. `property` is a path (`nodeConfig.machineType`), `reason` a sentence for the person who wrote the program. */
export interface CheckFailure {
    readonly property: string;
    readonly reason: string;
}

/** The result of Check: the inputs with defaults, and their failures. Any failure stops the update before it starts. */
export interface Checked {
    readonly inputs: Properties;
    readonly failures: readonly CheckFailure[];
}

/** One property that differs. */
export interface PropertyChange {
    readonly path: readonly Segment[];
    readonly kind: "add" | "update" | "delete";
    /** Whether this change alone makes a new resource necessary. */
    readonly replaces: boolean;
}

/** The result of Diff. */
export interface Difference {
    readonly changes: readonly PropertyChange[];
    /** Whether a replacement must delete the old resource first, because the new one has the same name. Default: false. */
    readonly deleteBeforeReplace?: boolean;
}

/** Which resource a request is about. */
export interface Target {
    readonly urn: string;
    /** The type token, for example `gcp:container/cluster:Cluster`. */
    readonly type: string;
    /** The logical name in the program. */
    readonly name: string;
}

/** A request that may take long. */
export interface Operation extends Target {
    /** What the resource's `customTimeouts` allow, in seconds. Absent: the provider's own default. */
    readonly timeoutSeconds?: number | undefined;
    /** Aborts when the user interrupts the update. */
    readonly cancelled: AbortSignal;
}

/** An answer, at once or later. */
type Eventually<Answer> = Answer | Promise<Answer>;

/** What exists: its id and its state, and, where the provider can tell, the inputs that would make it. */
export interface Existing {
    readonly id: string;
    readonly outputs: Properties;
    readonly inputs: Properties;
}

/**
 * A resource provider in plain JavaScript values. Requests hold `UNKNOWN` where a preview does not know a value yet, and never a `Secret`: the
 * engine takes secrets off before a call and marks the answers again. The user sees the message of anything thrown.
 */
export interface Provider {
    /** The version of the package that this provider serves, without a leading v. */
    readonly version: string;
    /** Validates the provider's own configuration. Absent: everything is accepted. */
    checkConfig?(request: Target & { readonly inputs: Properties }): Eventually<Checked>;
    /** Compares the provider's own configuration with the earlier one. Absent: a change updates the provider in place. */
    diffConfig?(request: Target & { readonly inputs: Properties; readonly oldInputs: Properties }): Eventually<Difference>;
    /** Takes the configuration. Nested values arrive as JSON texts when the SDK of the package sends them so. */
    configure(config: Properties): Eventually<void>;
    check(
        request: Target & {
            readonly inputs: Properties;
            /** The checked inputs of the resource that exists. Absent: it is to be created. */
            readonly oldInputs: Properties | undefined;
            /** Random bytes to derive generated names from, so that an update makes the names that its plan showed. */
            readonly randomSeed: Uint8Array;
        },
    ): Eventually<Checked>;
    diff(
        request: Target & {
            readonly id: string;
            readonly inputs: Properties;
            readonly oldInputs: Properties;
            readonly oldOutputs: Properties;
        },
    ): Eventually<Difference>;
    /** Creates the resource. With `preview`, predicts the outputs and changes nothing; the id is ignored then. @throws InitFailed if it exists but is not usable */
    create(
        request: Operation & { readonly inputs: Properties; readonly preview: boolean },
    ): Eventually<{ readonly id: string; readonly outputs: Properties }>;
    /** Reads what exists now. `inputs` is absent for an import. Undefined if it does not exist. */
    read(
        request: Operation & { readonly id: string; readonly inputs: Properties | undefined; readonly outputs: Properties | undefined },
    ): Eventually<Existing | undefined>;
    update(
        request: Operation & {
            readonly id: string;
            readonly inputs: Properties;
            readonly oldInputs: Properties;
            readonly oldOutputs: Properties;
            readonly preview: boolean;
            /** Paths of properties with ignored changes; `inputs` holds the earlier values there. */
            readonly ignoreChanges?: readonly string[];
        },
    ): Eventually<Properties>;
    /** Deletes the resource if it exists. */
    delete(request: Operation & { readonly id: string; readonly inputs: Properties; readonly outputs: Properties }): Eventually<void>;
    /** Calls a function of the package (`gcp:organizations/getProject:getProject`). Absent: there are none. */
    invoke?(token: string, args: Properties): Eventually<Properties>;
}

/**
 * Thrown by create, read and update when the resource exists but is not usable. The engine keeps it in the state, shows the reasons, and updates it next
 * time.
 */
export class InitFailed extends Error {
    constructor(
        readonly existing: Existing,
        readonly reasons: readonly string[],
    ) {
        super(reasons.join("; "));
    }
}
