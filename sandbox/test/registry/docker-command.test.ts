import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { homeOf } from "../../home";
import { installDockerCommand } from "../../registry/docker-command";

describe("the sandbox's docker command", function () {
    this.timeout(60_000);

    let folder: string;
    let tools: string;

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "docker command "));
        tools = path.join(folder, "tools");
        fs.mkdirSync(tools);
        installDockerCommand({ ...homeOf(folder), tools });
        program(path.join(tools, "buildctl"), 'echo "buildctl $*"; exit 3');
    });
    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    function program(file: string, script: string): void {
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }

    /** Runs `docker` with the sandbox's tools before the machine's programs on PATH. */
    function docker(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
        const env = { PATH: [tools, path.join(folder, "machine")].join(path.delimiter) };
        const { status, stdout, stderr } = spawnSync(path.join(tools, "docker"), args, { cwd: folder, env, encoding: "utf8" });
        return { status, stdout, stderr };
    }

    it("builds with the sandbox's BuildKit on a machine without Docker, and keeps the exit status", () => {
        const { status, stdout } = docker("buildx", "build", "--tag=t", "--push", ".");
        expect(status).to.equal(3);
        expect(stdout).to.match(/^buildctl build --frontend=dockerfile\.v0 --local=context=\. .*"name=t",push=true\n$/);
        expect(docker("buildx", "build", "--tag=t", "--load", ".").stdout).to.match(/"name=t",push=false\n$/);
        expect(docker("buildx", "inspect").stdout).to.equal("buildctl debug workers\n");
    });

    it("refuses everything else there in one line", () => {
        for (const args of [["ps"], ["buildx", "prune"]]) {
            expect(docker(...args)).to.deep.equal({
                status: 1,
                stdout: "",
                stderr: `docker ${args.join(" ")}: this machine has no Docker. The sandbox supports docker buildx build and docker buildx inspect.\n`,
            });
        }
        expect(docker("buildx", "build", "-t", "t", ".").stderr).to.equal(
            "The build has -t, which the sandbox's builder does not support.\n",
        );
    });

    it("leaves builds to a Docker that has buildx", () => {
        program(path.join(folder, "machine", "docker"), 'echo "machine $*"');
        expect(docker("buildx", "build", "-t", "t", ".").stdout).to.equal("machine buildx build -t t .\n");
    });

    it("leaves everything but builds to a Docker without buildx", () => {
        program(path.join(folder, "machine", "docker"), '[ "$1" != buildx ] && echo "machine $*"');
        expect(docker("ps", "--all").stdout).to.equal("machine ps --all\n");
        expect(docker("buildx", "build", "--tag=t", ".").stdout).to.match(/^buildctl build /);
    });
});
