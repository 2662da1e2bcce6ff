// Checks .github/workflows with actionlint and zizmor, at the versions that this folder pins. Both are downloaded once and kept: actionlint is
// compiled from its Go module, zizmor comes as a Python package.
import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { homeOf } from "../../../sandbox/home";
import { findGo } from "../../../sandbox/toolchain/compile/go";
import { CommandError, runCommand } from "../../../scripts/command-line/run";
import { runProgram } from "../../../scripts/command-line/run-program";
import { pinned, pinnedPython } from "../../tools/pinned";

const ROOT = path.join(__dirname, "../../..");
const run = promisify(execFile);

async function checkWorkflows(): Promise<number> {
    const [actionlint, zizmor] = await Promise.all([available("actionlint", compiledActionlint()), available("zizmor", installedZizmor())]);
    const statuses = [
        await runProgram(actionlint, [], ROOT),
        await runProgram(zizmor, ["--offline", "--quiet", path.join(ROOT, ".github/workflows")], ROOT),
    ];
    return Math.max(...statuses);
}

async function compiledActionlint(): Promise<string> {
    const pins = ["go.mod", "go.sum"].map((file) => path.join(__dirname, file));
    const folder = await pinned("actionlint", pins, async (making) => {
        const go = await findGo(homeOf(ROOT).cache);
        const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off", GOTOOLCHAIN: "local" };
        await run(go, ["build", "-mod=readonly", "-o", path.join(making, "actionlint"), "github.com/rhysd/actionlint/cmd/actionlint"], {
            cwd: __dirname,
            env,
        });
    });
    return path.join(folder, "actionlint");
}

async function installedZizmor(): Promise<string> {
    return path.join(await pinnedPython("zizmor", path.join(__dirname, "requirements.txt")), "bin/zizmor");
}

/** @throws CommandError with one line if the program is not available: a check that is left out must not look like one that passed */
async function available(name: string, program: Promise<string>): Promise<string> {
    try {
        return await program;
    } catch (error) {
        const { stderr, message } = error as { stderr?: string; message: string };
        throw new CommandError(`${name} is not available: ${(stderr ?? message).trim().split("\n").at(-1) ?? ""}`);
    }
}

void runCommand(checkWorkflows);
