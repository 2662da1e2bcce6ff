import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { homeOf } from "../../home";
import { obstacles } from "../../host/preflight";

describe("obstacles", () => {
    it("names each disk with too little free space, and how much is missing", () => {
        // /proc is a file system without any section.
        const home = { ...homeOf("/tmp"), root: "/proc/1", cache: "/tmp" };
        expect(obstacles(home, true).filter((line) => line.startsWith("The disk"))).to.deep.equal([
            "The disk of /proc/1 has 0.0 GiB free; 3.0 GiB are needed. Free some, and run the command again.",
        ]);
        expect(obstacles(home, false).join("\n")).to.contain("12.0 GiB are needed to compile the tools once.");
    });

    it("names the commands that are missing, and the packages that have them", () => {
        const original = process.env.PATH;
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "preflight-"));
        const missing = (): readonly string[] => obstacles(homeOf("/tmp"), true).filter((line) => line.startsWith("Not on PATH"));
        try {
            for (const command of ["git", "tar", "flock", "mount", "umount", "nsenter"]) {
                fs.writeFileSync(path.join(folder, command), "");
            }
            process.env.PATH = folder;
            expect(missing()).to.deep.equal([
                "Not on PATH: ip, unshare. Install what is missing (on Debian: `apt-get install iproute2 util-linux`), and run the command again.",
            ]);
            for (const command of ["ip", "unshare"]) {
                fs.writeFileSync(path.join(folder, command), "");
            }
            expect(missing()).to.deep.equal([]);
        } finally {
            process.env.PATH = original;
            fs.rmSync(folder, { recursive: true });
        }
    });
});
