import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { onPath } from "../../host/on-path";

describe("onPath", () => {
    const original = process.env.PATH;
    let folder: string;

    before(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "on-path-"));
    });

    after(() => {
        process.env.PATH = original;
        fs.rmSync(folder, { recursive: true });
    });

    it("is the first file of that name, in the order of PATH", () => {
        const [first, second] = ["first", "second"].map((name) => path.join(folder, name)) as [string, string];
        for (const place of [first, second]) {
            fs.mkdirSync(place);
        }
        fs.writeFileSync(path.join(second, "tool"), "");
        process.env.PATH = [first, second].join(path.delimiter);
        expect(onPath("tool")).to.equal(path.join(second, "tool"));
        fs.writeFileSync(path.join(first, "tool"), "");
        expect(onPath("tool")).to.equal(path.join(first, "tool"));
        expect(onPath("other")).to.equal(undefined);
    });
});
