import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { buildArguments, execArguments, imageName, portRange, runArguments, volumes } from "../../container/command-line";
import type { Home } from "../../home";

const CLONE = "/Users/ann/a clone";
const home = {
    clone: CLONE,
    root: `${CLONE}/.sandbox`,
    run: "/run/ml-platform/00000a12",
    id: "00000a12",
    logs: "/run/ml-platform/00000a12/logs",
    tools: "/run/ml-platform/00000a12/bin",
    cache: "/Users/ann/.cache/ml-platform-sandbox",
} satisfies Home;

/** The values of an option, in their order. */
const valuesOf = (args: readonly string[], option: string): readonly string[] =>
    args.flatMap((arg, index) => (args[index - 1] === option ? [arg] : []));

describe("the container's command lines", () => {
    const args = runArguments({ home, platform: "linux/arm64", folders: [] });

    it("publish, on 127.0.0.1 only, the ports that the sandbox takes", () => {
        expect(portRange(home)).to.deep.equal({ first: 21_000, last: 21_099 });
        expect(valuesOf(args, "--publish")).to.deep.equal(["127.0.0.1:21000-21099:21000-21099"]);
        expect(valuesOf(args, "--env")).to.include("SANDBOX_PORTS=21000-21099");
    });

    it("give each clone its own ports, below the ephemeral range", () => {
        for (const id of ["00000000", "ffffffff", "12345678"]) {
            const { first, last } = portRange({ ...home, id });
            expect(first).to.be.within(20_000, 29_900);
            expect(last - first).to.equal(99);
        }
    });

    it("mount the clone at its own path, and keep state, packages and tools in volumes", () => {
        expect(valuesOf(args, "--mount")).to.deep.equal([
            `type=bind,source=${CLONE},target=${CLONE}`,
            `type=volume,source=ml-platform-sandbox-00000a12-packages,target=${CLONE}/node_modules`,
            "type=volume,source=ml-platform-sandbox-00000a12-state,target=/var/lib/ml-platform-sandbox",
            "type=volume,source=ml-platform-sandbox-cache,target=/var/cache/ml-platform-sandbox",
        ]);
        expect(volumes({ ...home, id: "ffffffff" })).to.include({
            state: "ml-platform-sandbox-ffffffff-state",
            cache: volumes(home).cache,
        });
    });

    it("mount the repository of a work tree too", () => {
        const mounts = valuesOf(runArguments({ home, platform: "linux/amd64", folders: ["/Users/ann/main/.git"] }), "--mount");
        expect(mounts[1]).to.equal("type=bind,source=/Users/ann/main/.git,target=/Users/ann/main/.git");
    });

    it("run for the engine's own processor, privileged, and end with the image", () => {
        expect(args).to.include.members(["run", "--detach", "--init", "--privileged"]);
        expect(valuesOf(args, "--platform")).to.deep.equal(["linux/arm64"]);
        expect(valuesOf(buildArguments("linux/amd64"), "--platform")).to.deep.equal(["linux/amd64"]);
        expect(args.at(-1)).to.equal(imageName());
    });

    it("name the image by a hash of its content", () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "image-"));
        try {
            fs.cpSync(path.join(__dirname, "../../container"), folder, { recursive: true });
            expect(imageName(folder)).to.equal(imageName());
            fs.appendFileSync(path.join(folder, "Dockerfile"), "# changed\n");
            expect(imageName(folder)).not.to.equal(imageName());
        } finally {
            fs.rmSync(folder, { recursive: true });
        }
    });

    it("run a command as for the user, with the terminal and the network's settings, and without credentials", () => {
        const env = { TERM: "xterm", HTTPS_PROXY: "http://proxy", GOPROXY: "https://proxy", GOOGLE_CREDENTIALS: "{}", HOME: "/Users/ann" };
        const command = execArguments(home, ["preview", "--diff"], { uid: 501, gid: 20, isTerminal: true, env });
        expect(valuesOf(command, "--env")).to.deep.equal(["TERM", "HTTPS_PROXY", "GOPROXY", "SUDO_UID=501", "SUDO_GID=20"]);
        expect(valuesOf(command, "--workdir")).to.deep.equal([CLONE]);
        expect(command.slice(0, 3)).to.deep.equal(["exec", "--interactive", "--tty"]);
        expect(command.slice(command.indexOf("sandbox/main.ts"))).to.deep.equal(["sandbox/main.ts", "preview", "--diff"]);
        expect(execArguments(home, ["status"], { uid: 501, gid: 20, isTerminal: false, env: {} })).not.to.include("--tty");
    });
});
