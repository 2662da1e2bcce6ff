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

    it("asks to restart a daemon that is too old to serve Google's API", async () => {
        const home = await running({ pid: 1, registry: "127.0.0.1:5000", services: [], clusters: [] });
        const error = await ensureDaemon(home).catch((error: unknown) => error);
        expect((error as Error).message).to.equal(
            "The running sandbox has an earlier version. Restart it with `npm run sandbox:stop` and `npm start`. Its state is kept.",
        );
    });
});
