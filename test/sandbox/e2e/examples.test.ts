import { readdirSync } from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { sandbox } from "./hooks";

const EXAMPLES = readdirSync(path.join(__dirname, "..", "..", "..", "examples")).filter((file) => file.endsWith(".yaml"));

describe("examples on the sandbox", function () {
    this.timeout(3 * 60_000);

    /** An image in the sandbox's registry, in place of images of other registries, which the sandbox does not look up. */
    let image = "";

    before(async () => {
        const { images } = await sandbox().clone.json<{ images: Readonly<Record<string, string>> }>("stack", "output", "--json");
        image = images.inference ?? "";
    });

    for (const example of EXAMPLES) {
        it(`preview ${example} as the file of a new stack`, async () => {
            const { clone } = sandbox();
            const stack = path.basename(example, ".yaml");
            const file = `Pulumi.${stack}.yaml`;
            clone.write(file, clone.read(path.join("examples", example)).replace(/use: \S+@sha256:0+$/gm, `use: ${image}`));
            try {
                const { code, output } = await clone.sandbox("preview", "-s", stack);
                expect(code, output).to.equal(0);
                expect(output).to.match(/Resources:\n {4}\+ \d+ to create\n/);
                expect(output).not.to.match(/unhandled| {4}at /);
            } finally {
                clone.git("clean", "--quiet", "--force", file);
            }
        });
    }
});
