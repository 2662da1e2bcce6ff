import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { SIMULATED } from "../../summary/simulated";

describe("SIMULATED", () => {
    it("is the README's table", () => {
        const readme = fs.readFileSync(path.join(__dirname, "..", "..", "..", "README.md"), "utf8");
        const [, table = ""] = /## What is simulated\n[\s\S]*?\n\| -+ \| -+ \|\n((?:\|.*\|\n)+)/.exec(readme) ?? [];
        const rows = table
            .trimEnd()
            .split("\n")
            .map((row) =>
                row
                    .split("|")
                    .slice(1, 3)
                    .map((cell) => cell.trim()),
            );
        expect(rows).to.deep.equal(SIMULATED.map((row) => [...row]));
    });
});
