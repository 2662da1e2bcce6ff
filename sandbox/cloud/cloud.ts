import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Clusters } from "./clusters";
import { Draft } from "./draft";
import { CloudError } from "./errors";
import type { JsonObject } from "./json";
import type { Entry, Ledger, Status } from "./ledger";
import { checkLocation } from "./locations";
import { draftOf, outputsOf } from "./outputs";
import { Provisioning } from "./provisioning";
import { CLUSTER } from "./services/container";
import { findBehaviour } from "./services/all";
import type { Behaviour } from "./service";

/** A resource as the API shows it. */
export interface View {
    readonly type: string;
    readonly id: string;
    readonly inputs: JsonObject;
    readonly outputs: JsonObject;
    readonly status: Status;
    /** Why the status is ERROR. */
    readonly problem?: string;
}

/** A resource that exists, but did not become usable. */
export class HalfCreated extends Error {
    constructor(
        readonly view: View,
        problem: string,
    ) {
        super(problem);
    }
}

/** The simulated Google Cloud. Every creation, change and deletion passes `create`, `update` or `delete`; those on one resource go one after the other. */
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
     * Makes the clusters agree with the ledger after a start: brings back what exists, takes back creations that a crash cut off (nobody has heard of
     * them), and ends deletions that were under way. What cannot be brought back is marked with ERROR; its next update tries again.
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

    /** @throws CloudError when there is no such resource */
    read(type: string, id: string): View {
        return this.view(this.existing(type, id));
    }

    /** Everything that exists, oldest first. */
    list(): readonly View[] {
        return this.ledger.list().map((entry) => this.view(entry));
    }

    /** @throws CloudError when the API refuses, HalfCreated when it exists but is not usable */
    async create(type: string, inputs: JsonObject): Promise<View> {
        const behaviour = behaviourOf(type);
        const uuid = randomUUID();
        const draft = new Draft(type, inputs, uuid);
        const id = behaviour.id(draft);
        return this.inTurn(type, id, async () => {
            const there = this.ledger.get(type, id) ?? this.unclaimedTwin(type, inputs);
            if (there !== undefined && there.claimed && behaviour.additive !== true) {
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

    /** Notes that the answer to a creation has arrived. */
    claim(type: string, id: string): void {
        const entry = this.ledger.get(type, id);
        if (entry !== undefined && !entry.claimed) {
            this.ledger.put({ ...entry, claimed: true });
        }
    }

    /** @param inputs the whole new configuration, not a part of it @throws as `create` does */
    async update(type: string, id: string, inputs: JsonObject): Promise<View> {
        return this.inTurn(type, id, async () => {
            const entry = this.existing(type, id);
            this.check(behaviourOf(type), new Draft(type, inputs, entry.uuid));
            return this.view(await this.change(entry, inputs));
        });
    }

    /** @throws CloudError when it is not there, is protected, or is in use */
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
        for (const { type, id, mayBeOutside } of behaviour.references?.(draft) ?? []) {
            if (mayBeOutside !== true) {
                this.existing(type, id);
            }
        }
    }

    private existing(type: string, id: string): Entry {
        const entry = this.ledger.get(type, id);
        if (entry === undefined) {
            throw new CloudError(404, `The resource '${id}' was not found`);
        }
        return entry;
    }

    /** For ids that are generated: an equal resource whose creation was never answered. */
    private unclaimedTwin(type: string, inputs: JsonObject): Entry | undefined {
        return this.ledger.list().find((entry) => entry.type === type && !entry.claimed && isDeepStrictEqual(entry.inputs, inputs));
    }

    /** What refers to a resource, and what refers to that. */
    private dependents(target: Pick<Entry, "type" | "id">, onDelete?: "refuse" | "cascade"): readonly Entry[] {
        const direct = this.ledger.list().filter((entry) =>
            behaviourOf(entry.type)
                .references?.(draftOf(entry))
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

/** In the words of the official provider. */
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
        throw new CloudError(400, `the simulated cloud does not know the type ${type}`);
    }
    return behaviour;
}
