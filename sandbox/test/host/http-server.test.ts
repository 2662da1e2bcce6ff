import { expect } from "chai";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { serveHttp } from "../../host/http-server";
import { socketRequest } from "../../host/socket-request";

describe("serveHttp", () => {
    let folder: string;
    let socket: string;

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "http-"));
        socket = path.join(folder, "server.sock");
    });

    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    it("replaces the socket of an earlier process, and answers until it is closed", async () => {
        writeFileSync(socket, "");
        const close = await serveHttp((_, response) => response.end('"here"'), socket);
        expect((await socketRequest(socket, "GET", "/", 1000)).body).to.equal("here");
        await close();
        expect(existsSync(socket)).to.equal(false);
    });

    it("closes connections that wait for an answer", async () => {
        let arrive = (): void => undefined;
        const arrived = new Promise<void>((resolve) => (arrive = resolve));
        const close = await serveHttp(() => {
            arrive();
        }, socket);
        const answer = socketRequest(socket, "GET", "/", 10_000).catch((error: unknown) => error);
        await arrived;
        await close();
        expect(await answer).to.have.property("code", "ECONNRESET");
    });
});
