import { expect } from "chai";
import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { ociArchive, type SingleFileImage } from "../../../cluster/node/oci-image";

interface Entry {
    readonly mode: number | undefined;
    readonly content: Buffer;
}

async function entriesOf(tar: Buffer): Promise<ReadonlyMap<string, Entry>> {
    const entries = new Map<string, Entry>();
    const reader = extract();
    reader.end(tar);
    for await (const entry of reader) {
        entries.set(entry.header.name, { mode: entry.header.mode, content: await buffer(entry) });
    }
    return entries;
}

function digest(content: Buffer): string {
    return createHash("sha256").update(content).digest("hex");
}

describe("OCI archives", () => {
    const image: SingleFileImage = {
        reference: "sandbox.invalid/pause:1",
        architecture: "arm64",
        path: "/pause",
        content: Buffer.from("#!program"),
    };
    const read = async (): Promise<{ entries: ReadonlyMap<string, Entry>; blob: (of: { digest: string }) => Buffer }> => {
        const entries = await entriesOf(await ociArchive(image));
        return { entries, blob: (of) => entries.get(`blobs/sha256/${of.digest.slice("sha256:".length)}`)?.content ?? Buffer.alloc(0) };
    };

    it("hold an index, a manifest, a configuration and a layer that refer to each other by digest and size", async () => {
        const { entries, blob } = await read();
        expect(JSON.parse(String(entries.get("oci-layout")?.content))).to.deep.equal({ imageLayoutVersion: "1.0.0" });
        const index = JSON.parse(String(entries.get("index.json")?.content)) as {
            manifests: [{ digest: string; size: number; annotations: object }];
        };
        const [listed] = index.manifests;
        expect(listed.annotations).to.deep.equal({ "io.containerd.image.name": image.reference, "org.opencontainers.image.ref.name": "1" });
        expect(blob(listed)).to.have.length(listed.size);
        const manifest = JSON.parse(String(blob(listed))) as {
            config: { digest: string; size: number };
            layers: [{ digest: string; size: number }];
        };
        for (const part of [manifest.config, ...manifest.layers]) {
            expect(blob(part)).to.have.length(part.size);
        }
        const config = JSON.parse(String(blob(manifest.config))) as { rootfs: { diff_ids: string[] } };
        const layer = gunzipSync(blob(manifest.layers[0]));
        expect(config).to.deep.equal({
            architecture: "arm64",
            os: "linux",
            config: { Entrypoint: ["/pause"] },
            rootfs: { type: "layers", diff_ids: [`sha256:${digest(layer)}`] },
        });
        expect([...(await entriesOf(layer))]).to.deep.equal([["pause", { mode: 0o755, content: image.content }]]);
    });

    it("name each blob by its digest", async () => {
        const { entries } = await read();
        const blobs = [...entries].filter(([name]) => name.startsWith("blobs/"));
        expect(blobs).to.have.length(3);
        for (const [name, { content }] of blobs) {
            expect(name).to.equal(`blobs/sha256/${digest(content)}`);
        }
    });

    it("are the same for equal input, and differ for other input", async () => {
        expect(await ociArchive(image)).to.deep.equal(await ociArchive(image));
        expect(await ociArchive({ ...image, architecture: "amd64" })).not.to.deep.equal(await ociArchive(image));
    });

    it("run as the user that they name, and as root where they name none", async () => {
        const userOf = async (given: SingleFileImage): Promise<unknown> => {
            const entries = await entriesOf(await ociArchive(given));
            const configs = [...entries.values()].map(({ content }) => content.toString()).filter((text) => text.includes('"Entrypoint"'));
            return (JSON.parse(configs[0] ?? "{}") as { config: { User?: string } }).config.User;
        };
        expect(await userOf({ ...image, user: "65532:65532" })).to.equal("65532:65532");
        expect(await userOf(image)).to.equal(undefined);
    });
});
