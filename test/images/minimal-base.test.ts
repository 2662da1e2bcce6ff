import { expect } from "chai";
import * as path from "node:path";
import { GOOD } from "./digits";
import { layerSizes } from "./engine/registry-client";
import { shared } from "./hooks";
import { ROOT, recipe } from "./images";
import { call, startService } from "./service";

describe("the service on a minimal Python base", () => {
    it("answers, reports healthy, contains no shell, and has at most 200 MB in total", async () => {
        const { builder, canaries } = shared();
        const base = await builder.build({ name: "minimal-python", context: path.join(ROOT, "test/images/fixtures/minimal-python") });
        const build = { ...recipe("inference", canaries.inference), name: "inference-minimal", provenance: false };
        const image = await builder.build({ ...build, args: { ...build.args, RUNTIME_IMAGE: base.ref } });

        const baseSizes = await layerSizes(base);
        const own = (await layerSizes(image)).slice(baseSizes.length);
        const sum = (sizes: readonly { unpacked: number }[]): number => sizes.reduce((all, { unpacked }) => all + unpacked, 0);
        const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
        process.stdout.write(`      minimal base ${mb(sum(baseSizes))} unpacked, the service beyond it ${mb(sum(own))}\n`);
        expect(sum(own)).to.be.below(135e6);
        expect(sum(own) + sum(baseSizes)).to.be.below(200e6);

        const { container, port } = await startService("minimal", image.ref, ["--health-interval", "1s"]);
        expect((await call(port, "POST", "/predict", GOOD)).status).to.equal(200);
        await container.healthy();
        let shell: unknown;
        await container.exec("sh", "-c", "true").catch((error: unknown) => (shell = error));
        expect(String(shell)).to.match(/executable file not found|no such file/i);
        await container.signal("TERM");
        expect(await container.ended()).to.equal(0);
        await container.remove();
    });

    it("adds at most 135 MB unpacked and 45 MB compressed to the usual base", async () => {
        const { builder, canaries } = shared();
        const built = await builder.build({ ...recipe("inference", canaries.inference), provenance: false });
        const own = (await layerSizes(built)).slice(-4);
        expect(own.reduce((all, { unpacked }) => all + unpacked, 0)).to.be.below(135e6);
        expect(own.reduce((all, { compressed }) => all + compressed, 0)).to.be.below(45e6);
    });
});
