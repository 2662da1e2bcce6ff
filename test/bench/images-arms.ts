import * as fs from "node:fs";
import * as path from "node:path";
import type { Build } from "../images/engine/builder";
import type { Workshop } from "../images/engine/workshop";

const ROOT = path.join(__dirname, "..", "..");
const COMMON = path.join(ROOT, "docker", "common");

/** The version that `one dependency changed` changes to, with the hash of its wheel. */
const OTHER = { name: "prometheus-client", version: "0.25.0", hash: "d5aec89e349a6ec230805d0df882f3807f74fd6c1a2fa86864e3c2279059fed1" };

/** One way to build the same service, in a context of its own that the scenarios change. */
export interface Arm {
    readonly name: "ours" | "plain";
    readonly build: Omit<Build, "name">;
    /** Whether a registry cache belongs to it. */
    readonly hasCache: boolean;
    changeSource(): void;
    changeDependency(): void;
}

export function ours(workshop: Workshop): Arm {
    const context = path.join(workshop.folder("ours"), "inference");
    copy(path.join(ROOT, "docker", "inference"), context);
    const lock = path.join(context, "locks", "cpu.txt");
    return {
        name: "ours",
        build: { context, named: { common: COMMON }, args: { SOURCE_DATE_EPOCH: "1700000000" } },
        hasCache: true,
        changeSource: () => {
            addLine(context);
        },
        changeDependency: () => {
            const entry = new RegExp(`^${OTHER.name}==\\S+ \\\\\\n(?: {4}--hash=\\S+(?: \\\\)?\\n)+`, "m");
            change(lock, entry, `${OTHER.name}==${OTHER.version} \\\n    --hash=sha256:${OTHER.hash}\n`);
        },
    };
}

export function plain(workshop: Workshop): Arm {
    const context = path.join(workshop.folder("plain"), "service");
    copy(path.join(__dirname, "plain"), context);
    fs.copyFileSync(path.join(ROOT, "docker", "inference", "handler.py"), path.join(context, "handler.py"));
    for (const folder of ["digits", "model", "serving", "shared"]) {
        copy(path.join(COMMON, folder), path.join(context, folder));
    }
    return {
        name: "plain",
        build: { context },
        hasCache: false,
        changeSource: () => {
            addLine(context);
        },
        changeDependency: () => {
            change(path.join(context, "requirements.txt"), new RegExp(`^${OTHER.name}==.*$`, "m"), `${OTHER.name}==${OTHER.version}`);
        },
    };
}

function copy(from: string, to: string): void {
    fs.cpSync(from, to, { recursive: true, filter: (file) => !file.includes("__pycache__") });
}

function addLine(context: string): void {
    fs.appendFileSync(path.join(context, "handler.py"), "# one line more\n");
}

function change(file: string, what: RegExp, to: string): void {
    const before = fs.readFileSync(file, "utf8");
    const after = before.replace(what, to);
    if (after === before) {
        throw new Error(`${file} has nothing like ${what}`);
    }
    fs.writeFileSync(file, after);
}
