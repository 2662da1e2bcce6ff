import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { JsonObject } from "./json";

/** As GKE names the states of its clusters. Everything but clusters and node pools is made at once, so always RUNNING. */
export type Status = "PROVISIONING" | "RUNNING" | "STOPPING" | "ERROR";

/** A resource that exists. */
export interface Entry {
    readonly type: string;
    readonly id: string;
    readonly inputs: JsonObject;
    /** Made at random at the creation. */
    readonly uuid: string;
    readonly status: Status;
    /** Why the status is ERROR. */
    readonly problem?: string;
    /** What came out of making it, for the types that take more than an entry here. */
    readonly provisioned: JsonObject;
    /** Whether the answer to its creation has reached who asked. What nobody has heard of is handed to who asks for it again. */
    readonly claimed: boolean;
    /** RFC 3339. */
    readonly createdAt: string;
    /** RFC 3339. */
    readonly updatedAt: string;
}

interface Contents {
    readonly format: 1;
    readonly resources: readonly Entry[];
}

/**
 * What exists in the simulated cloud, in one JSON file. Each change writes the whole file beside the old one, forces it to the disk and renames it into
 * place, so that a crash leaves the old file or the new one. One process at a time may write: the daemon.
 */
export class Ledger {
    private constructor(
        private readonly file: string,
        private entries: ReadonlyMap<string, Entry>,
    ) {}

    /** Reads the file; one that is not there yet is an empty ledger. @throws when it is not a ledger */
    static open(file: string): Ledger {
        mkdirSync(path.dirname(file), { recursive: true });
        rmSync(temporary(file), { force: true });
        const entries = readEntries(file);
        return new Ledger(file, new Map(entries.map((entry) => [key(entry.type, entry.id), entry])));
    }

    get(type: string, id: string): Entry | undefined {
        return this.entries.get(key(type, id));
    }

    /** All entries, oldest first. */
    list(): readonly Entry[] {
        return [...this.entries.values()];
    }

    /** Adds an entry, or replaces the one of its type and id. Nothing changes when it cannot be written. @throws the system's error */
    put(entry: Entry): void {
        this.write(new Map(this.entries).set(key(entry.type, entry.id), entry));
    }

    /** Removes entries. @throws the system's error */
    remove(removed: readonly Pick<Entry, "type" | "id">[]): void {
        const entries = new Map(this.entries);
        for (const { type, id } of removed) {
            entries.delete(key(type, id));
        }
        this.write(entries);
    }

    private write(entries: ReadonlyMap<string, Entry>): void {
        const contents: Contents = { format: 1, resources: [...entries.values()] };
        const file = openSync(temporary(this.file), "w", 0o600);
        try {
            writeFileSync(file, `${JSON.stringify(contents, null, 1)}\n`);
            fsyncSync(file);
        } finally {
            closeSync(file);
        }
        renameSync(temporary(this.file), this.file);
        this.entries = entries;
    }
}

function readEntries(file: string): readonly Entry[] {
    let text: string;
    try {
        text = readFileSync(file, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return [];
        }
        throw error;
    }
    try {
        const { format, resources } = JSON.parse(text) as Partial<Record<keyof Contents, unknown>>;
        if (format === 1 && Array.isArray(resources)) {
            return resources as readonly Entry[];
        }
    } catch {
        // Not JSON: the same as the wrong JSON.
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
