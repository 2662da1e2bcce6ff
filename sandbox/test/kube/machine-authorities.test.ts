import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { rootCertificates } from "node:tls";
import { expect } from "chai";
import { machineAuthorities } from "../../kube/machine-authorities";

describe("machineAuthorities", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "authorities "));
    after(() => {
        rmSync(folder, { recursive: true });
    });

    it("are Node's own if there are no others", () => {
        expect(machineAuthorities("")).to.deep.equal(rootCertificates);
        expect(machineAuthorities("/nowhere")).to.deep.equal(rootCertificates);
    });

    it("are those of the folders too, as they are now, and no keys", () => {
        writeFileSync(path.join(folder, "one.key"), "key");
        writeFileSync(path.join(folder, "one.crt"), "first");
        const further = () => machineAuthorities(`/nowhere:${folder}`).slice(rootCertificates.length);
        expect(further()).to.deep.equal(["first"]);
        writeFileSync(path.join(folder, "two.crt"), "second");
        expect(further()).to.have.members(["first", "second"]);
    });
});
