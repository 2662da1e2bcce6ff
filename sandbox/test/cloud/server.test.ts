import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { json } from "node:stream/consumers";
import { Cloud } from "../../cloud/cloud";
import { Ledger } from "../../cloud/ledger";
import { serveCloud } from "../../cloud/server";
import { testAccess, testApi } from "./test-api";

const TOPIC = "gcp:pubsub/topic:Topic";
const topic = { project: "p", name: "data" };
describe("serveCloud", () => {
    let folder: string;
    let socketPath: string;
    let ledger: Ledger;
    let close: () => Promise<void>;

    beforeEach(async () => {
        folder = mkdtempSync(path.join(tmpdir(), "cloud-"));
        socketPath = path.join(folder, "cloud.sock");
        writeFileSync(socketPath, ""); // a file of an earlier process
        ledger = Ledger.open(path.join(folder, "ledger.json"));
        close = await serveCloud({
            socket: socketPath,
            cloud: new Cloud({ ledger, registry: "127.0.0.1:5000" }),
            api: testApi(ledger),
            ...testAccess(ledger),
        });
    });

    afterEach(async () => {
        await close();
        rmSync(folder, { recursive: true });
    });

    function call(method: string, at: string, body?: unknown): Promise<{ status: number | undefined; answer: Record<string, unknown> }> {
        return new Promise((resolve, reject) => {
            const outgoing = request({ socketPath, method, path: at }, (incoming) => {
                json(incoming).then((answer) => {
                    resolve({ status: incoming.statusCode, answer: answer as Record<string, unknown> });
                }, reject);
            });
            outgoing.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
        });
    }

    const at = `/resources/${encodeURIComponent(TOPIC)}/${encodeURIComponent("projects/p/topics/data")}`;

    it("creates, lists, reads, changes and deletes", async () => {
        const made = await call("POST", "/resources", { type: TOPIC, inputs: topic });
        expect([made.status, made.answer.id]).to.deep.equal([200, "projects/p/topics/data"]);
        expect((await call("GET", "/ledger")).answer).to.deep.equal([made.answer]);
        expect((await call("GET", at)).answer).to.deep.equal(made.answer);
        const changed = await call("PATCH", at, { inputs: { ...topic, description: "x" } });
        expect((changed.answer.inputs as Record<string, unknown>).description).to.equal("x");
        expect(await call("DELETE", at)).to.deep.equal({ status: 200, answer: {} });
        expect((await call("GET", "/ledger")).answer).to.deep.equal([]);
    });

    it("answers an error with its code and message", async () => {
        expect(await call("GET", at)).to.deep.equal({
            status: 404,
            answer: {
                code: 404,
                message: "googleapi: Error 404: The resource 'projects/p/topics/data' was not found, notFound",
            },
        });
    });

    for (const [method, at] of [
        ["GET", "/"],
        ["GET", "/ledger/x"],
        ["PUT", "/resources"],
        ["GET", "/resources/a"],
        ["DELETE", "/resources/a/b/c"],
    ] as const) {
        it(`does not serve ${method} ${at}`, async () => {
            expect((await call(method, at)).answer.message).to.equal(`googleapi: Error 404: there is no ${method} ${at}, notFound`);
        });
    }

    it("answers an invalid request with an error and keeps serving", async () => {
        const { status } = await new Promise<{ status: number | undefined }>((resolve, reject) => {
            request({ socketPath, method: "POST", path: "/resources" }, (incoming) => {
                incoming.resume();
                resolve({ status: incoming.statusCode });
            })
                .on("error", reject)
                .end("{");
        });
        expect(status).to.equal(500);
        expect((await call("GET", "/ledger")).status).to.equal(200);
    });

    it("marks a creation as claimed when it answers", async () => {
        await call("POST", "/resources", { type: TOPIC, inputs: topic });
        expect(ledger.list()[0]?.claimed).to.equal(true);
        expect((await call("POST", "/resources", { type: TOPIC, inputs: topic })).status).to.equal(409);
    });
});
