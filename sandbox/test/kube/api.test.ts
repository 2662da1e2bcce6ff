import { expect } from "chai";
import { once } from "node:events";
import * as fs from "node:fs";
import type * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { CertificateAuthority } from "../../cluster/control-plane/certificates";
import { KubeApi } from "../../kube/api";
import { ApiError } from "../../kube/errors";
import type { KubeObject } from "../../kube/objects";
import { ObjectCache } from "../../kube/object-cache";

type Handler = (request: http.IncomingMessage, body: string, response: http.ServerResponse) => void;

describe("the client of the Kubernetes API", () => {
    let folder: string;
    let server: https.Server;
    let api: KubeApi;
    let handle: Handler;

    before(async () => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "kube-api-"));
        const authority = await CertificateAuthority.at(folder);
        const pair = await authority.issue("server", { commonName: "server", hosts: ["127.0.0.1"] });
        server = https.createServer({ cert: fs.readFileSync(pair.certificate), key: fs.readFileSync(pair.key) }, (request, response) => {
            let body = "";
            request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
            request.on("end", () => {
                handle(request, body, response);
            });
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        api = new KubeApi({ port, ca: fs.readFileSync(authority.file, "utf8"), token: "secret" });
    });

    after(() => {
        api.close();
        server.close();
        server.closeAllConnections();
        fs.rmSync(folder, { recursive: true });
    });

    it("sends the token, and accepts a server certificate that the cluster's authority signed", async () => {
        handle = (request, _, response) =>
            response.end(JSON.stringify({ authorization: request.headers.authorization, path: request.url }));
        expect(await api.get("/readyz?verbose")).to.deep.equal({ authorization: "Bearer secret", path: "/readyz?verbose" });
    });

    it("rejects certificates of other authorities", async () => {
        const other = await CertificateAuthority.at(path.join(folder, "other"));
        const { port } = server.address() as AddressInfo;
        const stranger = new KubeApi({ port, ca: fs.readFileSync(other.file, "utf8"), token: "secret" });
        const error = await stranger.get("/").catch((e: unknown) => e);
        expect(error)
            .to.be.an("error")
            .with.property("code")
            .that.matches(/SIGNATURE|VERIFY/);
    });

    it("gives bodies a length, of a deletion too", async () => {
        const seen: unknown[] = [];
        handle = (request, body, response) => {
            seen.push(request.method, request.headers["content-length"], body);
            response.end("{}");
        };
        await api.delete("/api/v1/namespaces/a/pods/p", { note: "ä" });
        expect(seen).to.deep.equal(["DELETE", "13", '{"note":"ä"}']);
    });

    it("applies with the content type and the manager of a server-side apply", async () => {
        handle = (request, _, response) => response.end(JSON.stringify({ type: request.headers["content-type"], url: request.url }));
        expect(await api.apply("/x", {})).to.deep.equal({
            type: "application/apply-patch+yaml",
            url: "/x?fieldManager=ml-platform-sandbox&force=true",
        });
    });

    it("reports the server's error message, and returns undefined for a missing object", async () => {
        handle = (_, __, response) => response.writeHead(404).end(JSON.stringify({ message: 'pods "p" not found' }));
        const error = await api.get("/p").catch((e: unknown) => e);
        expect(error).to.be.instanceOf(ApiError).with.property("message", 'pods "p" not found');
        expect(await api.find("/p")).to.equal(undefined);
        await api.delete("/p");
    });

    it("keeps a collection up to date, and lists it again when the server has forgotten where the watch was", async () => {
        const item = (name: string, version: string): KubeObject => ({ metadata: { name, resourceVersion: version } });
        const asked: string[] = [];
        handle = (request, _, response) => {
            const url = new URL(request.url ?? "", "https://localhost");
            const version = url.searchParams.get("resourceVersion");
            asked.push(version ?? "list");
            if (version === null) {
                const first = asked.length === 1;
                response.end(
                    JSON.stringify({
                        items: first ? [item("a", "1"), item("b", "2")] : [item("d", "9")],
                        metadata: { resourceVersion: first ? "2" : "9" },
                    }),
                );
            } else if (version === "2") {
                response.write(
                    `${JSON.stringify({ type: "DELETED", object: item("a", "3") })}\n${JSON.stringify({ type: "ADDED", object: item("c", "4") })}\n`,
                );
                response.end(`${JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: "5" } } })}\n`);
            } else if (version === "5") {
                response.end(`${JSON.stringify({ type: "ERROR", object: { code: 410, message: "too old" } })}\n`);
            } else {
                response.flushHeaders();
            }
        };
        const cache = new ObjectCache<KubeObject>(api, "/things");
        const seen: string[] = [];
        const relisted = new Promise<void>((resolve) => {
            cache.onChange(() => {
                seen.push(
                    cache
                        .values()
                        .map(({ metadata }) => metadata.name)
                        .join(""),
                );
                if (seen.at(-1) === "d") {
                    resolve();
                }
            });
        });
        await cache.start();
        await relisted;
        cache.stop();
        expect(seen).to.deep.equal(["ab", "b", "bc", "d"]);
        expect(asked.slice(0, 4)).to.deep.equal(["list", "2", "5", "list"]);
    });
});
