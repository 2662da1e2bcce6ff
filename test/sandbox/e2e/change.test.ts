import { expect } from "chai";
import { type Clone } from "./clone";
import { sandbox } from "./hooks";
import { registryContent } from "./registry";

const SOURCE = "docker/inference/handler.py";

/** A step of `pulumi preview --json`. */
interface Preview {
    readonly steps: readonly { readonly op: string; readonly urn: string }[];
}

interface Outputs {
    readonly registryUri: string;
    readonly images: { readonly inference: string; readonly training: string };
}

describe("a changed line in the service's source", () => {
    let clone: Clone;
    let earlier: Outputs;
    let original: string;

    const outputs = (): Promise<Outputs> => clone.json<Outputs>("stack", "output", "--json");
    const content = async (): Promise<Readonly<Record<string, string>>> => registryContent(earlier.registryUri.split("/")[0] ?? "");

    before(async () => {
        clone = sandbox().clone;
        earlier = await outputs();
        original = clone.read(SOURCE);
        clone.write(SOURCE, `${original}\n# changed\n`);
    });

    after(async () => {
        clone.write(SOURCE, original);
        await clone.sandbox("up", "--yes", "--skip-preview");
    });

    it("previews a change of that image and that Deployment, builds nothing and writes no cache", async () => {
        const registry = await content();
        const { steps } = await clone.json<Preview>("preview", "--json");
        const changed = steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").slice(-2).join(" ")}`);
        expect(changed.map((step) => step.replace(/ .*\$/, " "))).to.have.members([
            "update ml-platform:index:ContainerImage inference",
            "update docker-build:index:Image inference",
            "update docker-build:index:Image inference--attested",
            "update kubernetes:apps/v1:Deployment digits",
        ]);
        expect(await content()).to.deep.equal(registry);
    });

    it("rebuilds that image, rolls out that Deployment, and changes nothing else", async () => {
        const up = await clone.sandbox("up", "--yes", "--skip-preview");
        expect(up.code, up.output).to.equal(0);
        expect(up.output).to.match(/ {4}~ 4 updated\n {4}\d+ unchanged/);
        const now = await outputs();
        expect(now.images.training).to.equal(earlier.images.training);
        expect(now.images.inference).to.not.equal(earlier.images.inference);
        const { spec } = await clone.json<{ spec: { template: { spec: { containers: readonly { image: string }[] } } } }>(
            ...["kubectl", "get", "deployment", "digits", "--namespace", "inference", "--output", "json"],
        );
        expect(spec.template.spec.containers[0]?.image).to.equal(now.images.inference);
    });
});

describe("a change that leaves the service's image as it is", () => {
    const DOCKERFILE = "docker/inference/Dockerfile";
    let clone: Clone;
    let original: string;

    const outputs = (): Promise<Outputs> => clone.json<Outputs>("stack", "output", "--json");
    /** Digest of the index with the provenance of the newest build. */
    const attested = async ({ registryUri }: Outputs): Promise<string | undefined> => {
        const [registry = "", repository = ""] = /^([^/]+)\/(.+)$/.exec(registryUri)?.slice(1) ?? [];
        const content = await registryContent(registry);
        return content[`${repository}/inference:latest.attested`];
    };
    const generation = async (): Promise<number> =>
        (
            await clone.json<{ metadata: { generation: number } }>(
                ...["kubectl", "get", "deployment", "digits", "--namespace", "inference", "--output", "json"],
            )
        ).metadata.generation;

    before(() => {
        clone = sandbox().clone;
        original = clone.read(DOCKERFILE);
    });
    after(async () => {
        clone.write(DOCKERFILE, original);
        await clone.sandbox("up", "--yes", "--skip-preview");
    });

    it("builds it again, with provenance of another time, and rolls no service", async () => {
        const earlier = await outputs();
        const [index, rolled] = [await attested(earlier), await generation()];
        expect(index).to.match(/^sha256:/);
        clone.write(DOCKERFILE, `${original}# A comment is no part of the image.\n`);
        const up = await clone.sandbox("up", "--yes", "--skip-preview");
        expect(up.code, up.output).to.equal(0);
        expect(up.output).to.match(/ {4}~ 3 updated\n {4}\d+ unchanged/);
        expect(up.output).not.to.contain("Deployment");
        const now = await outputs();
        expect(now.images).to.deep.equal(earlier.images);
        expect(await generation()).to.equal(rolled);
        expect(await attested(now))
            .to.match(/^sha256:/)
            .and.not.to.equal(index);
        const { steps } = await clone.json<Preview>("preview", "--json");
        expect(steps.filter(({ op }) => op !== "same")).to.deep.equal([]);
    });
});
