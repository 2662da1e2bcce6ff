import { expect } from "chai";
import { whyNot } from "../../../commands/push/filter";
import { pushOf, triggerOf } from "../../builds/triggers";

describe("whyNot", () => {
    it("passes a push with a matching branch and files", () => {
        expect(whyNot(triggerOf({}), pushOf({}))).to.equal(undefined);
        expect(whyNot(triggerOf({ includedFiles: [] }), pushOf({ files: [] }))).to.equal(undefined);
    });

    it("names the branch, the files or the approval that prevent a build", () => {
        expect(whyNot(triggerOf({}), pushOf({ name: "feature" }))).to.equal("the branch feature does not match ^(main|develop)$");
        expect(whyNot(triggerOf({}), pushOf({ files: ["README.md", "docs/docker.md"] }))).to.equal(
            "the commit changes no file of docker/**; it changes README.md, docs/docker.md",
        );
        expect(whyNot(triggerOf({}), pushOf({ files: ["1", "2", "3", "4", "5", "6", "7"] }))).to.match(/1, 2, 3, 4, 5 and 2 more$/);
        expect(whyNot(triggerOf({}), pushOf({ files: [] }))).to.match(/it changes none$/);
        expect(whyNot(triggerOf({ approvalConfig: { approvalRequired: true } }), pushOf({}))).to.equal("the trigger requires approval");
        expect(whyNot(triggerOf({ github: undefined }), pushOf({}))).to.equal("the trigger watches no repository");
    });

    it("tells branches from tags", () => {
        const tags = triggerOf({ github: { owner: "team", name: "platform", push: { tag: "^v" } } });
        expect(whyNot(tags, pushOf({ kind: "tag", name: "v1.0.0" }))).to.equal(undefined);
        expect(whyNot(tags, pushOf({}))).to.equal("the trigger watches pushes of a tag, and main is a branch");
        expect(whyNot(triggerOf({}), pushOf({ kind: "tag", name: "main" }))).to.equal(
            "the trigger watches pushes of a branch, and main is a tag",
        );
    });

    it("matches files as Cloud Build does: ** over folders, hidden files too, no braces", () => {
        const builds = (glob: string, file: string) =>
            whyNot(triggerOf({ includedFiles: [glob] }), pushOf({ files: [file] })) === undefined;
        expect(builds("docker/**", "docker/inference/.dockerignore")).to.equal(true);
        expect(builds("docker/*", "docker/inference/Dockerfile")).to.equal(false);
        expect(builds("**/Dockerfile", "docker/inference/Dockerfile")).to.equal(true);
        expect(builds("{a,b}", "a")).to.equal(false);
        expect(builds("!a", "b")).to.equal(false);
    });
});
