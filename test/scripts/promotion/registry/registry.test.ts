import { expect } from "chai";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { CommandError } from "../../../../scripts/command-line/run";
import { checkAnswers, jsonBlob, manifestOf, tagsOf } from "../../../../scripts/promotion/registry/registry";
import { ACCESS_TOKEN, DIGEST, PrivateRegistry } from "../../../../sandbox/test/registry/private-registry";

const digest = `sha256:${"0".repeat(64)}`;

describe("a registry", () => {
    const asked: string[] = [];
    const server = http.createServer((request, response) => {
        asked.push(
            `${request.method ?? ""} ${request.url ?? ""} ${request.headers.accept?.includes("image.index") === true ? "index" : ""}`,
        );
        response.statusCode = Number(/\/v2\/(?:text-)?(\d+)\//.exec(request.url ?? "")?.[1] ?? 401);
        response.end(request.url?.includes("/200/") === true ? '{"manifests":[{"digest":"d"}]}' : "no manifest");
    });
    let host = "";

    before(async () => {
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => server.close());

    const outcome = (reference: string): Promise<string> =>
        manifestOf(reference).then(
            () => "there",
            (error: unknown) => (error as Error).message,
        );

    it("requests the manifest, of an index too", async () => {
        expect(await manifestOf(`${host}/200@${digest}`)).to.deep.equal({ manifests: [{ digest: "d" }] });
        expect(asked).to.deep.equal([`GET /v2/200/manifests/${digest} index`]);
    });

    it("counts as reachable with any answer", async () => {
        await checkAnswers(`${host}/p/ml-images`);
        expect(asked.at(-1)).to.equal("HEAD /v2/ index");
        const error = await checkAnswers("127.0.0.1:1/p").catch((reason: unknown) => reason);
        expect(error)
            .to.be.instanceOf(CommandError)
            .with.property("message")
            .that.matches(/^The registry 127\.0\.0\.1:1 cannot be reached: .+\.$/);
    });

    it("reports the registry's error", async () => {
        expect(await outcome(`${host}/404@${digest}`)).to.equal(
            `${host}/404@${digest} is not in its registry: it was deleted, or never pushed.`,
        );
        expect(await outcome(`${host}/403@${digest}`)).to.contain("refuses to show 403 (403): log in");
        expect(await outcome(`${host}/500@${digest}`)).to.equal(`The registry ${host} answered 500 when asked for 500.`);
        expect(await outcome(`${host}/text-200@${digest}`)).to.equal(
            `The registry ${host} answered something other than a manifest when asked for text-200.`,
        );
        expect(await outcome(`127.0.0.1:1/p@${digest}`)).to.match(/^The registry 127\.0\.0\.1:1 cannot be reached: .+\.$/);
        // If a name has several addresses, the reason itself has no text.
        expect(await outcome(`localhost:1/p@${digest}`)).to.match(/^The registry localhost:1 cannot be reached: .+\.$/);
    });

    it("serves the tags and the blobs of an image's repository", async () => {
        expect(await jsonBlob(`${host}/200@${digest}`, digest)).to.deep.equal({ manifests: [{ digest: "d" }] });
        expect(await jsonBlob(`${host}/text-200@${digest}`, digest)).to.equal(undefined);
        const refused = await jsonBlob(`${host}/404@${digest}`, digest).catch((reason: unknown) => reason);
        expect(refused)
            .to.be.instanceOf(CommandError)
            .with.property("message", `The registry ${host} answered 404 when asked for ${digest} of 404.`);
        for (const repository of ["200", "text-200", "404"]) {
            expect(await tagsOf(`${host}/${repository}@${digest}`), repository).to.deep.equal([]);
            expect(asked.at(-1)).to.match(/^GET \/v2\/[^/]+\/tags\/list /);
        }
    });

    it("gets a token with Docker's credentials if it requires one", async () => {
        const registry = await PrivateRegistry.start();
        const folder = mkdtempSync(path.join(tmpdir(), "docker-"));
        const { DOCKER_CONFIG } = process.env;
        process.env.DOCKER_CONFIG = folder;
        const withPassword = (password: string): Promise<string> => {
            const auth = Buffer.from(`oauth2accesstoken:${password}`).toString("base64");
            writeFileSync(path.join(folder, "config.json"), JSON.stringify({ auths: { [registry.host]: { auth } } }));
            return outcome(`${registry.host}/p/r/i@${DIGEST}`);
        };
        try {
            const refused = (status: number): string =>
                `The registry ${registry.host} refuses to show p/r/i (${status}): log in with \`gcloud auth login\`, as an account that may read it.`;
            expect(await outcome(`${registry.host}/p/r/i@${DIGEST}`)).to.equal(refused(403));
            expect(await outcome(`${registry.host}/library/i@${DIGEST}`)).to.equal("there");
            expect(await withPassword(ACCESS_TOKEN)).to.equal("there");
            expect(await withPassword("an-expired-token")).to.equal(refused(401));
        } finally {
            registry.stop();
            rmSync(folder, { recursive: true });
            if (DOCKER_CONFIG === undefined) {
                delete process.env.DOCKER_CONFIG;
            } else {
                process.env.DOCKER_CONFIG = DOCKER_CONFIG;
            }
        }
    });

    it("is reached through the proxy of the environment, unless it is on this machine", async () => {
        const connections: string[] = [];
        const proxy = http.createServer().on("connect", (request, socket) => {
            connections.push(request.url ?? "");
            socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
        });
        proxy.listen(0, "127.0.0.1");
        await once(proxy, "listening");
        const before = { ...process.env };
        const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
        Object.assign(process.env, {
            HTTPS_PROXY: address,
            https_proxy: address,
            HTTP_PROXY: address,
            http_proxy: address,
            NO_PROXY: "direct.test",
        });
        try {
            expect(await outcome(`registry.test/p@${digest}`)).to.match(/^The registry registry\.test cannot be reached: /);
            expect(await outcome(`direct.test/p@${digest}`)).to.match(/^The registry direct\.test cannot be reached: /);
            expect(await outcome(`${host}/200@${digest}`)).to.equal("there");
            expect(connections).to.deep.equal(["registry.test:443"]);
        } finally {
            for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY"]) {
                if (before[name] === undefined) {
                    Reflect.deleteProperty(process.env, name);
                } else {
                    process.env[name] = before[name];
                }
            }
            proxy.close();
        }
    });
});
