import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { BuildRecords } from "../../builds/records";

describe("BuildRecords", () => {
    let folder: string;
    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "builds-"));
    });
    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    it("keeps builds across processes, newest first", () => {
        const records = new BuildRecords(path.join(folder, "builds"));
        expect(records.list()).to.deep.equal([]);
        records.put({ id: "1", createTime: "2026-01-01T00:00:00Z", status: "SUCCESS" });
        records.put({ id: "2", createTime: "2026-01-02T00:00:00Z", status: "WORKING" });
        records.put({ id: "1", createTime: "2026-01-01T00:00:00Z", status: "FAILURE" });
        const again = new BuildRecords(path.join(folder, "builds"));
        expect(again.list().map(({ id, status }) => [id, status])).to.deep.equal([
            ["2", "WORKING"],
            ["1", "FAILURE"],
        ]);
    });

    it("ends a build after its process was killed", () => {
        const gone = 4_194_305; // Above the largest process ID of Linux.
        fs.writeFileSync(path.join(folder, "1.json"), JSON.stringify({ pid: gone, build: { id: "1", status: "WORKING" } }));
        fs.writeFileSync(path.join(folder, "2.json"), JSON.stringify({ pid: gone, build: { id: "2", status: "SUCCESS" } }));
        const status = new Map(new BuildRecords(folder).list().map(({ id, status }) => [id, status]));
        expect([status.get("1"), status.get("2")]).to.deep.equal(["INTERNAL_ERROR", "SUCCESS"]);
    });
});
