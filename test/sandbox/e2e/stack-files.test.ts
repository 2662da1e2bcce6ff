import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { homeOf } from "../../../sandbox/home";
import { Engine, type Readings } from "../../components/stack-file/engine";
import { sandbox } from "./hooks";

const RECORD = path.join(__dirname, "../../components/stack-file/engine.json");

describe("stack files", () => {
    it("are read by the current engine as the unit tests require of the reader", async () => {
        const engine = new Engine(path.join(homeOf(sandbox().clone.folder).tools, "pulumi"));
        try {
            const recorded = JSON.parse(fs.readFileSync(RECORD, "utf8")) as Readings;
            expect(await engine.readings()).to.deep.equal(recorded);
        } finally {
            engine.remove();
        }
    });
});
