import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { homeOf } from "../../home";
import { SANDBOX_SALT } from "../../pulumi/encryption";
import { encrypting, pullsThroughProxy, stackFile } from "../../pulumi/stacks";

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
        expect(fs.readFileSync(copy, "utf8")).to.equal(`config:\n  gcp:project: p\nencryptionsalt: ${SANDBOX_SALT}\n`);
        expect(fs.readFileSync(file, "utf8")).to.equal(text);
    });

    it("sets a short poll interval for a plugin given with SANDBOX_GCP_PLUGIN", () => {
        fs.mkdirSync(path.join(folder, ".sandbox/pulumi"));
        fs.writeFileSync(path.join(folder, ".sandbox/pulumi/given-gcp-plugin"), "");
        fs.writeFileSync(path.join(folder, "Pulumi.dev.yaml"), "config:\n  gcp:project: p\n");
        const copy = fs.readFileSync(stackFile(homeOf(folder), "dev"), "utf8");
        expect(copy).to.equal(`config:\n  gcp:project: p\n  gcp:pollInterval: 200ms\nencryptionsalt: ${SANDBOX_SALT}\n`);
    });

    it("refuses a file that is not YAML, in one line", () => {
        fs.writeFileSync(path.join(folder, "Pulumi.dev.yaml"), "config: [\n");
        expect(() => stackFile(homeOf(folder), "dev")).to.throw(Error, /^Pulumi\.dev\.yaml is not valid YAML: .+ at line 2, column 1$/);
        expect(fs.readdirSync(path.join(folder, ".sandbox/workspace"))).to.deep.equal([]);
    });

    it("refuses a file that is not a map", () => {
        fs.writeFileSync(path.join(folder, "Pulumi.dev.yaml"), "just text\n");
        expect(() => stackFile(homeOf(folder), "dev")).to.throw(Error, "Pulumi.dev.yaml is not a stack file: it is not a map.");
    });
});

describe("encrypting", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "clone-"));
    const file = path.join(folder, "Pulumi.dev.yaml");
    after(() => {
        fs.rmSync(folder, { recursive: true });
    });
    const PLAIN = "config:\n  a: 1\n";
    /** What a command finds in the file, what is left after it, and why it was not run. */
    async function ran(before: string, code: number): Promise<{ found: string; left: string; refusal: string }> {
        fs.writeFileSync(file, before);
        let [found, refusal] = ["", ""];
        await encrypting(homeOf(folder), "dev", () => {
            found = fs.readFileSync(file, "utf8");
            return Promise.resolve({ code, output: "" });
        }).catch((error: unknown) => (refusal = (error as Error).message));
        return { found, left: fs.readFileSync(file, "utf8"), refusal };
    }

    it("gives a command a file with the sandbox's salt, and takes it back where the command fails", async () => {
        const salted = `${PLAIN}encryptionsalt: ${SANDBOX_SALT}\n`;
        expect(await ran(PLAIN, 0)).to.deep.equal({ found: salted, left: salted, refusal: "" });
        expect(await ran(PLAIN, 1)).to.deep.equal({ found: salted, left: PLAIN, refusal: "" });
        expect(await ran(salted, 0)).to.deep.equal({ found: salted, left: salted, refusal: "" });
        expect((await ran(`${PLAIN}\n# end\n\n`, 0)).left).to.equal(`${PLAIN}encryptionsalt: ${SANDBOX_SALT}\n\n# end\n\n`);
    });

    it("refuses a file that another backend decrypts, and leaves it as it is", async () => {
        const other = `secretsprovider: gcpkms://key\n${PLAIN}`;
        const { found, left, refusal } = await ran(other, 0);
        expect([found, left]).to.deep.equal(["", other]);
        expect(refusal).to.match(
            /^Pulumi\.dev\.yaml is encrypted for another backend \(gcpkms:\/\/key\)\. .* pulumi config set --secret --stack dev\./,
        );
    });
});

describe("pullsThroughProxy", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "clone-"));
    after(() => {
        fs.rmSync(folder, { recursive: true });
    });

    const PROXY = "config:\n  ml-platform:registry:\n    dockerHubProxy: true\n";
    for (const [title, text, expected] of [
        ["builds through the proxy", `${PROXY}  ml-platform:images:\n    from: build\n`, true],
        ["builds by default", `${PROXY}  ml-platform:images: {}\n`, true],
        ["runs the images of its release", `${PROXY}  ml-platform:images:\n    from: release\n`, false],
        ["has no images", PROXY, false],
        ["has no proxy", "config:\n  ml-platform:registry: {}\n  ml-platform:images: {}\n", false],
        ["is empty", "", false],
    ] as const) {
        it(`is ${expected} for a stack that ${title}`, () => {
            fs.writeFileSync(path.join(folder, "Pulumi.dev.yaml"), text);
            expect(pullsThroughProxy(homeOf(folder), "dev")).to.equal(expected);
        });
    }
});
