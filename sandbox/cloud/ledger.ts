import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { JsonObject } from "./json";

/** Status names of GKE clusters. Only clusters and node pools take time to create; everything else is always RUNNING. */
export type Status = "PROVISIONING" | "RUNNING" | "RECONCILING" | "STOPPING" | "ERROR";

/** An existing resource. */
export interface Entry {
    readonly type: string;
    readonly id: string;
    readonly inputs: JsonObject;
    /** Random, set at creation. */
    readonly uuid: string;
    readonly status: Status;
    /** The reason for the ERROR status. */
    readonly problem?: string;
    /** Values that only the API sets, such as the result of provisioning. */
    readonly provisioned: JsonObject;
    /** Allow policy, after its first change. */
    readonly policy?: JsonObject;
    /** RFC 3339. */
    readonly createdAt: string;
    /** RFC 3339. */
    readonly updatedAt: string;
}

/** Enabled APIs by project. A project without an entry has those of a new project. */
export type ApisByProject = Readonly<Record<string, readonly string[]>>;

interface Contents {
    readonly format: 1;
    readonly resources: readonly Entry[];
    readonly apis: ApisByProject;
}

/**
 * The resources of the simulated cloud, in one JSON file. Each change writes a new file, syncs it to disk and renames it over the old one,
 * so a crash leaves either the old or the new file. Only one process may write: the daemon.
 */
export class Ledger {
    private policyListener: (entry: Entry, before: JsonObject | undefined) => void = () => undefined;

    private constructor(
        private readonly file: string,
        private entries: ReadonlyMap<string, Entry>,
        private enabled: ApisByProject,
    ) {}

    /**
     * Reads the file. A missing file is an empty ledger.
     * @throws Error if the file is not a ledger
     */
    static open(file: string): Ledger {
        mkdirSync(path.dirname(file), { recursive: true });
        rmSync(temporary(file), { force: true });
        const { resources, apis } = readContents(file);
        return new Ledger(file, new Map(resources.map((entry) => [key(entry.type, entry.id), entry])), apis);
    }

    get apis(): ApisByProject {
        return this.enabled;
    }

    /** Sets the enabled APIs of a project. @throws Error of the file system */
    setApis(project: string, apis: readonly string[]): void {
        this.write(this.entries, { ...this.enabled, [project]: apis });
    }

    get(type: string, id: string): Entry | undefined {
        return this.entries.get(key(type, id));
    }

    /** Returns all entries, oldest first. */
    list(): readonly Entry[] {
        return [...this.entries.values()];
    }

    /**
     * Adds an entry, or replaces the one with the same type and ID. If the write fails, nothing changes.
     * @throws Error of the file system
     */
    put(entry: Entry): void {
        const before = this.get(entry.type, entry.id)?.policy;
        this.write(new Map(this.entries).set(key(entry.type, entry.id), entry));
        if (entry.policy !== before) {
            this.policyListener(entry, before);
        }
    }

    /** Removes entries, with their policies. @throws Error of the file system */
    remove(removed: readonly Pick<Entry, "type" | "id">[]): void {
        const entries = new Map(this.entries);
        const found = removed.flatMap(({ type, id }) => this.get(type, id) ?? []);
        for (const { type, id } of found) {
            entries.delete(key(type, id));
        }
        this.write(entries);
        for (const entry of found.filter(({ policy }) => policy !== undefined)) {
            this.policyListener(entry, entry.policy);
        }
    }

    /** Sets the function that is called after a change of an allow policy. @param listener gets the policy before the change */
    onPolicyChange(listener: (entry: Entry, before: JsonObject | undefined) => void): void {
        this.policyListener = listener;
    }

    private write(entries: ReadonlyMap<string, Entry>, apis = this.enabled): void {
        const contents: Contents = { format: 1, resources: [...entries.values()], apis };
        const file = openSync(temporary(this.file), "w", 0o600);
        try {
            writeFileSync(file, `${JSON.stringify(contents, null, 1)}\n`);
            fsyncSync(file);
        } finally {
            closeSync(file);
        }
        renameSync(temporary(this.file), this.file);
        this.entries = entries;
        this.enabled = apis;
    }
}

function readContents(file: string): Contents {
    let text: string;
    try {
        text = readFileSync(file, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return { format: 1, resources: [], apis: {} };
        }
        throw error;
    }
    try {
        const contents = JSON.parse(text) as Partial<Contents>;
        if (contents.format === 1 && Array.isArray(contents.resources) && contents.apis !== undefined) {
            return contents as Contents;
        }
    } catch {
        // Handled below like JSON of the wrong shape.
    }
    throw new Error(
        `${file} is not a ledger of the simulated cloud. Move it away to start with an empty one; what it described must then be deleted by hand`,
    );
}

function key(type: string, id: string): string {
    return `${type} ${id}`;
}

function temporary(file: string): string {
    return `${file}.new`;
}
