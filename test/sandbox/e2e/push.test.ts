import { expect } from "chai";
import * as fs from "node:fs";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";
import { registryContent } from "./registry";

const SOURCE = "docker/inference/handler.py";

describe("a push to the build trigger", () => {
    let clone: Clone;
    let images: string;
    let registry: string;

    before(async () => {
        ({ clone } = sandbox());
        const { registryUri } = await clone.json<{ registryUri: string }>("stack", "output", "--json");
        [registry = "", images = ""] = /^([^/]+)\/(.+)$/.exec(registryUri)?.slice(1) ?? [];
        clone.git("checkout", "--quiet", "-B", "main");
    });

    const content = (): Promise<Readonly<Record<string, string>>> => registryContent(registry);

    /** Pushes a commit that must build nothing, and returns the printed reason. */
    async function builtNothing(reason: RegExp, ...args: readonly string[]): Promise<void> {
        const before = await content();
        const { code, output } = await clone.sandbox("push", ...args);
        expect(code, output).to.equal(0);
        expect(output).to.match(reason);
        expect(await content()).to.deep.equal(before);
    }

    it("builds a changed image on a matching branch with the trigger's steps: SHORT_SHA, and the stack's cache", async () => {
        const original = clone.read(SOURCE);
        clone.write(SOURCE, `${original}\n# pushed\n`);
        const commit = clone.commit();
        // A push does not include uncommitted changes.
        clone.write(SOURCE, `${original}\nsyntax error (\n`);
        const before = await content();
        const { code, output } = await clone.sandbox("push");
        clone.write(SOURCE, original);
        expect(code, output).to.equal(0);
        expect(output).to.match(/^build-\w+ of \S+ builds inference, training\.$/m);

        const after = await content();
        for (const image of ["inference", "training"]) {
            const tagged = after[`${images}/${image}:${commit.slice(0, 7)}`];
            expect(tagged, image).to.match(/^sha256:/);
            // The stack builds its images itself, so only its own builds move the channel.
            expect(after[`${images}/${image}:latest`]).to.equal(before[`${images}/${image}:latest`]).and.not.to.equal(tagged);
        }
        const caches = (all: typeof after): string[] => Object.keys(all).filter((tag) => tag.includes("-cache/"));
        expect(caches(after)).to.have.members(caches(before));
        // The stack's own build cached the dependencies, so only the steps after the source run.
        expect(output).to.match(/^#\d+ CACHED$/m);
    });

    it("builds nothing for a change of documentation, and prints the reason", async () => {
        clone.commit();
        clone.write("docs/docker.md", `${clone.read("docs/docker.md")}\nMore.\n`);
        clone.commit();
        await builtNothing(/builds nothing: the commit changes no file of docker\/\*\*; it changes docs\/docker\.md\.$/m);
    });

    it("builds nothing on another branch, and prints the reason", async () => {
        clone.git("checkout", "--quiet", "-b", "feature");
        await builtNothing(/builds nothing: the branch feature does not match \^\(main\|develop\)\$\.$/m);
        clone.git("checkout", "--quiet", "main");
        clone.git("tag", "v1.0.0");
        await builtNothing(/builds nothing: the trigger watches pushes of a branch, and v1\.0\.0 is a tag\.$/m, "v1.0.0");
    });

    describe("on a stack with images.from cloud-build", () => {
        const deployed = async (): Promise<string | undefined> => {
            const { images: refs } = await clone.json<{ images: Record<string, string> }>("stack", "output", "--json");
            return refs.inference?.split("@")[1];
        };
        const up = () => clone.sandbox("up", "--yes", "--skip-preview");
        let original: string;
        let restore: () => void;
        /** The image that the stack built itself. */
        let own: string;

        before(async () => {
            ({
                images: { inference: own = "" },
            } = await clone.json<{ images: Record<string, string> }>("stack", "output", "--json"));
            original = clone.read(SOURCE);
            restore = clone.configure({ "images.from": "cloud-build" });
            clone.commit();
        });

        after(async () => {
            clone.write(SOURCE, original);
            restore();
            clone.commit();
            await clone.up();
        });

        it("starts the build of a commit that has none, and deploys its digests", async () => {
            const commit = clone.git("rev-parse", "HEAD").slice(0, 7);
            const preview = await clone.sandbox("preview");
            expect(preview.code, preview.output).to.equal(0);
            expect(preview.output).to.contain(`Cloud Build has no build of commit ${commit}: pulumi up starts one and waits for it.`);
            const { code, output } = await up();
            expect(code, output).to.equal(0);
            expect(output).to.contain(`Started a build of commit ${commit}.`).and.to.contain("is WORKING");
            const tags = await content();
            const pushed = tags[`${images}/inference:${commit}`];
            expect(pushed).to.match(/^sha256:/);
            expect([await deployed(), tags[`${images}/inference:latest`]]).to.deep.equal([pushed, pushed]);
        });

        it("deploys the images that a push built, at later commits with the same sources too, and previews it", async () => {
            clone.write(SOURCE, `${original}\n# built by the push\n`);
            const commit = clone.commit().slice(0, 7);
            const push = await clone.sandbox("push");
            expect(push.code, push.output).to.equal(0);
            clone.write("docs/docker.md", `${clone.read("docs/docker.md")}\nLess.\n`);
            clone.commit();
            const pushed = (await content())[`${images}/inference:${commit}`] ?? "";
            const preview = await clone.sandbox("preview", "--diff");
            expect(preview.output).to.contain(pushed);
            const { code, output } = await up();
            expect(code, output).to.equal(0);
            expect(output).not.to.contain("Started a build");
            expect(await deployed()).to.equal(pushed);
        });

        it("admits only pods with images that Cloud Build built, once the stack asks for that", async () => {
            const [, buildProject = ""] = /-docker\.pkg\.dev\/([^/]+)\//.exec(own) ?? [];
            const reset = clone.configure({ "cluster.binaryAuthorization": { buildProject } });
            const on = await up();
            reset();
            const kubectl = (...args: readonly string[]) => clone.sandbox("kubectl", ...args, "--namespace", "default");
            const run = (image: string) => kubectl("run", "probe", `--image=${image}`, "--dry-run=server");
            const attested = await run(own.replace(/@.*/, `@${(await deployed()) ?? ""}`));
            const [refused, byTag] = [await run(own), await run("nginx")];
            await kubectl("create", "deployment", "refused", `--image=${own}`);
            const failure = await kubectl("wait", "deployment/refused", "--for=condition=ReplicaFailure", "--timeout=60s");
            const deployment = await kubectl("get", "deployment/refused", "--output=jsonpath={.status.conditions[*].message}");
            await kubectl("delete", "deployment", "refused");
            // An update deletes the policy last. So images without attestations need another update.
            const off = await up();
            const [afterwards, created] = [await run(own), "pod/probe created (server dry run)"];

            const reason = `admission webhook "imagepolicywebhook.image-policy.k8s.io" denied the request: Image ${own} denied by Binary Authorization default admission rule. Image ${own} denied by attestor projects/${buildProject}/attestors/built-by-cloud-build: No attestations found that were valid and signed by a key trusted by the attestor`;
            expect(on.code, on.output).to.equal(0);
            expect(attested.output).to.contain(created);
            expect(refused.output).to.contain(`Error from server (VIOLATES_POLICY): ${reason}`);
            expect(byTag.output).to.contain("Expected digest with sha256 scheme, but got tag or malformed digest");
            expect(failure.code, failure.output).to.equal(0);
            expect(deployment.output).to.contain(reason);
            expect(off.code, off.output).to.equal(0);
            expect(afterwards.output).to.contain(created);
        });

        it("refuses sources that no commit has, and a build that failed", async () => {
            const before = await deployed();
            clone.write(SOURCE, `${original}\n# not committed\n`);
            const dirty = await up();
            expect(dirty.code).not.to.equal(0);
            expect(dirty.output).to.match(
                /docker\/inference\/handler\.py differs from commit \w{7}, and Cloud Build builds commits only\./,
            );
            const dockerfile = clone.read("docker/inference/Dockerfile");
            clone.write("docker/inference/Dockerfile", `${dockerfile}\nRUN exit 3\n`);
            const commit = clone.commit().slice(0, 7);
            expect((await clone.sandbox("push")).code).not.to.equal(0);
            const failed = await up();
            clone.write("docker/inference/Dockerfile", dockerfile);
            expect(failed.code).not.to.equal(0);
            const message = new RegExp(`The build of commit ${commit} ended with FAILURE; its log is at file://(\\S+)\\.`);
            const [, log = ""] = message.exec(failed.output.replace(/\s+/g, " ")) ?? [];
            expect(fs.readFileSync(log, "utf8"), failed.output).to.contain("exit 3");
            expect(await deployed()).to.equal(before);
        });
    });

    it("refuses an invalid push in one line", async () => {
        for (const [args, reason] of [
            [["nowhere"], "No branch or tag nowhere has a commit."],
            [["a", "b"], "Name at most one branch or tag: npm run sandbox -- push [<branch or tag>]"],
        ] as const) {
            expect(await clone.sandbox("push", ...args)).to.deep.equal({ code: 1, output: `\n${reason}\n` });
        }
    });
});
