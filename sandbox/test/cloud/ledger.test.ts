import { expect } from "chai";
import * as fs from "node:fs";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type Entry, Ledger } from "../../cloud/ledger";

function entry(id: string, other: Partial<Entry> = {}): Entry {
    return {
        type: "gcp:storage/bucket:Bucket",
        id,
        inputs: { name: id },
        uuid: "u",
        status: "RUNNING",
        provisioned: {},

        createdAt: "2026-01-01T00:00:00.000Z",
        updatedAt: "2026-01-01T00:00:00.000Z",
        ...other,
    };
}

describe("Ledger", () => {
    let folder: string;
    let file: string;

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "ledger-"));
        file = path.join(folder, "cloud", "ledger.json");
    });

    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    it("is empty before its file exists, and creates the folder", () => {
        expect(Ledger.open(file).list()).to.deep.equal([]);
        expect(readdirSync(path.dirname(file))).to.deep.equal([]);
    });

    it("keeps entries over a restart, in the order of their creation", () => {
        const ledger = Ledger.open(file);
        ledger.put(entry("a"));
        ledger.put(entry("b"));
        ledger.put(entry("a", { status: "ERROR", problem: "no" }));
        expect(Ledger.open(file).list()).to.deep.equal([entry("a", { status: "ERROR", problem: "no" }), entry("b")]);
    });

    it("distinguishes the same ID of two types", () => {
        const ledger = Ledger.open(file);
        ledger.put(entry("a"));
        expect([ledger.get("gcp:storage/bucket:Bucket", "a"), ledger.get("gcp:pubsub/topic:Topic", "a")]).to.deep.equal([
            entry("a"),
            undefined,
        ]);
    });

    it("removes several entries at once, and ignores missing ones", () => {
        const ledger = Ledger.open(file);
        for (const id of ["a", "b", "c"]) {
            ledger.put(entry(id));
        }
        ledger.remove([entry("a"), entry("c"), entry("d")]);
        expect(Ledger.open(file).list()).to.deep.equal([entry("b")]);
    });

    it("survives a crash between write and rename: the old contents stay, and the partial file is removed", () => {
        const ledger = Ledger.open(file);
        ledger.put(entry("a"));
        writeFileSync(`${file}.new`, readFileSync(file, "utf8").slice(0, 20));
        expect(Ledger.open(file).list()).to.deep.equal([entry("a")]);
        expect(readdirSync(path.dirname(file))).to.deep.equal(["ledger.json"]);
    });

    it("changes nothing, not even in memory, if it cannot write", () => {
        const ledger = Ledger.open(file);
        ledger.put(entry("a"));
        fs.mkdirSync(`${file}.new`);
        expect(() => {
            ledger.put(entry("b"));
        }).to.throw("EISDIR");
        expect(ledger.list()).to.deep.equal([entry("a")]);
        fs.rmdirSync(`${file}.new`);
        ledger.put(entry("c"));
        expect(Ledger.open(file).list()).to.deep.equal([entry("a"), entry("c")]);
    });

    it("changes nothing in memory if it cannot rename the file", () => {
        const ledger = Ledger.open(file);
        ledger.put(entry("a"));
        rmSync(file);
        fs.mkdirSync(file);
        expect(() => {
            ledger.put(entry("b"));
        }).to.throw("EISDIR");
        expect(ledger.list()).to.deep.equal([entry("a")]);
    });

    it("keeps the enabled APIs of projects over a restart", () => {
        const ledger = Ledger.open(file);
        ledger.setApis("a", ["compute.googleapis.com"]);
        ledger.setApis("b", []);
        ledger.put(entry("bucket"));
        expect(Ledger.open(file).apis).to.deep.equal({ a: ["compute.googleapis.com"], b: [] });
    });

    it("is readable by its owner only", () => {
        Ledger.open(file).put(entry("a"));
        expect(fs.statSync(file).mode & 0o777).to.equal(0o600);
    });

    for (const [what, contents] of [
        ["invalid JSON", '{"format": 1, "resources": ['],
        ["an unknown format", '{"format": 2, "resources": []}'],
        ["other JSON", "[]"],
    ] as const) {
        it(`refuses a file with ${what}, and does not change it`, () => {
            Ledger.open(file);
            writeFileSync(file, contents);
            expect(() => Ledger.open(file)).to.throw(`${file} is not a ledger of the simulated cloud`);
            expect(readFileSync(file, "utf8")).to.equal(contents);
        });
    }
});
