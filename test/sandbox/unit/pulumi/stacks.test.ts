import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { homeOf } from "../../../../sandbox/home";
import { stackFile } from "../../../../sandbox/pulumi/stacks";

describe("stackFile", () => {
    let folder: string;
    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "clone-"));
        fs.mkdirSync(path.join(folder, ".sandbox/workspace"), { recursive: true });
    });
    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    it("copies the values, without the real backend's encryption and with the sandbox's", () => {
        const file = path.join(folder, "Pulumi.dev.yaml");
        const text = "secretsprovider: gcpkms://key\nencryptedkey: abc\nconfig:\n  gcp:project: p\n";
        fs.writeFileSync(file, text);
        const copy = stackFile(homeOf(folder), "dev");
        expect(copy).to.equal(path.join(folder, ".sandbox/workspace/Pulumi.dev.yaml"));
        expect(fs.readFileSync(copy, "utf8")).to.equal("config:\n  gcp:project: p\n");
        fs.appendFileSync(copy, "encryptionsalt: v1:ours\n");
        stackFile(homeOf(folder), "dev");
        expect(fs.readFileSync(copy, "utf8")).to.equal("config:\n  gcp:project: p\nencryptionsalt: v1:ours\n");
        expect(fs.readFileSync(file, "utf8")).to.equal(text);
    });

    it("refuses a file that is not YAML, in one line", () => {
        fs.writeFileSync(path.join(folder, "Pulumi.dev.yaml"), "config: [\n");
        expect(() => stackFile(homeOf(folder), "dev")).to.throw(Error, /^Pulumi\.dev\.yaml is not valid YAML: .+ at line 2, column 1$/);
        expect(fs.readdirSync(path.join(folder, ".sandbox/workspace"))).to.deep.equal([]);
    });
});
