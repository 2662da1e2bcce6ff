import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { engineOf, findEngine, memoryWarning } from "../../container/engine";

const GIB = 2 ** 30;

describe("engineOf", () => {
    for (const [architecture, platform] of [
        ["x86_64", "linux/amd64"],
        ["aarch64", "linux/arm64"],
        ["arm64", "linux/arm64"],
    ] as const) {
        it(`runs ${platform} on an engine of ${architecture}`, () => {
            expect(engineOf({ OSType: "linux", Architecture: architecture, MemTotal: 8 * GIB })).to.deep.equal({
                platform,
                memoryBytes: 8 * GIB,
            });
        });
    }

    it("refuses a rootless engine, and takes one with other security options", () => {
        const options = { OSType: "linux", Architecture: "x86_64" };
        expect(() => engineOf({ ...options, SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless"] })).to.throw(/rootless/);
        expect(() => engineOf({ ...options, SecurityOptions: ["name=seccomp,profile=builtin", "name=cgroupns"] })).not.to.throw();
        expect(() => engineOf({ ...options, SecurityOptions: null })).not.to.throw();
    });

    it("refuses containers of Windows, and an engine that does not answer", () => {
        expect(() => engineOf({ OSType: "windows" })).to.throw("this one runs windows");
        expect(() => engineOf({ ServerErrors: ["Cannot connect to the Docker daemon"] })).to.throw(/does not answer: Cannot connect/);
    });
});

describe("memoryWarning", () => {
    it("warns below 6 GiB", () => {
        expect(memoryWarning({ platform: "linux/arm64", memoryBytes: 6 * GIB })).to.equal(undefined);
        expect(memoryWarning({ platform: "linux/arm64", memoryBytes: 2 * GIB })).to.contain(
            "Docker has 2.0 GiB of memory, and the sandbox needs 6.",
        );
    });
});

describe("findEngine", () => {
    const original = process.env.PATH;
    let folder: string;

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "engine-"));
        process.env.PATH = folder;
    });
    afterEach(() => {
        process.env.PATH = original;
        fs.rmSync(folder, { recursive: true });
    });

    const problem = (): Promise<string> =>
        findEngine().then(
            () => "",
            (error: unknown) => (error as Error).message,
        );

    it("names what to install if Docker is missing", async () => {
        expect(await problem())
            .to.contain("sudo npm start")
            .and.to.contain("https://docs.docker.com/engine/install");
    });

    it("names what to start if Docker does not respond", async () => {
        const script = "#!/bin/sh\necho 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' >&2\nexit 1\n";
        fs.writeFileSync(path.join(folder, "docker"), script, { mode: 0o755 });
        expect(await problem())
            .to.contain("does not answer: Cannot connect to the Docker daemon at unix:///var/run/docker.sock.")
            .and.to.contain("sudo systemctl start docker");
    });
});
