import * as fs from "node:fs";
import * as path from "node:path";
import type { JsonObject } from "../cloud/json";
import type { Entry } from "../cloud/ledger";
import type { Home } from "../home";
import { findMappedType } from "../providers/gcp/mapped/all";

type Properties = Readonly<Record<string, unknown>>;

/** A resource in Pulumi's state, with the fields that are read here. */
export interface StateResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly inputs?: Properties;
    readonly outputs?: Properties;
    readonly delete?: boolean;
    readonly protect?: boolean;
}

/** Pulumi's state of a stack. A pending operation may or may not have completed. */
export interface Deployment {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
}

/**
 * Returns the state without pending operations. It includes resources that were being created and have a known ID; a refresh checks whether
 * they exist.
 * @param idOf returns the ID of a resource if it was created
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
        // The next update deletes the replaced resource. The engine expects that resource after its replacement.
        resources.push(replaced === undefined ? created : { ...replaced, delete: true });
    }
    return { ...deployment, resources, pending_operations: [] };
}

/** Returns the ID of a resource in the sandbox; undefined if it does not exist, or if only a refresh can tell. */
export function existingId(home: Home, { type, inputs = {} }: StateResource): string | undefined {
    if (type.startsWith("kubernetes:")) {
        return objectId(inputs);
    }
    const file = path.join(home.root, "cloud", "ledger.json");
    if (!fs.existsSync(file)) {
        return undefined;
    }
    const { resources } = JSON.parse(fs.readFileSync(file, "utf8")) as {
        resources: readonly Entry[];
    };
    const asked = Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
    return findMappedType(type)?.findIn(resources, asked as JsonObject);
}

function objectId({ metadata }: Properties): string | undefined {
    const { namespace, name } = (metadata ?? {}) as { namespace?: string; name?: string };
    return name === undefined || namespace === undefined ? name : `${namespace}/${name}`;
}
