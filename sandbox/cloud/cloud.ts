import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { Draft } from "./draft";
import { CloudError } from "./errors";
import type { JsonObject } from "./json";
import type { Entry, Ledger, Status } from "./ledger";
import { checkLocation } from "./locations";
import { outputsOf } from "./outputs";
import { findBehaviour } from "./services/all";
import type { Behaviour } from "./service";

/** A resource as the API returns it. */
export interface View {
    readonly type: string;
    readonly id: string;
    readonly inputs: JsonObject;
    readonly outputs: JsonObject;
    readonly status: Status;
}

/** The simulated Google Cloud. All changes go through `create`, `update` or `delete`. */
export class Cloud {
    private readonly ledger: Ledger;
    private readonly registry: string;

    /** @param options.registry host and port of the registry behind Artifact Registry */
    constructor(options: { readonly ledger: Ledger; readonly registry: string }) {
        this.ledger = options.ledger;
        this.registry = options.registry;
    }

    /** @throws CloudError if the resource does not exist */
    read(type: string, id: string): View {
        return this.view(this.existing(type, id));
    }

    /** Returns all resources, oldest first. */
    list(): readonly View[] {
        return this.ledger.list().map((entry) => this.view(entry));
    }

    /** @throws CloudError if the API rejects the request */
    create(type: string, inputs: JsonObject): View {
        const behaviour = behaviourOf(type);
        const uuid = randomUUID();
        const draft = new Draft(type, inputs, uuid);
        const id = behaviour.id(draft);
        const there = this.ledger.get(type, id) ?? this.unclaimedTwin(type, inputs);
        if (there?.claimed === true) {
            throw new CloudError(409, `Already exists: ${id}`);
        }
        checkLocations(draft);
        if (there !== undefined) {
            return this.view(this.change(there, inputs));
        }
        const createdAt = new Date().toISOString();
        const state = { uuid, status: "RUNNING", provisioned: {}, claimed: false } as const;
        const entry: Entry = { type, id, inputs, ...state, createdAt, updatedAt: createdAt };
        this.ledger.put(entry);
        return this.view(entry);
    }

    /** Records that the client received the response to a creation. */
    claim(type: string, id: string): void {
        const entry = this.ledger.get(type, id);
        if (entry !== undefined && !entry.claimed) {
            this.ledger.put({ ...entry, claimed: true });
        }
    }

    /** @param inputs the complete new configuration @throws as `create` does */
    update(type: string, id: string, inputs: JsonObject): View {
        const entry = this.existing(type, id);
        checkLocations(new Draft(type, inputs, entry.uuid));
        return this.view(this.change(entry, inputs));
    }

    /** @throws CloudError if the resource does not exist */
    delete(type: string, id: string): void {
        this.ledger.remove([this.existing(type, id)]);
    }

    private change(entry: Entry, inputs: JsonObject): Entry {
        const changed: Entry = { ...entry, inputs, updatedAt: new Date().toISOString() };
        this.ledger.put(changed);
        return changed;
    }

    private existing(type: string, id: string): Entry {
        const entry = this.ledger.get(type, id);
        if (entry === undefined) {
            throw new CloudError(404, `The resource '${id}' was not found`);
        }
        return entry;
    }

    /** For generated IDs: finds a resource with the same inputs whose creation response never reached a client. */
    private unclaimedTwin(type: string, inputs: JsonObject): Entry | undefined {
        return this.ledger.list().find((entry) => entry.type === type && !entry.claimed && isDeepStrictEqual(entry.inputs, inputs));
    }

    private view(entry: Entry): View {
        const { type, id, inputs, status } = entry;
        return { type, id, inputs, status, outputs: outputsOf(entry, this.registry) };
    }
}

function behaviourOf(type: string): Behaviour {
    const behaviour = findBehaviour(type);
    if (behaviour === undefined) {
        throw new CloudError(400, `the simulated cloud does not support the type ${type}`);
    }
    return behaviour;
}

function checkLocations(draft: Draft): void {
    for (const property of ["location", "region", "zone"]) {
        const location = draft.optionalText(property);
        if (location !== undefined) {
            checkLocation(location);
        }
    }
}
