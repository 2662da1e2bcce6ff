import * as fs from "node:fs";
import * as path from "node:path";
import { isJsonObject, type JsonObject, type JsonValue, textOrEmpty } from "../cloud/json";
import type { Home } from "../home";

/** A build, with the process that runs it. */
interface Recorded {
    readonly pid: number;
    readonly build: JsonObject;
}

/** Returns the folder with the records of a sandbox's builds. */
export function buildsFolder(home: Home): string {
    return path.join(home.run, "cloud", "builds");
}

/** The builds of triggers, one JSON file each. The daemon and `npm run sandbox -- push` write them, each its own builds. */
export class BuildRecords {
    constructor(private readonly folder: string) {}

    /** Returns the builds as Cloud Build's API does, newest first. */
    list(): readonly JsonObject[] {
        const files = fs.existsSync(this.folder) ? fs.readdirSync(this.folder).filter((file) => file.endsWith(".json")) : [];
        return files
            .map((file) => current(JSON.parse(fs.readFileSync(path.join(this.folder, file), "utf8")) as Recorded))
            .sort((a, b) => textOrEmpty(b.createTime).localeCompare(textOrEmpty(a.createTime)));
    }

    /** Adds or replaces a build of this process. */
    put(build: JsonObject): void {
        fs.mkdirSync(this.folder, { recursive: true });
        const file = path.join(this.folder, `${textOrEmpty(build.id)}.json`);
        const recorded: Recorded = { pid: process.pid, build };
        fs.writeFileSync(`${file}.new`, JSON.stringify(recorded));
        fs.renameSync(`${file}.new`, file);
    }
}

/** A build ends with its process. */
function current({ pid, build }: Recorded): JsonObject {
    return build.status === "WORKING" && !isRunning(pid) ? { ...build, status: "INTERNAL_ERROR" } : build;
}

function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}

/** Digest of a pushed image in the metadata file of `buildctl build`. */
export function digestIn(metadata: JsonValue): string {
    return isJsonObject(metadata) ? textOrEmpty(metadata["containerimage.digest"]) : "";
}
