import { expect } from "chai";
import { readText } from "../../../scripts/command-line/read-text";
import { CommandError } from "../../../scripts/command-line/run";

describe("readText", () => {
    it("reads a file", async () => {
        expect(await readText(__filename)).to.contain('describe("readText"');
    });

    it("names the file that cannot be read, and the reason", async () => {
        for (const [file, reason] of [
            ["/nowhere.json", "it does not exist."],
            [__dirname, "it is a folder."],
            [`${__filename}/child`, `ENOTDIR: not a directory, open '${__filename}/child'.`],
        ] as const) {
            const error = await readText(file).catch((problem: unknown) => problem);
            expect(error).to.be.instanceOf(CommandError).with.property("message", `${file} cannot be read: ${reason}`);
        }
    });
});
