import { expect } from "chai";
import { homeOf } from "../../../sandbox/home";
import { obstacles } from "../../../sandbox/preflight";

describe("obstacles", () => {
    it("names each disk that has too little room, and how much is missing", () => {
        // /proc is a file system without any room.
        const home = { ...homeOf("/tmp"), root: "/proc/1", cache: "/tmp" };
        expect(obstacles(home, true).filter((line) => line.startsWith("The disk"))).to.deep.equal([
            "The disk of /proc/1 has 0.0 GiB free; 3.0 GiB are needed. Free some, and run the command again.",
        ]);
        expect(obstacles(home, false).join("\n")).to.contain("12.0 GiB are needed to compile the tools once.");
    });

    it("says that root is needed, and how to get it", () => {
        const getuid = process.getuid?.bind(process) ?? (() => 0);
        process.getuid = () => 65534;
        try {
            expect(obstacles(homeOf("/tmp"), true)[0]).to.equal(
                "The sandbox needs root: it mounts file systems and runs containers. Run the same command with sudo, for example `sudo npm start`.",
            );
        } finally {
            process.getuid = getuid;
        }
    });
});
