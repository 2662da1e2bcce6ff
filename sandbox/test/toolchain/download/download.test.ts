import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { Expected } from "../../../toolchain/download/checksums";
import { download } from "../../../toolchain/download/download";

describe("download", () => {
    let files: string;
    let folder: string;
    let server: http.Server;
    let base: string;

    before(async () => {
        files = fs.mkdtempSync(path.join(os.tmpdir(), "release-"));
        fs.mkdirSync(path.join(files, "bin"));
        fs.writeFileSync(path.join(files, "bin", "tool"), "#!/bin/sh\n", { mode: 0o755 });
        execFileSync("tar", ["-czf", path.join(files, "tool.tar.gz"), "-C", files, "bin/tool"]);
        server = http.createServer((request, response) => {
            const file = path.join(files, path.basename(request.url ?? ""));
            if (fs.existsSync(file) && fs.statSync(file).isFile()) {
                response.end(fs.readFileSync(file));
            } else {
                response.writeHead(403).end();
            }
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        fs.writeFileSync(path.join(files, "single"), "#!/bin/sh\n");
    });

    after(() => {
        server.close();
        fs.rmSync(files, { recursive: true });
    });

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "download-"));
    });

    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    /** What the files of this server must be. */
    const expected = (url: string): Promise<Expected | undefined> => {
        const file = path.join(files, path.basename(url));
        if (!fs.existsSync(file)) {
            return Promise.resolve({ digest: "0".repeat(64), source: "this test" });
        }
        return Promise.resolve({ digest: createHash("sha256").update(fs.readFileSync(file)).digest("hex"), source: "this test" });
    };

    it("takes programs out of archives, and files that are programs, and leaves nothing else", async () => {
        const done = await download(
            [
                { url: `${base}/tool.tar.gz`, members: { "bin/tool": "renamed" } },
                { url: `${base}/single`, program: "one" },
            ],
            folder,
            expected,
        );
        expect(done).to.equal(true);
        expect(fs.readdirSync(folder)).to.have.members(["renamed", "one"]);
        expect(fs.statSync(path.join(folder, "one")).mode & 0o777).to.equal(0o755);
    });

    it("says no where a file is refused, or nothing answers", async () => {
        expect(await download([{ url: `${base}/absent.tar.gz`, members: {} }], folder, expected)).to.equal(false);
        expect(await download([{ url: "http://127.0.0.1:9/x", program: "x" }], folder, expected)).to.equal(false);
    });

    it("refuses a file that was changed on the way, and leaves no program", async () => {
        const url = `${base}/single`;
        const published = createHash("sha256").update("#!/bin/sh\n# as released\n").digest("hex");
        const received = createHash("sha256").update("#!/bin/sh\n").digest("hex");
        const tampered = download([{ url, program: "one" }], folder, () => Promise.resolve({ digest: published, source: "this test" }));
        const message = await tampered.then(
            () => "nothing was refused",
            (error: unknown) => (error as Error).message,
        );
        expect(message.split("\n").slice(0, 3)).to.deep.equal([
            `${url} does not match its checksum and was not run.`,
            `  expected ${published} (this test)`,
            `  received ${received}`,
        ]);
        expect(fs.existsSync(path.join(folder, "one"))).to.equal(false);
    });

    it("takes no file that nobody vouches for", async () => {
        expect(await download([{ url: `${base}/single`, program: "one" }], folder, () => Promise.resolve(undefined))).to.equal(false);
        expect(fs.readdirSync(folder)).to.deep.equal([]);
    });
});
