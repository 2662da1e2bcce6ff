import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import manifest from "../package.json";
import { anchorsOf, linksOf } from "./docs/markdown";
import { costsIn, defaultsIn } from "./docs/settings";
import { staleReferences, type Repository } from "./docs/stale";

const ROOT = path.join(__dirname, "..");
const PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    ...fs
        .readdirSync(path.join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".md"))
        .map((file) => `docs/${file}`),
];

const here: Repository = {
    read: (file) => (fs.statSync(path.join(ROOT, file), { throwIfNoEntry: false })?.isFile() ? read(file) : undefined),
    exists: (file) => fs.existsSync(path.join(ROOT, file)),
    scripts: new Set(Object.keys(manifest.scripts)),
};

function read(file: string): string {
    return fs.readFileSync(path.join(ROOT, file), "utf8");
}

describe("the documentation", () => {
    for (const page of PAGES) {
        it(`${page} has only valid references`, () => {
            expect(staleReferences(page, read(page), here)).to.deep.equal([]);
        });
    }
});

describe("docs/operations/costs.md", () => {
    const documented = defaultsIn(read("docs/reference/configuration.md"));
    const costs = costsIn(read("docs/operations/costs.md"));

    it("has settings that exist, with their defaults", () => {
        const settings = costs.map(({ key }) => key);
        expect(settings).to.include.members(["cluster.pools[].minNodes", "registry.scanning", "training.nodes"]);
        expect(settings.filter((key) => !documented.has(key))).to.deep.equal([]);
        for (const { key, value } of costs) {
            expect(value, key).to.equal(documented.get(key));
        }
    });

    it("agrees with the configuration reference key by key", () => {
        const reference = "## build\n\n| Key | Type |\n| --- | --- |\n| `timeoutSeconds` | integer | `1800` | Seconds. |\n";
        expect([...defaultsIn(reference)]).to.deep.equal([["build.timeoutSeconds", "`1800`"]]);
        expect(costsIn("| `build.timeoutSeconds` | `60` | Minutes. | few |\n| `spot` | cheap | all |\n")).to.deep.equal([
            { key: "build.timeoutSeconds", value: "`60`" },
        ]);
    });
});

describe("staleReferences", () => {
    const files: Readonly<Record<string, string>> = {
        "docs/gpu.md": "# GPUs\n\n## Sharing a GPU\n",
        "components/registry/registry.ts": "",
    };
    const small: Repository = {
        read: (file) => files[file],
        exists: (file) => file in files || file === "docs" || file === "gke",
        scripts: new Set(["check", "test:unit"]),
    };
    const stale = (text: string, file = "docs/page.md") => staleReferences(file, text, small);

    it("names links to files and headings that do not exist", () => {
        expect(
            stale("[a](gpu.md) [b](gpu.md#sharing-a-gpu) [c](../docs) [d](https://example.com/x#y) [e](#here)\n\n# Here\n"),
        ).to.deep.equal([]);
        expect(stale("[a](gpus.md) [b](gpu.md#sharing) [c](../doc) [d](#there)\n\n# Here\n")).to.deep.equal([
            "gpus.md",
            "gpu.md#sharing",
            "../doc",
            "#there",
        ]);
        expect(stale("[a](docs/gpu.md) [b](gpu.md)", "README.md")).to.deep.equal(["gpu.md"]);
        expect(stale("[a](../docs#gpus)"), "a folder has no headings").to.deep.equal(["../docs#gpus"]);
    });

    it("names scripts that package.json does not have, in code and in text", () => {
        expect(stale("`npm run check`\n\n```sh\nnpm run --silent test:unit -- --grep x\n```\n")).to.deep.equal([]);
        expect(stale("`npm run checks`\n\n```sh\nnpm run --silent test:units\nnpm.cmd run promote\n```\n")).to.deep.equal([
            "npm run checks",
            "npm run --silent test:units",
            "npm.cmd run promote",
        ]);
    });

    it("names imports of modules that do not exist", () => {
        expect(stale('import { R } from "ml-platform/components/registry/registry";')).to.deep.equal([]);
        expect(stale('import { R } from "ml-platform/components/registry";')).to.deep.equal(["components/registry"]);
    });

    it("names paths of files and folders that do not exist, and leaves patterns alone", () => {
        expect(stale("`docs/gpu.md` `gke` `components/registry/registry.ts` `test/**` `docker/<image>/Dockerfile`")).to.deep.equal([]);
        expect(stale("`gke/zones.ts` and `components/registry.ts`")).to.deep.equal(["gke/zones.ts", "components/registry.ts"]);
    });
});

describe("anchorsOf", () => {
    it("names headings as GitHub does", () => {
        expect([
            ...anchorsOf("# What is *where*?\n\n## `npm run check`: all\n\n```sh\n# a comment\n```\n\n## A – b\n\n## Twice\n\n## Twice\n"),
        ]).to.deep.equal(["what-is-where", "npm-run-check-all", "a--b", "twice", "twice-1"]);
    });
});

describe("linksOf", () => {
    it("omits links in code", () => {
        expect(linksOf("[a](b.md) `[c](d.md)`\n\n```md\n[e](f.md)\n```\n\n[g `h`](i.md)")).to.deep.equal(["b.md", "i.md"]);
    });
});
