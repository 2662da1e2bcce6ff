import { expect } from "chai";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { askRegistry } from "../../registry/client";
import { ACCESS_TOKEN, DIGEST, PrivateRegistry } from "./private-registry";

describe("askRegistry", () => {
    let registry: PrivateRegistry;
    before(async () => (registry = await PrivateRegistry.start()));
    after(() => registry.stop());
    beforeEach(() => (registry.asked.length = 0));

    const head = (name: string, accessToken: string | undefined): Promise<Response> =>
        askRegistry(`http://${registry.host}/v2/${name}/manifests/v1`, { method: "HEAD" }, accessToken);

    it("asks without a token, then the realm for one, then again with it", async () => {
        const { status, headers } = await head("p/i", ACCESS_TOKEN);
        expect([status, headers.get("docker-content-digest")]).to.deep.equal([200, DIGEST]);
        expect(registry.asked).to.deep.equal([
            "HEAD /v2/p/i/manifests/v1 none",
            "GET /token?service=here&scope=repository%3Ap%2Fi%3Apull Basic",
            "HEAD /v2/p/i/manifests/v1 Bearer",
        ]);
    });

    it("asks the realm without credentials where it has none", async () => {
        expect((await head("library/python", undefined)).status).to.equal(200);
        expect(registry.asked[1]).to.match(/ none$/);
    });

    it("answers with the realm's refusal: 403 without credentials, 401 with wrong ones", async () => {
        expect((await head("p/i", undefined)).status).to.equal(403);
        expect((await head("p/i", "an-expired-token")).status).to.equal(401);
        expect(registry.asked.filter((asked) => asked.endsWith("Bearer"))).to.deep.equal([]);
    });

    it("answers with the registry's 401 where it wants something other than a token", async () => {
        for (const challenge of ['Basic realm="Registry"', 'Bearer realm="not a URL"', 'Bearer service="here"']) {
            const server = http.createServer((_, response) => response.writeHead(401, { "www-authenticate": challenge }).end());
            await once(server.listen(0, "127.0.0.1"), "listening");
            const { port } = server.address() as AddressInfo;
            expect((await askRegistry(`http://127.0.0.1:${port}/v2/`, {}, ACCESS_TOKEN)).status, challenge).to.equal(401);
            server.closeAllConnections();
            server.close();
        }
    });
});
