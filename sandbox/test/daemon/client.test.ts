import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { daemonSocket, ensureDaemon } from "../../daemon/client";
import { serveControl } from "../../daemon/control";
import { homeOf } from "../../home";

describe("ensureDaemon", () => {
    let folder: string;
    let close: () => Promise<void>;

    async function running(status: object) {
        const home = { ...homeOf(folder), run: folder };
        close = await serveControl(daemonSocket(home), { "GET /status": () => Promise.resolve(status) });
        return home;
    }

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "daemon-"));
    });

    afterEach(async () => {
        await close();
        fs.rmSync(folder, { recursive: true });
    });

    it("uses the running daemon", async () => {
        const status = { pid: 1, registry: "127.0.0.1:5000", api: "127.0.0.1:8080", services: [], clusters: [] };
        expect(await ensureDaemon(await running(status))).to.deep.equal(status);
    });
});
