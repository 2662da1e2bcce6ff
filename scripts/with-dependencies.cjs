// Runs a command of node_modules after making sure that node_modules matches package-lock.json, so that a fresh clone needs no separate
// installation. Plain CommonJS without dependencies, because none are installed yet.
"use strict";

const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const ROOT = path.join(__dirname, "..");
const LEAST_NODE = [20, 19];

/** Whether every package of the lock file is installed at its version; packages for other platforms may be absent. */
function isInstalled() {
    const lock = JSON.parse(fs.readFileSync(path.join(ROOT, "package-lock.json"), "utf8"));
    const hidden = path.join(ROOT, "node_modules", ".package-lock.json");
    if (!fs.existsSync(hidden)) return false;
    const installed = JSON.parse(fs.readFileSync(hidden, "utf8")).packages;
    return Object.entries(lock.packages).every(
        ([folder, { version, optional }]) =>
            folder === "" || installed[folder]?.version === version || (optional === true && installed[folder] === undefined),
    );
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
    console.error(`Node ${LEAST_NODE.join(".")} or newer is needed; this is ${process.versions.node}. See https://nodejs.org/en/download`);
    process.exit(1);
}

if (!isInstalled()) {
    console.error("Installing the packages of package-lock.json (npm ci) …");
    const { status } = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: ROOT,
        stdio: ["ignore", 2, 2],
    });
    if (status !== 0) {
        console.error(
            "npm ci failed. If a registry refused a package (403) or could not be reached, check `npm config get registry`, fix it, and run the command again.",
        );
        process.exit(1);
    }
    const [uid, gid] = [Number(process.env.SUDO_UID), Number(process.env.SUDO_GID)];
    if (process.getuid?.() === 0 && uid > 0 && fs.statSync(ROOT).uid === uid) giveBack(path.join(ROOT, "node_modules"), uid, gid);
}

/** Changes the owner of packages that root installed to the user, so that the user can delete them. */
function giveBack(folder, uid, gid) {
    fs.lchownSync(folder, uid, gid);
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        const file = path.join(folder, entry.name);
        if (entry.isDirectory()) giveBack(file, uid, gid);
        else fs.lchownSync(file, uid, gid);
    }
}

const [command, ...args] = process.argv.slice(2);
const bin = path.join(ROOT, "node_modules", ".bin");
const child = spawn(command, args, {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}` },
});
// A terminal signals the whole process group. This process waits for the child, which handles the signal itself.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => signal === "SIGTERM" && child.kill(signal));
child.on("error", (error) => {
    console.error(`${command}: ${error.message}`);
    process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)));
