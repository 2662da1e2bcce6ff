// Checks .github/workflows with actionlint and zizmor, at the versions that this folder pins. Both are downloaded once and kept: actionlint is
// compiled from its Go module, zizmor comes as a Python package.
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { createHash } from "node:crypto";
import { homeOf } from "../../../sandbox/home";
import { findGo } from "../../../sandbox/toolchain/compile/go";
import { kept } from "../../../sandbox/toolchain/kept";
import { CommandError, runCommand } from "../../../scripts/command-line/run";
import { runProgram } from "../../../scripts/command-line/run-program";

const ROOT = path.join(__dirname, "../../..");
const run = promisify(execFile);

async function checkWorkflows(): Promise<number> {
    const { cache } = homeOf(ROOT);
    const [actionlint, zizmor] = await Promise.all([compiledActionlint(cache), installedZizmor(cache)]);
    const statuses = [
        await runProgram(actionlint, [], ROOT),
        await runProgram(zizmor, ["--offline", "--quiet", path.join(ROOT, ".github/workflows")], ROOT),
    ];
    return Math.max(...statuses);
}

function compiledActionlint(cache: string): Promise<string> {
    return pinned("actionlint", { cache, pins: ["go.mod", "go.sum"], program: "actionlint" }, async (folder) => {
        const go = await findGo(cache);
        const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off", GOTOOLCHAIN: "local" };
        await run(go, ["build", "-mod=readonly", "-o", path.join(folder, "actionlint"), "github.com/rhysd/actionlint/cmd/actionlint"], {
            cwd: __dirname,
            env,
        });
    });
}

function installedZizmor(cache: string): Promise<string> {
    return pinned("zizmor", { cache, pins: ["requirements.txt"], program: "bin/zizmor" }, async (folder) => {
        await run("python3", ["-m", "venv", folder]);
        const options = ["--quiet", "--disable-pip-version-check", "--require-hashes"];
        await run(path.join(folder, "bin/pip"), ["install", ...options, "--requirement", path.join(__dirname, "requirements.txt")]);
    });
}

/**
 * A program that is made once for what its pins say.
 * @throws CommandError with one line where it cannot be made: a check that is left out must not look like one that passed
 */
async function pinned(
    name: string,
    { cache, pins, program }: { cache: string; pins: readonly string[]; program: string },
    make: (folder: string) => Promise<void>,
): Promise<string> {
    const hash = createHash("sha256");
    for (const pin of pins) {
        hash.update(fs.readFileSync(path.join(__dirname, pin)));
    }
    const folder = path.join(cache, `${name}-${hash.digest("hex").slice(0, 12)}`);
    try {
        await kept(folder, make);
        return path.join(folder, program);
    } catch (error) {
        const { stderr, message } = error as { stderr?: string; message: string };
        throw new CommandError(`${name} is not available: ${(stderr ?? message).trim().split("\n").at(-1) ?? ""}`);
    }
}

void runCommand(checkWorkflows);
