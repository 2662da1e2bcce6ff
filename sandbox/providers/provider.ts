import type { Segment } from "./property-path";
import type { Properties } from "./property-values";

/** A property that Check rejects. `property` is a path (`nodeConfig.machineType`); `reason` is a sentence for the author of the program. */
export interface CheckFailure {
    readonly property: string;
    readonly reason: string;
}

/** The result of Check: the inputs with defaults, and the failures. Any failure stops the update before it starts. */
export interface Checked {
    readonly inputs: Properties;
    readonly failures: readonly CheckFailure[];
}

/** A property that differs. */
export interface PropertyChange {
    readonly path: readonly Segment[];
    readonly kind: "add" | "update" | "delete";
    /** Whether this change requires a new resource. */
    readonly replaces: boolean;
}

/** The result of Diff. */
export interface Difference {
    readonly changes: readonly PropertyChange[];
    /** Whether a replacement must delete the old resource first because both have the same name. Default: false. */
    readonly deleteBeforeReplace?: boolean;
}

/** The resource that a request refers to. */
export interface Target {
    readonly urn: string;
    /** Type token, such as `gcp:container/cluster:Cluster`. */
    readonly type: string;
    /** Logical name in the program. */
    readonly name: string;
}

/** Arguments of Check. */
export interface CheckRequest extends Target {
    readonly inputs: Properties;
    /** Checked inputs of the existing resource. Absent if the resource is about to be created. */
    readonly oldInputs: Properties | undefined;
    /** Random bytes for generated names. With an update plan, the update receives the plan's bytes and generates the same names. */
    readonly randomSeed: Uint8Array;
}

/** A request that may take a long time. */
export interface Operation extends Target {
    /** Timeout from the resource's `customTimeouts`, in seconds. Absent: the provider's default. */
    readonly timeoutSeconds?: number | undefined;
    /** Aborted when the user interrupts the update. */
    readonly cancelled: AbortSignal;
}

/** A result, or a promise of one. */
type Eventually<Answer> = Answer | Promise<Answer>;

/** An existing resource: its ID, its state and, if the provider can tell, the inputs that would create it. */
export interface Existing {
    readonly id: string;
    readonly outputs: Properties;
    readonly inputs: Properties;
}

/**
 * A resource provider in plain JavaScript values. Requests contain `UNKNOWN` for values that are unknown in a preview, but never a
 * `Secret`: the engine unwraps secrets before a call and marks the results again. Messages of thrown errors are shown to the user.
 */
export interface Provider {
    /** Version of the package that this provider implements, without the prefix v. */
    readonly version: string;
    /** Validates the provider's configuration. Absent: any configuration is valid. */
    checkConfig?(request: Target & { readonly inputs: Properties }): Eventually<Checked>;
    /** Compares the provider's configuration with the previous one. Absent: a change updates the provider in place. */
    diffConfig?(request: Target & { readonly inputs: Properties; readonly oldInputs: Properties }): Eventually<Difference>;
    /** Sets the provider's configuration. Nested values are JSON strings if the package's SDK sends them so. */
    configure(config: Properties): Eventually<void>;
    check(request: CheckRequest): Eventually<Checked>;
    diff(
        request: Target & {
            readonly id: string;
            readonly inputs: Properties;
            readonly oldInputs: Properties;
            readonly oldOutputs: Properties;
        },
    ): Eventually<Difference>;
    /**
     * Creates the resource. With `preview`, predicts the outputs without changes; the ID is then ignored.
     * @throws InitFailed if the resource exists but is not usable
     */
    create(
        request: Operation & { readonly inputs: Properties; readonly preview: boolean },
    ): Eventually<{ readonly id: string; readonly outputs: Properties }>;
    /** Reads the resource; undefined if it does not exist. `inputs` is absent for an import. */
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
            /** Paths of properties whose changes are ignored; `inputs` contains their old values. */
            readonly ignoreChanges?: readonly string[];
        },
    ): Eventually<Properties>;
    /** Deletes the resource if it exists. */
    delete(request: Operation & { readonly id: string; readonly inputs: Properties; readonly outputs: Properties }): Eventually<void>;
    /** Calls a function of the package, such as `gcp:organizations/getProject:getProject`. Absent if the package has none. */
    invoke?(token: string, args: Properties): Eventually<Properties>;
}

/**
 * Thrown by create, read and update if the resource exists but is not usable. The engine keeps it in the state, shows the reasons and
 * updates it the next time.
 */
export class InitFailed extends Error {
    constructor(
        readonly existing: Existing,
        readonly reasons: readonly string[],
    ) {
        super(reasons.join("; "));
    }
}
