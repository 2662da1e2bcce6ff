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
});
