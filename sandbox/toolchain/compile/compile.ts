import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { createInterface } from "node:readline";
import { command, CommandError } from "../../host/command";
import { tail } from "../../host/processes";
import { libseccompEnvironment } from "./libseccomp";
import type { Build } from "../toolsets";

/** Arguments of a compilation. */
export interface CompileOptions {
    /** The `go` command. */
    readonly go: string;
    /** Folder for a C library that is missing on the machine. */
    readonly cache: string;
    /** Folder of the Go module. */
    readonly module: string;
    /** Output folder for the programs. */
    readonly folder: string;
    /** File for the compiler's output. */
    readonly log: string;
    /** Called with each line of progress. */
    readonly progress: (line: string) => void;
}

/**
 * Compiles the Go packages of a build into a folder.
 * @throws Error with the end of the log and a fix for the likely cause
 */
export async function compile(build: Build, { go, cache, module, folder, log, progress }: CompileOptions): Promise<void> {
    const c = build.cgo === true ? { CGO_ENABLED: "1", ...(await libseccompEnvironment(cache)) } : { CGO_ENABLED: "0" };
    const env = { ...process.env, ...c, GOFLAGS: "", GOWORK: "off", GOTOOLCHAIN: "local" };
    const flags = ["-trimpath", "-tags", (build.tags ?? []).join(",")];
    progress("reading the module graph");
    const out = fs.createWriteStream(log);
    try {
        const packages = await command(go, ["list", "-deps", ...flags, ...build.packages], { cwd: module, env });
        const total = packages.trimEnd().split("\n").length;
        let compiled = 0;
        const child = spawn(go, ["build", "-v", ...flags, `-ldflags=${build.ldflags}`, "-o", `${folder}/`, ...build.packages], {
            cwd: module,
            env,
            stdio: ["ignore", "ignore", "pipe"],
        });
        const lines = createInterface({ input: child.stderr });
        lines.on("line", (line) => {
            out.write(`${line}\n`);
            compiled += 1;
            progress(`compiling ${Math.min(compiled, total)} of ${total} packages: ${line}`);
        });
        const [code] = (await once(child, "close")) as [number | null];
        if (code !== 0) {
            throw new Error(`go build exited with ${code}`);
        }
    } catch (error) {
        if (error instanceof CommandError) {
            out.write(error.reason);
        }
        await new Promise((resolve) => out.end(resolve));
        throw new Error(
            `${build.packages.at(-1) ?? ""} could not be compiled (${(error as Error).message.split("\n")[0] ?? ""}). The end of the log:\n${tail(log, 12)}\nFull log: ${log}\n${advice(tail(log, 40))}`,
        );
    }
    await new Promise((resolve) => out.end(resolve));
}

/** Returns a fix for the error in the compiler's log. */
export function advice(log: string): string {
    if (log.includes("no space left on device")) {
        return "The disk is full: free about 8 GB (Go's caches and the compiled tools), and run the command again; finished steps are kept.";
    }
    if (/\b403 Forbidden|\b407\b/.test(log)) {
        return "The module proxy refuses a module: set GOPROXY to one that serves it, and run the command again; finished steps are kept.";
    }
    if (/dial tcp|no such host|i\/o timeout|connection refused/.test(log)) {
        return "The module proxy cannot be reached: check the network and GOPROXY, and run the command again; finished steps are kept.";
    }
    if (/libseccomp|gcc|pkg-config/.test(log)) {
        return "A C compiler and libseccomp are needed for runc: install gcc, pkg-config and libseccomp-dev, and run the command again.";
    }
    return "Run the command again; finished steps are kept.";
}
