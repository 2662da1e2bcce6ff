import { expect } from "chai";
import { builderSteps, variables } from "../../builds/steps";
import type { Step } from "../../builds/trigger";
import { buildOf, COMMIT, pushOf, triggerOf } from "./triggers";

const app = (args: readonly string[], edits: Partial<Step> = {}): Step => ({
    id: "app",
    name: "docker",
    args: [...args],
    waitFor: [],
    ...edits,
});
const steps = (build: Parameters<typeof buildOf>[0], push = pushOf({})) =>
    builderSteps(triggerOf({ build: buildOf(build) }), variables(triggerOf({}), push));

describe("builderSteps", () => {
    it("translates the builds, with the variables of the push, and leaves out the builder", () => {
        const [step, ...others] = steps({});
        expect(others).to.deep.equal([]);
        expect(step).to.deep.include({ id: "app", images: ["r/app:0123456"] });
        expect(step?.args).to.include('--output=type=image,"name=r/app:0123456",push=true').and.to.include("--local=context=docker/app");
    });

    it("makes provenance for the images that Cloud Build pushes and signs, and leaves other steps as they are", () => {
        const args = (flags: readonly string[], images: readonly string[]) =>
            steps({ steps: [app(["buildx", "build", "--tag=r/app:1", ...flags, "."])], images: [...images] })[0]?.args.filter((arg) =>
                arg.includes("attest:"),
            );
        expect(args(["--provenance=false", "--load"], ["r/app:1"])).to.deep.equal(["--opt=attest:provenance=mode=max"]);
        expect(args(["--provenance=mode=max", "--sbom=generator=s", "--push"], [])).to.deep.equal([
            "--opt=attest:provenance=mode=max",
            "--opt=attest:sbom=generator=s",
        ]);
        expect(args(["--provenance=false", "--push"], [])).to.deep.equal([]);
    });

    it("knows the variables of a branch and of a tag, in braces too, and a dollar sign", () => {
        const labels = (values: string, push = pushOf({})) =>
            steps({ steps: [app(["buildx", "build", `--label=a=${values}`, "."])], images: [] }, push)[0]?.args.find((arg) =>
                arg.includes("label:"),
            );
        expect(labels("$BRANCH_NAME ${COMMIT_SHA} $PROJECT_ID $$x")).to.equal(`--opt=label:a=main ${COMMIT} p $x`);
        expect(labels("$TAG_NAME $REF_NAME", pushOf({ kind: "tag", name: "v1" }))).to.equal("--opt=label:a=v1 v1");
        expect(() => labels("$TAG_NAME")).to.throw("The build uses the variable $TAG_NAME, which a push of this kind does not set.");
    });

    it("runs a step in its folder, or in the root", () => {
        const build = (edits: Partial<Step>) => app(["buildx", "build", "."], edits);
        expect(steps({ steps: [build({ dir: "infra/ml" }), build({})], images: [] }).map(({ dir }) => dir)).to.deep.equal(["infra/ml", ""]);
    });

    it("refuses what Cloud Build would interpret differently", () => {
        const build = ["buildx", "build", "--tag=r/app:1", "--load", "."];
        expect(() => steps({ steps: [app(["run", "x"])], images: [] })).to.throw("The step app is not an image build: docker run x");
        expect(() => steps({ steps: [app(["buildx", "build", "--squash", "."])], images: [] })).to.throw("The build has --squash");
        expect(() => steps({ steps: [app(build)], images: ["r/app:2", "r/app:1"] })).to.throw("No step builds the image r/app:2");
        expect(() => steps({ steps: [app(build)], images: [] })).to.throw("The step app tags r/app:1, which the build does not push.");
        expect(() => steps({ steps: [app(build, { waitFor: ["later"] })], images: ["r/app:1"] })).to.throw(
            "The step app waits for later, which is not an earlier step.",
        );
    });
});
