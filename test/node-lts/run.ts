// Runs a program of node_modules on Node's long-term support release, whatever Node the machine has: `npm run test:lts`.
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { homeOf } from "../../sandbox/home";
import { kept } from "../../sandbox/toolchain/kept";

const ROOT = path.join(__dirname, "../..");
const PINS = ["package.json", "package-lock.json"];

/** The folder with Node's program, installed once from the lock file of this folder. npm checks its hashes. */
async function nodeFolder(): Promise<string> {
    const hash = createHash("sha256");
    for (const file of PINS) {
        hash.update(fs.readFileSync(path.join(__dirname, file)));
    }
    const folder = path.join(homeOf(ROOT).cache, `node-lts-${hash.digest("hex").slice(0, 12)}`);
    await kept(folder, async (making) => {
        for (const file of PINS) {
            fs.copyFileSync(path.join(__dirname, file), path.join(making, file));
        }
        await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: making });
    });
    return path.join(folder, "node_modules", `node-${process.platform}-${process.arch}`, "bin");
}

async function main([program = "", ...args]: readonly string[]): Promise<number> {
    const folder = await nodeFolder();
    if (!fs.existsSync(folder)) {
        throw new Error(`There is no package of Node for ${process.platform} on ${process.arch}.`);
    }
    const child = spawn(path.join(folder, "node"), [path.join(ROOT, "node_modules", ".bin", program), ...args], {
        cwd: ROOT,
        // Programs that the tests start use it too.
        env: { ...process.env, PATH: `${folder}${path.delimiter}${process.env.PATH ?? ""}` },
        stdio: "inherit",
    });
    const [code] = (await once(child, "close")) as [number | null];
    return code ?? 1;
}

main(process.argv.slice(2)).then(
    (code) => {
        process.exitCode = code;
    },
    (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 1;
    },
);
