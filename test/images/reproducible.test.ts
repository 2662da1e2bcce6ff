import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Built } from "./engine/builder";
import { contents } from "./engine/registry-client";
import { shared } from "./hooks";
import { IMAGES, type ImageName, ROOT, recipe } from "./images";

/** Copies build contexts as `git clone` writes them under a umask and at another time. */
function clone(image: ImageName, umask: number, time: Date): { readonly context: string; readonly named: { readonly common: string } } {
    return { context: copy(image, umask, time), named: { common: copy("common", umask, time) } };
}

function copy(name: string, umask: number, time: Date): string {
    const folder = path.join(shared().workshop.folder("context"), name);
    fs.cpSync(path.join(ROOT, "docker", name), folder, { recursive: true, filter: (file) => !file.includes("__pycache__") });
    for (const entry of [".", ...(fs.readdirSync(folder, { recursive: true }) as string[])]) {
        const at = path.join(folder, entry);
        fs.chmodSync(at, (fs.statSync(at).isDirectory() ? 0o777 : 0o666) & ~umask);
        fs.utimesSync(at, time, time);
    }
    return folder;
}

describe("a commit", () => {
    for (const image of IMAGES) {
        it(`builds the same digest of ${image} under umask 022 and 002, and at another time`, async () => {
            const { builder, canaries } = shared();
            const build = { ...recipe(image, canaries[image]), provenance: false };
            const one = await builder.build({ ...build, ...clone(image, 0o022, new Date("2024-01-02T03:04:05Z")) });
            const other = await builder.build({ ...build, ...clone(image, 0o002, new Date("2025-06-07T08:09:10Z")) });
            expect(other.digest).to.equal(one.digest);
        });
    }

    it("that changes only the source changes the digest and one layer", async () => {
        const { builder, canaries } = shared();
        const build = { ...recipe("inference", canaries.inference), provenance: false };
        const contexts = clone("inference", 0o022, new Date());
        const before = await builder.build({ ...build, ...contexts });
        fs.appendFileSync(path.join(contexts.context, "handler.py"), "# one line more\n");
        const after = await builder.build({ ...build, ...contexts });
        expect(after.digest).not.to.equal(before.digest);
        const layers = async (built: Built): Promise<Set<string>> =>
            new Set([...(await contents(built)).keys()].filter((what) => what.includes(".layer.")));
        const old = await layers(before);
        expect([...(await layers(after))].filter((layer) => !old.has(layer))).to.have.lengthOf(1);
    });

    it("that changes only the shared files changes the digest of each image", async () => {
        const { builder, canaries } = shared();
        for (const image of IMAGES) {
            const build = { ...recipe(image, canaries[image]), ...clone(image, 0o022, new Date()), provenance: false };
            const before = await builder.build(build);
            fs.appendFileSync(path.join(build.named.common, "shared", "cuda.py"), "# one line more\n");
            expect((await builder.build(build)).digest, image).not.to.equal(before.digest);
        }
    });

    it("cannot be built without the shared files, and pulls nothing instead", async () => {
        const { builder, canaries } = shared();
        const message = await builder.refuses({ ...recipe("worker", canaries.worker), named: {} });
        expect(message)
            .to.match(/\/locks\/uv\.txt.*(not found|no such file)/)
            .and.not.to.include("docker.io/library/common");
    });

    it("cannot be built if a hash in a lock file is wrong", async () => {
        const { builder, canaries } = shared();
        const contexts = clone("worker", 0o022, new Date());
        const lock = path.join(contexts.context, "locks", "cpu.txt");
        fs.writeFileSync(lock, fs.readFileSync(lock, "utf8").replaceAll(/sha256:[0-9a-f]{64}/g, `sha256:${"0".repeat(64)}`));
        expect(await builder.refuses({ ...recipe("worker", canaries.worker), ...contexts })).to.match(/hash mismatch/i);
    });
});
