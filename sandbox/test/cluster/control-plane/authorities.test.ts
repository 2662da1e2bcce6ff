import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { authoritiesFolder, forgetAuthority, trustAuthority } from "../../../cluster/control-plane/authorities";
import { homeOf } from "../../../home";

const [one, other] = ["one", "other"].map((name) => `projects/p/locations/us-central1/clusters/${name}`) as [string, string];

describe("the trusted authorities", () => {
    const run = mkdtempSync(path.join(tmpdir(), "authorities "));
    const home = { ...homeOf("/somewhere/clone"), run };
    const files = () => readdirSync(authoritiesFolder(home));
    after(() => {
        rmSync(run, { recursive: true });
    });

    it("contain one authority for each existing cluster", () => {
        trustAuthority(home, one, "first");
        trustAuthority(home, other, "second");
        trustAuthority(home, one, "first, again");
        expect(files()).to.have.length(2);
        forgetAuthority(home, one);
        forgetAuthority(home, one);
        expect(files()).to.have.length(1);
        forgetAuthority(home, other);
        expect(files()).to.deep.equal([]);
    });
});
