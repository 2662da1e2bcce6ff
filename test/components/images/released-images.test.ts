import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { releasedImages } from "../../../components/images/released-images";

const image = (name: string): string => `registry.example/p/ml-images/${name}@sha256:abc`;

describe("releasedImages", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "stacks-"))));
    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    const write = (stack: string, text: string): void => {
        writeFileSync(path.join(folder, `Pulumi.${stack}.yaml`), text);
    };
    const release = (value: unknown): string => JSON.stringify({ config: { "ml-platform:images": { from: "release", release: value } } });

    it("finds those of every stack, once each, and ignores all else in a stack file", () => {
        write("prod", release({ inference: image("inference"), training: image("training"), ranking: image("ranking"), commit: "abc" }));
        write("staging", release({ inference: image("inference"), training: 1 }));
        write("dev", "config:\n    ml-platform:images:\n        from: build\n");
        write("empty", "");
        writeFileSync(path.join(folder, "Pulumi.yaml"), "name: ml-platform\n");
        expect(releasedImages(folder, undefined)).to.deep.equal([image("inference"), image("ranking"), image("training")]);
        expect(releasedImages(folder, { images: { training: image("own") } })).to.deep.equal([
            ...["inference", "own", "ranking", "training"].map(image),
        ]);
    });

    it("refuses a file that it cannot read, because the images that it protects would be deleted", () => {
        write("prod", "config: [");
        expect(() => releasedImages(folder, undefined)).to.throw(
            /^The images that a release needs cannot be kept: Pulumi\.prod\.yaml is not valid YAML: [^\n]+ \(line 1, column 10\)$/,
        );
    });

    it("refuses a file with encrypted images, and accepts any other encrypted value", () => {
        write("dev", JSON.stringify({ config: { "ml-platform:training": { variables: { A: { secure: "v1:x" } } } } }));
        expect(releasedImages(folder, undefined)).to.deep.equal([]);
        write("prod", release({ inference: { secure: "v1:x" }, commit: "abc" }));
        expect(() => releasedImages(folder, undefined)).to.throw(
            /^Pulumi\.prod\.yaml has an encrypted value at ml-platform:images\.release\.inference, so the images .* cannot be kept\./,
        );
    });
});
