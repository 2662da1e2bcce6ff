import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import type { NodeRecord } from "./fleet";
import type { NodePool } from "./gke/node-pool";

/** Data to restart a cluster. */
export interface ClusterRecord {
    /** Resource name in the simulated GKE API. */
    readonly id: string;
    readonly name: string;
    readonly location: string;
    readonly project: string;
    /** Index in the address plan, unique in the sandbox. */
    readonly index: number;
    readonly pools: readonly NodePool[];
    readonly nodes: readonly NodeRecord[];
}

/** Folder of a cluster: control plane data, volumes and the record. */
export function clusterFolder(home: Home, id: string): string {
    return path.join(home.run, "clusters", createHash("sha256").update(id).digest("hex").slice(0, 8));
}

/** Writes the record atomically. */
export function writeRecord(home: Home, record: ClusterRecord): void {
    const file = recordFile(clusterFolder(home, record.id));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, 4)}\n`);
    fs.renameSync(`${file}.new`, file);
}

/** The stored record of a running cluster. Each change is written immediately. */
export class StoredRecord {
    constructor(
        private readonly home: Home,
        private record: ClusterRecord,
    ) {}

    get current(): ClusterRecord {
        return this.record;
    }

    change(change: Partial<Pick<ClusterRecord, "pools" | "nodes">>): void {
        this.record = { ...this.record, ...change };
        writeRecord(this.home, this.record);
    }
}

/** Reads the records of all clusters in a sandbox. */
export function readRecords(home: Home): readonly ClusterRecord[] {
    const folder = path.join(home.run, "clusters");
    if (!fs.existsSync(folder)) {
        return [];
    }
    return fs
        .readdirSync(folder)
        .map((name) => recordFile(path.join(folder, name)))
        .filter((file) => fs.existsSync(file))
        .map((file) => JSON.parse(fs.readFileSync(file, "utf8")) as ClusterRecord);
}

function recordFile(folder: string): string {
    return path.join(folder, "cluster.json");
}
