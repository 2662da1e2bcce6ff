import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promoter } from "../../../scripts/promotion/promote";

describe("the author of a promotion", () => {
    let folder: string;
    const before = { ...process.env };

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "promoter-"));
        Object.assign(process.env, { GIT_CONFIG_GLOBAL: path.join(folder, "config"), GIT_CONFIG_SYSTEM: path.join(folder, "none") });
    });
    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
        for (const name of ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"]) {
            if (before[name] === undefined) {
                Reflect.deleteProperty(process.env, name);
            } else {
                process.env[name] = before[name];
            }
        }
    });

    it("is git's user, else the user of the machine", async () => {
        expect(await promoter(folder)).to.equal(os.userInfo().username);
        fs.writeFileSync(path.join(folder, "config"), "[user]\n\temail = ann@example.com\n");
        expect(await promoter(folder)).to.equal("ann@example.com");
        fs.writeFileSync(path.join(folder, "config"), '[user]\n\temail = ""\n');
        expect(await promoter(folder)).to.equal(os.userInfo().username);
    });
});
