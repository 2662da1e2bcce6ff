import { expect } from "chai";
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

    it("builds a changed image on a matching branch with the trigger's steps: SHORT_SHA, latest, and the stack's cache", async () => {
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
            expect(after[`${images}/${image}:latest`]).to.equal(tagged);
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

    it("refuses an invalid push in one line", async () => {
        for (const [args, reason] of [
            [["nowhere"], "No branch or tag nowhere has a commit."],
            [["a", "b"], "Name at most one branch or tag: npm run sandbox -- push [<branch or tag>]"],
        ] as const) {
            expect(await clone.sandbox("push", ...args)).to.deep.equal({ code: 1, output: `\n${reason}\n` });
        }
    });
});
