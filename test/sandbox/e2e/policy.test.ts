import { expect } from "chai";
import * as path from "node:path";
import { GOOD } from "../../policy/resources";
import { GOOD_STACK, PLANTED, PLANTED_STACKS } from "../../policy/violations";
import { sandbox } from "./hooks";
import { PlantedProject } from "./policy/planted-project";

const PACK = ["--policy-pack", "policy/launch"];

describe("the policy pack on previews of the stack", () => {
    it("reports no violation on dev", async () => {
        const { code, output } = await sandbox().clone.sandbox("preview", "--stack", "dev", ...PACK);
        expect(code, output).to.equal(0);
        expect(output)
            .to.contain("✅ ml-platform@v")
            .and.not.match(/\[(advisory|mandatory)\]/);
    });

    it("reports no violation on the sandbox's stack, which has no unknown values", async () => {
        const { code, output } = await sandbox().clone.sandbox("preview", ...PACK);
        expect(code, output).to.equal(0);
        expect(output)
            .to.contain("✅ ml-platform@v")
            .and.not.match(/\[(advisory|mandatory)\]/);
    });

    it("reports no violation on prod, and blocks violations that it only advises about on dev", async () => {
        const { clone } = sandbox();
        const [prod, security] = ["Pulumi.prod.yaml", "k8s/pod-security.ts"];
        const originals = [prod, security].map((file) => [file, clone.read(file)] as const);
        const { images } = await clone.json<{ images: { inference: string; training: string } }>("stack", "output", "--json");
        try {
            clone.write(
                prod,
                clone
                    .read(prod)
                    .replace("from: release", `from: release\n    release: ${JSON.stringify({ ...images, variant: "gpu" })}`)
                    .replace("buildProject: my-organization-ml-dev", "buildProject: ml-platform-sandbox"),
            );
            const good = await clone.sandbox("preview", "--stack", "prod", ...PACK);
            expect(good.code, good.output).to.equal(0);
            expect(good.output)
                .to.contain("✅ ml-platform@v")
                .and.not.match(/\[(advisory|mandatory)\]/);

            clone.write(security, clone.read(security).replace("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"));
            const bad = await clone.sandbox("preview", "--stack", "prod", ...PACK);
            expect(bad.code).to.not.equal(0);
            expect(bad.output).to.match(/\[mandatory\] +read-only-root +\(kubernetes:apps\/v1:Deployment: digits\)/);
            const advised = await clone.sandbox("preview", "--stack", "dev", ...PACK);
            expect(advised.code, advised.output).to.equal(0);
            expect(advised.output).to.match(/\[advisory\] +read-only-root +\(kubernetes:apps\/v1:Deployment: digits\)/);
        } finally {
            for (const [file, content] of originals) {
                clone.write(file, content);
            }
        }
    });
});

describe("the policy pack on the real engine", () => {
    let project: PlantedProject;

    before(() => {
        const { folder } = sandbox().clone;
        project = new PlantedProject(folder, path.join(folder, ".sandbox", "bin"));
    });

    after(() => {
        project.remove();
    });

    it("reports each planted violation, and nothing else", async () => {
        const named = PLANTED.map(({ resource, broken, what }) => ({ resource: { ...resource, name: what }, broken }));
        // Violations are advice here, so that the engine continues after the first one. The stack is a production stack, so that every rule applies.
        const { code, output, reported } = await project.judge("prod", [...Object.values(GOOD), ...named.map(({ resource }) => resource)], {
            all: "advisory",
        });
        expect(code, output).to.equal(0);
        const single = reported.filter(({ rule }) => !["taints-tolerated", "disruption-budget"].includes(rule));
        expect(new Set(single.map(({ rule, resource }) => `${rule}: ${resource}`))).to.deep.equal(
            new Set(named.flatMap(({ resource, broken }) => Object.keys(broken).map((rule) => `${rule}: ${resource.name}`))),
        );
    });

    for (const { what, resources, broken } of PLANTED_STACKS) {
        it(`blocks a production stack for ${what}`, async () => {
            const { code, output, reported } = await project.judge("prod", resources, {});
            expect(code, output).to.not.equal(0);
            expect(reported.map(({ level, rule }) => `${level} ${rule}`)).to.deep.equal(
                Object.keys(broken).map((rule) => `mandatory ${rule}`),
            );
        });
    }

    it("passes a valid production stack", async () => {
        const { code, output, reported } = await project.judge("prod", GOOD_STACK, {});
        expect(code, output).to.equal(0);
        expect(reported).to.deep.equal([]);
    });

    it("refuses an empty configuration", async () => {
        const { code, output } = await project.judge("prod", GOOD_STACK, { "job-deadline": { exempt: { training: "" } } } as never);
        expect(code).to.not.equal(0);
        expect(output).to.contain("job-deadline: exempt.training: String length must be greater than or equal to 10");
    });
});
