import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { tail } from "../../host/log-tail";

describe("tail", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tail-"));
    after(() => {
        fs.rmSync(folder, { recursive: true });
    });

    it("gives the last lines", () => {
        fs.writeFileSync(path.join(folder, "log"), "a\nb\nc\n");
        expect(tail(path.join(folder, "log"), 2)).to.equal("b\nc");
    });

    it("is empty where there is no file", () => {
        expect(tail(path.join(folder, "absent"))).to.equal("");
    });
});
