import { expect } from "chai";
import * as fs from "node:fs";
import * as http from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { socketRequest } from "../../host/socket-request";

describe("socketRequest", () => {
    let socket: string;
    let server: http.Server;

    before((done) => {
        socket = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "socket-")), "s");
        server = http.createServer((request, response) => {
            if (request.url !== "/silent") {
                response.writeHead(409).end(JSON.stringify({ asked: `${request.method ?? ""} ${request.url ?? ""}` }));
            }
        });
        server.listen(socket, done);
    });
    after(() => {
        server.close().closeAllConnections();
        fs.rmSync(path.dirname(socket), { recursive: true });
    });

    it("returns the status and the JSON of the response", async () => {
        expect(await socketRequest(socket, "POST", "/a?b=c", 5000)).to.deep.equal({ status: 409, body: { asked: "POST /a?b=c" } });
    });

    it("fails if no response arrives in time, or nothing listens", async () => {
        const failure = (at: string): Promise<unknown> => socketRequest(at, "GET", "/silent", 100).catch((error: unknown) => error);
        expect(await failure(socket))
            .to.be.instanceOf(Error)
            .with.property("message", `No answer on ${socket} in 0.1 s`);
        expect(await failure("/nowhere"))
            .to.be.instanceOf(Error)
            .with.property("code", "ENOENT");
    });
});
