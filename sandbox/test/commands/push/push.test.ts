import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { push } from "../../../commands/push/push";
import { homeOf } from "../../../home";

describe("npm run sandbox -- push", () => {
    it("refuses wrong arguments and a stopped sandbox, and creates nothing", async () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "clone-"));
        const home = homeOf(folder);
        for (const [args, reason] of [
            [["a", "b"], "Name at most one branch or tag: npm run sandbox -- push [<branch or tag>]"],
            [["--all"], "Name at most one branch or tag: npm run sandbox -- push [<branch or tag>]"],
            [["main"], "The sandbox is not running. Start it with `npm start`."],
        ] as const) {
            const error = await push(home, args).catch((problem: unknown) => problem);
            expect(error).to.be.instanceOf(Error).with.property("message", reason);
        }
        expect([fs.readdirSync(folder), fs.existsSync(home.run)]).to.deep.equal([[], false]);
        fs.rmSync(folder, { recursive: true });
    });
});
