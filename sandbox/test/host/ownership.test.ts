import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { homeOf } from "../../home";
import { giveBack, invoker } from "../../host/ownership";

const ANN = { uid: 4321, gid: 4321 };

describe("invoker", function () {
    before(function () {
        if (process.getuid?.() !== 0) {
            this.skip();
        }
    });

    it("is the user who called sudo", () => {
        expect(invoker({ SUDO_UID: "4321", SUDO_GID: "4321" })).to.deep.equal(ANN);
        for (const env of [{}, { SUDO_UID: "0", SUDO_GID: "0" }, { SUDO_UID: "ann", SUDO_GID: "4321" }]) {
            expect(invoker(env)).to.equal(undefined);
        }
    });

    it("has nothing of the sandbox in the clone", () => {
        const before = { ...process.env };
        Object.assign(process.env, { SUDO_UID: "4321", SUDO_GID: "4321" });
        delete process.env.XDG_CACHE_HOME;
        try {
            const { id, root, cache } = homeOf("/home/ann/clone");
            expect({ root, cache }).to.deep.equal({ root: `/var/lib/ml-platform-sandbox/${id}`, cache: "/var/cache/ml-platform-sandbox" });
        } finally {
            process.env = before;
        }
        expect(homeOf("/home/ann/clone").root).to.equal("/home/ann/clone/.sandbox");
    });
});

describe("giveBack", function () {
    let clone: string;

    before(function () {
        if (process.getuid?.() !== 0) {
            this.skip();
        }
    });
    beforeEach(() => {
        clone = fs.mkdtempSync(path.join(os.tmpdir(), "clone-"));
        fs.mkdirSync(path.join(clone, "node_modules/zod"), { recursive: true });
        fs.mkdirSync(path.join(clone, "sub"));
        fs.writeFileSync(path.join(clone, "sub/made by root"), "");
        fs.symlinkSync("/etc/passwd", path.join(clone, "link"));
        fs.writeFileSync(path.join(clone, "another's"), "");
        fs.chownSync(path.join(clone, "another's"), 5555, 5555);
    });
    afterEach(() => {
        fs.rmSync(clone, { recursive: true });
    });

    const ownerOf = (file: string): number => fs.lstatSync(path.join(clone, file)).uid;

    it("changes the owner of files that root created to that of the folder", () => {
        fs.chownSync(clone, ANN.uid, ANN.gid);
        giveBack(clone, ANN);
        expect(["sub", "sub/made by root", "link", "another's", "node_modules/zod"].map(ownerOf)).to.deep.equal([
            4321, 4321, 4321, 5555, 0,
        ]);
        expect(fs.statSync("/etc/passwd").uid).to.equal(0);
    });

    it("ignores folders of other users, and does nothing for root", () => {
        giveBack(clone, ANN);
        fs.chownSync(clone, ANN.uid, ANN.gid);
        giveBack(clone, undefined);
        expect(ownerOf("sub")).to.equal(0);
    });
});
