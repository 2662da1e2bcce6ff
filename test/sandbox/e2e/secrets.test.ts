import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { sandbox } from "./hooks";

const STACK = "secrets";
const FILE = `Pulumi.${STACK}.yaml`;
const SECRET = "correct-horse-battery-staple";
const VALUES = `config:
    gcp:project: my-secrets
    ml-platform:environment: dev
    ml-platform:images: {}
    ml-platform:registry:
        repository: ml-images
`;

describe("secrets on the sandbox", () => {
    before(() => {
        sandbox().clone.enableApis("my-secrets");
    });
    beforeEach(() => {
        sandbox().clone.write(FILE, VALUES);
    });
    after(async () => {
        const { clone } = sandbox();
        clone.write(FILE, VALUES);
        await clone.sandbox("destroy", "--yes", "--skip-preview", "-s", STACK);
        clone.git("clean", "--quiet", "--force", FILE);
    });

    /** Runs a command on the stack. @returns its output, which must not contain the secret */
    async function ran(...args: string[]): Promise<{ code: number; output: string }> {
        const ended = await sandbox().clone.sandbox(...args, "-s", STACK);
        expect(ended.output).not.to.contain(SECRET);
        return ended;
    }

    it("stay secret in the stack file, previews, the state and all other files of the sandbox", async () => {
        const { clone } = sandbox();
        expect((await ran("config", "set", "--secret", "gcp:credentials", SECRET)).code).to.equal(0);
        expect(clone.read(FILE))
            .to.match(/gcp:credentials:\n\s+secure: v1:/)
            .and.not.to.contain(SECRET);
        expect((await ran("config")).output).to.match(/gcp:credentials +\[secret\]/);
        for (const args of [
            ["up", "--yes", "--skip-preview"],
            ["preview", "--json", "--diff"],
            ["preview", "--diff"],
            ["stack", "export"],
            ["stack", "history", "--json"],
        ]) {
            const { code, output } = await ran(...args);
            expect(code, output).to.equal(0);
        }
        const found = execFileSync(
            "sh",
            ["-c", `grep -rl ${SECRET} .sandbox/state .sandbox/cloud .sandbox/logs .sandbox/workspace || true`],
            {
                cwd: clone.folder,
                encoding: "utf8",
            },
        );
        expect(found).to.equal("");
        expect((await sandbox().clone.sandbox("config", "get", "gcp:credentials", "-s", STACK)).output.trim()).to.equal(SECRET);
    });

    it("are refused, with their key, if the program would write them in plain text", async () => {
        await ran("config", "set", "--secret", "--path", "ml-platform:registry.readers[0]", SECRET);
        const { code, output } = await ran("preview");
        expect(code).not.to.equal(0);
        expect(output).to.contain("ml-platform:registry.readers[0]: is encrypted in the stack file");
        expect(output).to.contain("pulumi config rm --path 'ml-platform:registry.readers[0]'");
    });

    it("of another backend are placeholders, and cannot be set here", async () => {
        const { clone } = sandbox();
        const foreign = `secretsprovider: gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k\nencryptedkey: abc\n${VALUES}    gcp:credentials:\n        secure: v1:abc\n`;
        clone.write(FILE, foreign);
        const { code, output } = await ran("preview");
        expect(code, output).to.equal(0);
        const refused = await ran("config", "set", "--secret", "gcp:accessToken", SECRET);
        expect(refused.code).to.equal(1);
        expect(refused.output).to.contain("is encrypted for another backend (gcpkms://");
        expect(clone.read(FILE)).to.equal(foreign);
    });
});
