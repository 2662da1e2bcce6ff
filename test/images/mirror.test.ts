import { expect } from "chai";
import * as path from "node:path";
import { imageRecipe } from "../../components/images/image-recipe";
import { imagesWith, namedImage } from "../components/settings";
import { GOOD } from "./digits";
import type { Built } from "./engine/builder";
import { contents } from "./engine/registry-client";
import { shared } from "./hooks";
import { ROOT, recipe } from "./images";
import { call, startService } from "./service";

interface Configuration {
    readonly created: string;
    readonly architecture: string;
    readonly config: Readonly<Record<string, unknown>> & { readonly Labels: Readonly<Record<string, string>> };
    readonly rootfs: { readonly diff_ids: readonly string[] };
}

/** Configuration and layers of an image that is not an index. */
async function described(built: Built): Promise<{ readonly configuration: Configuration; readonly layers: readonly string[] }> {
    const found = [...(await contents(built))];
    const [, configuration] = found.find(([what]) => what.startsWith("configuration ")) ?? [];
    const layers = found.flatMap(([what]) => (what.includes(".layer.") ? [what] : []));
    return { configuration: JSON.parse((configuration ?? "").toString()) as Configuration, layers };
}

/** Builds a copy with the recipe of `mirror: true`. */
function copied(name: string, use: string): Promise<Built> {
    const images = imagesWith({ copy: { use, mirror: true } });
    const { context, buildArgs } = imageRecipe(namedImage("copy", images), images, "test") ?? { context: "", buildArgs: {} };
    return shared().builder.build({ name, context: path.join(ROOT, context), args: buildArgs });
}

describe("a copy of an image from another registry", () => {
    it("has the layers, user, entrypoint and all other settings of the image, and names it in its labels", async () => {
        const { builder, canaries } = shared();
        const original = await builder.build({ ...recipe("inference", canaries.inference), provenance: false });
        const [before, after] = [await described(original), await described(await copied("copy", original.ref))];
        expect(after.layers).to.deep.equal(before.layers);
        expect(after.configuration.rootfs).to.deep.equal(before.configuration.rootfs);
        const { Labels: own, ...config } = after.configuration.config;
        const { Labels: theirs, ...expected } = before.configuration.config;
        expect(config).to.deep.equal(expected);
        expect(config).to.deep.include({ User: "1000:1000", Entrypoint: ["python3", "-m", "serving"] });
        expect(own).to.deep.equal({
            ...theirs,
            "org.opencontainers.image.base.name": original.ref.split("@")[0],
            "org.opencontainers.image.base.digest": original.digest,
        });
    });

    it("has the same digest and creation time for each build", async () => {
        const { ref } = await shared().images.get("inference");
        const first = await copied("copy", ref);
        const second = await copied("copy", ref);
        expect(second.digest).to.equal(first.digest);
        expect((await described(second)).configuration.created).to.equal("1980-01-01T00:00:00Z");
    });

    it("gives the same answers as the image", async () => {
        const { ref } = await copied("copy", (await shared().images.get("inference")).ref);
        const { container, port } = await startService("copy", ref);
        expect((await call(port, "POST", "/predict", GOOD)).status).to.equal(200);
        await container.signal("TERM");
        expect(await container.ended()).to.equal(0);
        await container.remove();
    });

    it("cannot be built without the image", async () => {
        const message = await shared().builder.refuses({ name: "copy", context: path.join(ROOT, "docker/mirror") });
        expect(message).to.match(/base name \(\$\{BASE_IMAGE\}\) should not be blank/);
    });
});
