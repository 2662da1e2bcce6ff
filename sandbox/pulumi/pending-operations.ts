import * as fs from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Home } from "../home";

type Properties = Readonly<Record<string, unknown>>;

/** A resource in Pulumi's state: the fields that are used here. */
export interface StateResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly inputs?: Properties;
    readonly outputs?: Properties;
    readonly delete?: boolean;
    readonly protect?: boolean;
}

/** Pulumi's state of a stack. It is unknown whether a pending operation took place. */
export interface Deployment {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
}

/** The file in which the backend keeps a state. */
export interface Checkpoint {
    readonly checkpoint: { readonly latest?: Deployment };
}

/**
 * The state without pending operations. It has the resources that were being created if their id is known; a refresh tells whether they exist.
 * @param idOf the id of a resource if it was created
 */
export function withoutPendingOperations(deployment: Deployment, idOf: (resource: StateResource) => string | undefined): Deployment {
    const resources = [...(deployment.resources ?? [])];
    for (const { type, resource } of deployment.pending_operations ?? []) {
        const id = type === "creating" ? idOf(resource) : undefined;
        if (id === undefined) {
            continue;
        }
        const created = { ...resource, id, outputs: resource.outputs ?? resource.inputs ?? {} };
        const at = resources.findIndex((other) => other.urn === resource.urn && other.delete !== true);
        const [replaced] = at === -1 ? [] : resources.splice(at, 1, created);
        // What it replaces is deleted by the next update; the engine wants it after its successor.
        resources.push(replaced === undefined ? created : { ...replaced, delete: true });
    }
    return { ...deployment, resources, pending_operations: [] };
}

/** The id of a resource in the sandbox; undefined if it does not exist, or if only a refresh can tell. */
export function existingId(home: Home, { type, inputs = {} }: StateResource): string | undefined {
    if (type.startsWith("kubernetes:")) {
        return objectId(inputs);
    }
    const file = path.join(home.root, "cloud", "ledger.json");
    if (!fs.existsSync(file)) {
        return undefined;
    }
    const { resources } = JSON.parse(fs.readFileSync(file, "utf8")) as {
        resources: readonly { type: string; id: string; inputs: Properties }[];
    };
    const asked = Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
    return resources.find((entry) => entry.type === type && isDeepStrictEqual(entry.inputs, asked))?.id;
}

function objectId({ metadata }: Properties): string | undefined {
    const { namespace, name } = (metadata ?? {}) as { namespace?: string; name?: string };
    return name === undefined || namespace === undefined ? name : `${namespace}/${name}`;
}
