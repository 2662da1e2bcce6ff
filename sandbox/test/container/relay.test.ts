import { expect } from "chai";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo, Server } from "node:net";
import * as path from "node:path";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- plain CommonJS, for it runs in a container before there are packages
const { relay } = require(path.join(__dirname, "../../container/relay.cjs")) as {
    relay: (range: string, addresses: readonly string[]) => readonly Server[];
};

describe("relay", () => {
    it("forwards connections to the same port of 127.0.0.1, and refuses them if nothing listens", async () => {
        const server = http.createServer((_, response) => response.end("from inside")).listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        const relays = relay(`${port}-${port + 1}`, ["127.0.0.2"]);
        await Promise.all(relays.map((one) => (one.listening ? Promise.resolve() : once(one, "listening"))));
        try {
            expect(relays).to.have.length(2);
            expect(await (await fetch(`http://127.0.0.2:${port}`)).text()).to.equal("from inside");
            const refused = await fetch(`http://127.0.0.2:${port + 1}`).catch((error: unknown) => error);
            expect(refused).to.be.instanceOf(TypeError);
        } finally {
            for (const one of [server, ...relays]) {
                one.close();
            }
        }
    });
});
