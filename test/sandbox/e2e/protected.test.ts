import { expect } from "chai";
import { sandbox } from "./hooks";

const STACK = "registry";
const FILE = `Pulumi.${STACK}.yaml`;
const VALUES = `config:
    gcp:project: my-registry
    ml-platform:environment: prod
    ml-platform:images: {}
    ml-platform:registry:
        repository: ml-images
`;

describe("a stack with a protected repository", () => {
    before(async () => {
        const { clone } = sandbox();
        clone.write(FILE, VALUES);
        clone.enableApis("my-registry");
        const { code, output } = await clone.sandbox("up", "--yes", "--skip-preview", "-s", STACK);
        expect(code, output).to.equal(0);
    });
    after(() => {
        sandbox().clone.git("clean", "--quiet", "--force", FILE);
    });

    const repositories = (): string[] =>
        (JSON.parse(sandbox().clone.read(".sandbox/cloud/ledger.json")) as { resources: { type: string; id: string }[] }).resources
            .map(({ id }) => id)
            .filter((id) => id.startsWith("projects/my-registry/"))
            .sort();

    for (const options of [["--yes"], ["--yes", "--skip-preview"], ["-y", "-f"]]) {
        it(`is not destroyed with ${options.join(" ")}, and keeps all resources`, async () => {
            const there = repositories();
            expect(there.length).to.be.greaterThan(1);
            const { code, output } = await sandbox().clone.sandbox("destroy", ...options, "-s", STACK);
            expect(code).not.to.equal(0);
            expect(output).to.match(/ArtifactRegistry\$gcp:artifactregistry\/repository:Repository::registry/);
            expect(output).to.match(/unprotect|docs\/operations\/runbooks\.md/);
            expect(repositories()).to.deep.equal(there);
        });
    }

    it("keeps it, and the resources that would be deleted before it, if the stack file does not list it anymore", async () => {
        const { clone } = sandbox();
        const there = repositories();
        clone.write(FILE, VALUES.replace(/registry:\n.*\n/, "registry: {}\n"));
        const { code, output } = await clone.sandbox("up", "--yes", "-s", STACK);
        clone.write(FILE, VALUES);
        expect(code).not.to.equal(0);
        expect(output).to.contain("it is protected").and.to.contain("pulumi state unprotect");
        expect(repositories()).to.deep.equal(there);
    });

    it("is destroyed after the protection is removed", async () => {
        const { clone } = sandbox();
        expect((await clone.sandbox("state", "unprotect", "--all", "--yes", "-s", STACK)).code).to.equal(0);
        const { code, output } = await clone.sandbox("destroy", "--yes", "--skip-preview", "-s", STACK);
        expect(code, output).to.equal(0);
        expect(repositories()).to.deep.equal([]);
    });
});
