import { expect } from "chai";
import * as path from "node:path";
import { shared } from "./hooks";
import { ROOT } from "./images";
import { call, startService } from "./service";

describe("a team's own model", () => {
    it("is the inference image with one file added, and answers over HTTP with its version", async () => {
        const { builder, images } = shared();
        const inference = await images.get("inference");
        const built = await builder.build({
            name: "own-model",
            context: path.join(ROOT, "test/images/fixtures/own-model"),
            args: { INFERENCE: inference.ref },
        });
        const { container, port } = await startService("own-model", built.ref);
        const ready = await call(port, "GET", "/ready");
        expect(JSON.parse(ready.body)).to.deep.equal({ status: "ready", model: "houses-3" });
        const priced = await call(port, "POST", "/predict", JSON.stringify({ rooms: 4, area: 100 }));
        expect(JSON.parse(priced.body)).to.deep.equal({ price: 230 });
        const refused = await call(port, "POST", "/predict", JSON.stringify({ rooms: 4 }));
        expect(refused.status).to.equal(400);
        expect(JSON.parse(refused.body)).to.deep.equal({ error: "the body cannot be read: KeyError: 'area'" });
        await container.signal("TERM");
        expect(await container.ended()).to.equal(0);
        expect((await container.logs()).err).to.equal("");
        await container.remove();
    });
});
