import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { ApiError, notFound } from "../../api/api-error";

/**
 * Resources of one type in the ledger. The type is an asset type of Cloud Asset Inventory, such as
 * `artifactregistry.googleapis.com/Repository`; the ID is the resource name of the API; the inputs are the API's JSON without output-only
 * fields.
 */
export class Resources {
    /** @param missing words the error for a name that does not exist. Default: as most APIs do. */
    constructor(
        private readonly ledger: Ledger,
        readonly type: string,
        private readonly missing: (name: string) => ApiError = notFound,
    ) {}

    find(name: string): Entry | undefined {
        return this.ledger.get(this.type, name);
    }

    /** @throws ApiError if the resource does not exist */
    get(name: string): Entry {
        const entry = this.find(name);
        if (entry === undefined) {
            throw this.missing(name);
        }
        return entry;
    }

    /** Returns the resources of a parent, sorted by name. */
    list(parent: string): readonly Entry[] {
        return this.ledger
            .list()
            .filter(({ type, id }) => type === this.type && id.startsWith(`${parent}/`))
            .sort((a, b) => (a.id < b.id ? -1 : 1));
    }

    /** Returns a new resource without adding it. @param provisioned values that only the API sets */
    draft(name: string, inputs: JsonObject, provisioned: JsonObject = {}): Entry {
        const now = new Date().toISOString();
        return {
            ...{ type: this.type, id: name, inputs, uuid: randomUUID(), status: "RUNNING", provisioned },
            ...{ createdAt: now, updatedAt: now },
        };
    }

    /**
     * Adds a resource. The name must be new.
     * @param provisioned values that only the API sets
     */
    create(name: string, inputs: JsonObject, provisioned: JsonObject = {}): Entry {
        const entry = this.draft(name, inputs, provisioned);
        this.ledger.put(entry);
        return entry;
    }

    /** Updates the inputs, the values that only the API sets, or the policy. */
    put(entry: Entry, change: Partial<Pick<Entry, "inputs" | "policy" | "provisioned">>): Entry {
        const changed = { ...entry, ...change, ...(change.inputs !== undefined && { updatedAt: new Date().toISOString() }) };
        this.ledger.put(changed);
        return changed;
    }

    /** @throws ApiError if the resource does not exist */
    delete(name: string): void {
        this.ledger.remove([this.get(name)]);
    }
}

/** The error for a missing resource, as newer APIs word it. */
export function missing(name: string): ApiError {
    return new ApiError("NOT_FOUND", `Resource '${name}' was not found`);
}
