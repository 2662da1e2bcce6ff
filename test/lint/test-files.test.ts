import { expect } from "chai";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { minimatch } from "minimatch";

const ROOT = path.join(__dirname, "..", "..");
const TEST = path.join(ROOT, "test");

/** Patterns of the spec files that the configurations of mocha name. */
const PATTERNS = readdirSync(TEST)
    .filter((file) => file.endsWith(".mocharc.json"))
    .flatMap((file) => (JSON.parse(readFileSync(path.join(TEST, file), "utf8")) as { spec: readonly string[] }).spec);

/** Spec files of the project, by their path in it. */
const FILES = ["test", "sandbox/test"].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".test.ts"))
        .map((file) => path.posix.join(folder, file.replaceAll(path.sep, "/"))),
);

describe("test files", () => {
    it("are each run by a script", () => {
        expect(FILES.length).to.be.greaterThan(100);
        expect(FILES.filter((file) => !PATTERNS.some((pattern) => minimatch(file, pattern)))).to.deep.equal([]);
    });

    it("exist where a script names them", () => {
        expect(PATTERNS.filter((pattern) => !FILES.some((file) => minimatch(file, pattern)))).to.deep.equal([]);
    });
});
