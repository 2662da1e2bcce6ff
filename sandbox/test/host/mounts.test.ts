import { expect } from "chai";
import { mountPoints } from "../../host/mounts";

describe("mounts below a folder", () => {
    const table = [
        "22 1 254:0 / / rw - ext4 /dev/vda rw",
        String.raw`30 22 254:0 /a /home/me/my\040clone/.sandbox/nodes/0 rw - ext4 /dev/vda rw`,
        String.raw`31 30 0:4 mnt:[1] /home/me/my\040clone/.sandbox/nodes/0/mounts rw - nsfs nsfs rw`,
        "32 22 0:5 / /home/me/my rw - tmpfs tmpfs rw",
    ].join("\n");

    it("are found by their real names, the innermost first", () => {
        expect(mountPoints(table, "/home/me/my clone/.sandbox/nodes")).to.deep.equal([
            "/home/me/my clone/.sandbox/nodes/0/mounts",
            "/home/me/my clone/.sandbox/nodes/0",
        ]);
    });

    it("exclude those of a folder with the same prefix", () => {
        expect(mountPoints(table, "/home/me/my clone/.sandbox/node")).to.deep.equal([]);
    });
});
