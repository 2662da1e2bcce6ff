import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Clusters } from "./gke/clusters";
import { Draft } from "./draft";
import { CloudError } from "./errors";
import type { JsonObject } from "./json";
import type { Entry, Ledger, Status } from "./ledger";
import { checkLocation } from "./locations";
import { draftOf, outputsOf } from "./outputs";
import { Provisioning } from "./gke/provisioning";
import { CLUSTER } from "./services/container";
import { findBehaviour } from "./services/all";
import type { Behaviour } from "./service";

/** A resource as the API returns it. */
export interface View {
    readonly type: string;
    readonly id: string;
    readonly inputs: JsonObject;
    readonly outputs: JsonObject;
    readonly status: Status;
    /** The reason for the ERROR status. */
    readonly problem?: string;
}

/** Thrown when a resource was created but is not usable. */
export class HalfCreated extends Error {
    constructor(
        readonly view: View,
        problem: string,
    ) {
        super(problem);
    }
}

/** The simulated Google Cloud. All changes go through `create`, `update` or `delete`. Operations on the same resource run one at a time. */
export class Cloud {
    private readonly ledger: Ledger;
    private readonly registry: string;
    private readonly provisioning: Provisioning;
    private readonly queues = new Map<string, Promise<unknown>>();

    /** @param options.registry host and port of the registry behind Artifact Registry */
    constructor(options: { readonly ledger: Ledger; readonly clusters: Clusters; readonly registry: string }) {
        this.ledger = options.ledger;
        this.registry = options.registry;
        this.provisioning = new Provisioning(options.clusters, (type, id) => this.ledger.get(type, id));
    }

    /**
     * Reconciles the clusters with the ledger after a start: restores existing resources, rolls back interrupted creations (no client has
     * seen them), and finishes pending deletions. A resource that cannot be restored gets the status ERROR; its next update tries again.
     */
    async recover(): Promise<void> {
        const slow = this.ledger.list().filter(({ type }) => this.provisioning.concerns(type));
        for (const entry of slow.filter(({ status }) => status === "PROVISIONING" || status === "STOPPING").reverse()) {
            try {
                await this.provisioning.remove(entry);
                this.ledger.remove([entry, ...this.dependents(entry)]);
            } catch (error) {
                this.ledger.put({ ...entry, status: "ERROR", problem: problemOf(error) });
            }
        }
        for (const { type, id } of slow) {
            const entry = this.ledger.get(type, id);
            if (entry !== undefined) {
                await this.provision(entry).catch(() => undefined);
            }
        }
    }

    /** @throws CloudError if the resource does not exist */
    read(type: string, id: string): View {
        return this.view(this.existing(type, id));
    }

    /** Returns all resources, oldest first. */
    list(): readonly View[] {
        return this.ledger.list().map((entry) => this.view(entry));
    }

    /** @throws CloudError if the API rejects the request, HalfCreated if the resource exists but is not usable */
    async create(type: string, inputs: JsonObject): Promise<View> {
        const behaviour = behaviourOf(type);
        const uuid = randomUUID();
        const draft = new Draft(type, inputs, uuid);
        const id = behaviour.id(draft);
        return this.inTurn(type, id, async () => {
            const there = this.ledger.get(type, id) ?? this.unclaimedTwin(type, inputs);
            if (there?.claimed === true) {
                throw new CloudError(409, `Already exists: ${id}`);
            }
            this.check(behaviour, draft);
            if (there !== undefined) {
                return this.view(await this.change(there, inputs));
            }
            const createdAt = new Date().toISOString();
            const status = this.provisioning.concerns(type) ? "PROVISIONING" : "RUNNING";
            const entry: Entry = { type, id, inputs, uuid, status, provisioned: {}, claimed: false, createdAt, updatedAt: createdAt };
            this.ledger.put(entry);
            return this.view(await this.provision(entry));
        });
    }

    /** Records that the client received the response to a creation. */
    claim(type: string, id: string): void {
        const entry = this.ledger.get(type, id);
        if (entry !== undefined && !entry.claimed) {
            this.ledger.put({ ...entry, claimed: true });
        }
    }

    /** @param inputs the complete new configuration @throws as `create` does */
    async update(type: string, id: string, inputs: JsonObject): Promise<View> {
        return this.inTurn(type, id, async () => {
            const entry = this.existing(type, id);
            this.check(behaviourOf(type), new Draft(type, inputs, entry.uuid));
            return this.view(await this.change(entry, inputs));
        });
    }

    /** @throws CloudError if the resource does not exist, is protected or is in use */
    async delete(type: string, id: string): Promise<void> {
        await this.inTurn(type, id, async () => {
            const entry = this.existing(type, id);
            if (type === CLUSTER && entry.inputs.deletionProtection !== false) {
                throw new CloudError(400, PROTECTED);
            }
            const user = this.dependents(entry, "refuse")[0];
            if (user !== undefined) {
                throw new CloudError(400, `The resource '${id}' is already being used by '${user.id}'`);
            }
            if (this.provisioning.concerns(type)) {
                this.ledger.put({ ...entry, status: "STOPPING" });
                await this.provisioning.remove(entry);
            }
            this.ledger.remove([entry, ...this.dependents(entry, "cascade")]);
        });
    }

    private async change(entry: Entry, inputs: JsonObject): Promise<Entry> {
        const changed: Entry = { ...entry, inputs, updatedAt: new Date().toISOString() };
        if (!this.provisioning.concerns(entry.type)) {
            this.ledger.put(changed);
            return changed;
        }
        return this.provision(changed);
    }

    private async provision(entry: Entry): Promise<Entry> {
        if (!this.provisioning.concerns(entry.type)) {
            return entry;
        }
        try {
            const provisioned = await this.provisioning.apply(entry);
            const running: Entry = { ...withoutProblem(entry), status: "RUNNING", provisioned };
            this.ledger.put(running);
            return running;
        } catch (error) {
            const problem = problemOf(error);
            const failed: Entry = { ...entry, status: "ERROR", problem };
            this.ledger.put(failed);
            throw new HalfCreated(this.view(failed), problem);
        }
    }

    private check(behaviour: Behaviour, draft: Draft): void {
        for (const property of ["location", "region", "zone"]) {
            const location = draft.optionalText(property);
            if (location !== undefined) {
                checkLocation(location);
            }
        }
        behaviour.check?.(draft, (type) => this.ledger.list().flatMap((entry) => (entry.type === type ? [entry.inputs] : [])));
        for (const { type, id } of behaviour.references?.(draft) ?? []) {
            this.existing(type, id);
        }
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

    /** Returns all resources that refer to the target, directly or indirectly. */
    private dependents(target: Pick<Entry, "type" | "id">, onDelete?: "refuse" | "cascade"): readonly Entry[] {
        const direct = this.ledger.list().filter((entry) =>
            findBehaviour(entry.type)
                ?.references?.(draftOf(entry))
                .some(
                    (reference) =>
                        reference.type === target.type &&
                        reference.id === target.id &&
                        (onDelete ?? reference.onDelete) === reference.onDelete,
                ),
        );
        return direct.flatMap((entry) => [entry, ...this.dependents(entry, onDelete)]);
    }

    private view(entry: Entry): View {
        const { type, id, inputs, status, problem } = entry;
        const now = { ...entry, provisioned: { ...entry.provisioned, ...this.provisioning.live(entry) } };
        return { type, id, inputs, status, outputs: outputsOf(now, this.registry), ...(problem !== undefined && { problem }) };
    }

    private async inTurn<Result>(type: string, id: string, work: () => Promise<Result>): Promise<Result> {
        const key = `${type} ${id}`;
        const result = (this.queues.get(key) ?? Promise.resolve()).then(work, work);
        this.queues.set(key, result);
        try {
            return await result;
        } finally {
            if (this.queues.get(key) === result) {
                this.queues.delete(key);
            }
        }
    }
}

/** The official provider's wording. */
const PROTECTED = "Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with cluster deletion";

function problemOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

function withoutProblem(entry: Entry): Entry {
    const clean: { -readonly [Field in keyof Entry]: Entry[Field] } = { ...entry };
    delete clean.problem;
    return clean;
}

function behaviourOf(type: string): Behaviour {
    const behaviour = findBehaviour(type);
    if (behaviour === undefined) {
        throw new CloudError(400, `the simulated cloud does not support the type ${type}`);
    }
    return behaviour;
}
