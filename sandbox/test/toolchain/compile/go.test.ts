import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { onPath } from "../../../host/command";
import { atLeast, findGo } from "../../../toolchain/compile/go";

describe("atLeast", () => {
    for (const [version, enough] of [
        ["go1.26.6", true],
        ["go1.26.8", true],
        ["go1.27", true],
        ["go2.0.0", true],
        ["go1.26.5", false],
        ["go1.26", false],
        ["go1.25.9", false],
        ["devel +abc", false],
        ["", false],
    ] as const) {
        it(`${version === "" ? "nothing" : version} is ${enough ? "" : "not "}enough for 1.26.6`, () => {
            expect(atLeast(version, [1, 26, 6])).to.equal(enough);
        });
    }
});

describe("findGo", () => {
    const original = process.env.PATH;
    let folder: string;

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "go-"));
    });

    afterEach(() => {
        process.env.PATH = original;
        fs.rmSync(folder, { recursive: true });
    });

    /** Makes a program the only one on PATH. */
    const only = (name: string, script: string): void => {
        fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
        process.env.PATH = folder;
    };

    it("takes the one on PATH that is new enough", async () => {
        only("go", "echo go1.99.0");
        expect(await findGo(folder)).to.equal("go");
    });

    it("says what to install if Go is missing and cannot be fetched", async () => {
        fs.symlinkSync(onPath("flock") ?? "", path.join(folder, "flock"));
        only("python3", "echo 'ERROR: 403 Forbidden' >&2; exit 1");
        const problem = await findGo(folder).then(
            () => "",
            (error: unknown) => (error as Error).message,
        );
        expect(problem).to.contain("Go 1.26.6 or newer is needed");
        expect(problem).to.contain("ERROR: 403 Forbidden");
        expect(problem).to.contain("Install Go (https://go.dev/dl/)");
    });
});
