import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { storedImages } from "../../registry/stored-images";

const REPOSITORY = "us-central1-docker.pkg.dev/p/ml-images";
const hex = (digit: string): string => digit.repeat(64);

describe("storedImages", () => {
    let root: string;

    beforeEach(() => {
        root = fs.mkdtempSync(path.join(os.tmpdir(), "registry-"));
    });

    afterEach(() => {
        fs.rmSync(root, { recursive: true });
    });

    const write = (file: string, text: string) => {
        const at = path.join(root, "docker/registry/v2", file);
        fs.mkdirSync(path.dirname(at), { recursive: true });
        fs.writeFileSync(at, text);
        fs.utimesSync(at, new Date(0), new Date("2026-01-02T00:00:00Z"));
    };
    const push = (name: string, digest: string, manifest: object, tags: readonly string[] = []) => {
        const folder = `repositories/${REPOSITORY}/${name}/_manifests`;
        write(`blobs/sha256/${digest.slice(0, 2)}/${digest}/data`, JSON.stringify(manifest));
        write(`${folder}/revisions/sha256/${digest}/link`, `sha256:${digest}`);
        tags.forEach((tag) => {
            write(`${folder}/tags/${tag}/current/link`, `sha256:${digest}`);
        });
    };
    const manifest = { mediaType: "image", config: { digest: "c", size: 1 }, layers: [{ digest: "l", size: 10 }] };

    it("reads images with and without tags, also in subfolders", () => {
        push("inference", hex("a"), manifest, ["v1", "v2"]);
        push("inference", hex("b"), manifest);
        push("team/inference", hex("c"), manifest);
        expect(storedImages(root, REPOSITORY).map(({ name, digest, tags }) => [name, digest, tags])).to.deep.equal([
            ["inference", `sha256:${hex("a")}`, ["v1", "v2"]],
            ["inference", `sha256:${hex("b")}`, []],
            ["team/inference", `sha256:${hex("c")}`, []],
        ]);
        expect(storedImages(root, REPOSITORY)[0]).to.deep.include({
            ...{ mediaType: "image", sizeBytes: 11, manifests: [], uploadedAt: "2026-01-02T00:00:00.000Z" },
        });
    });

    it("adds the sizes of the images in an index", () => {
        push("inference", hex("a"), manifest);
        const inner = { digest: `sha256:${hex("a")}`, size: 500, mediaType: "image", platform: { architecture: "arm64", os: "linux" } };
        push("inference", hex("b"), { mediaType: "index", manifests: [inner] });
        expect(storedImages(root, REPOSITORY)[1]).to.deep.include({
            ...{ mediaType: "index", sizeBytes: 11 },
            manifests: [{ digest: inner.digest, mediaType: "image", architecture: "arm64", os: "linux" }],
        });
    });

    it("finds nothing in another repository, nor a deleted image", () => {
        push("inference", hex("a"), manifest);
        expect(storedImages(root, `${REPOSITORY}-cache`)).to.deep.equal([]);
        fs.rmSync(path.join(root, `docker/registry/v2/repositories/${REPOSITORY}/inference/_manifests/revisions/sha256/${hex("a")}/link`));
        expect(storedImages(root, REPOSITORY)).to.deep.equal([]);
    });
});
