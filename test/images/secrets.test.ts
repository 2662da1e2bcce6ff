import { expect } from "chai";
import * as path from "node:path";
import { contents } from "./engine/registry-client";
import { shared } from "./hooks";
import { IMAGES, ROOT, caBundle } from "./images";
import { leaks } from "./leaks";

describe("build secrets", () => {
    it("are in no layer, history, label or provenance of any image", async () => {
        const { canaries, images } = shared();
        const all = Object.values(canaries).flat();
        expect(new Set(all).size).to.equal(10);
        for (const image of IMAGES) {
            const found = await contents(await images.get(image));
            expect([...found.keys()].filter((what) => what.startsWith("application/vnd.in-toto"))).to.have.lengthOf(1);
            expect([...found.keys()].filter((what) => what.startsWith("application/vnd.oci.image.layer")).length).to.be.at.least(4);
            expect(leaks(found, all), image).to.deep.equal([]);
        }
    });

    it("are found in a layer, a label, the history and the provenance of an image that leaks them", async () => {
        const { builder } = shared();
        const [inFile, inArgument] = ["canary-in-a-file", "canary-in-an-argument"] as const;
        const built = await builder.build({
            name: "leaky",
            context: path.join(ROOT, "test/images/fixtures/leaky"),
            args: { TOKEN: inArgument },
            secrets: { "ca-bundle": caBundle(inFile) },
            provenance: true,
        });
        const found = leaks(await contents(built), [inFile, inArgument]).map((leak) => leak.replace(/ sha256:\w+/, ""));
        expect(found).to.include.members([
            `application/vnd.oci.image.layer.v1.tar+gzip: ${inFile}`,
            `configuration: ${inArgument}`,
            `application/vnd.in-toto+json: ${inArgument}`,
        ]);
    });
});
