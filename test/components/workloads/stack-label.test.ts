import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";

import { labelValue } from "../../../components/project/names";
import { disownCommand, otherOwner, ownerLabels, stackLabel } from "../../../components/workloads/stack-label";

const found = (labels: Readonly<Record<string, string>>) => ({ metadata: { name: "inference", labels } });

describe("the labels of an owner", () => {
    before(async () => {
        await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "ml-platform", "dev");
    });

    it("are the stack's name and the Pulumi project's", () => {
        expect(stackLabel()).to.deep.equal({ "ml-platform/stack": "dev" });
        expect(ownerLabels()).to.deep.equal({ "ml-platform/stack": "dev", "ml-platform/project": "ml-platform" });
    });

    it("identify objects of other stacks", () => {
        expect(otherOwner(found({ "ml-platform/stack": "dev", "ml-platform/project": "ml-platform" }))).to.equal(undefined);
        expect(otherOwner(found({ "ml-platform/stack": "eu", "ml-platform/project": "ml-platform" }))).to.equal(
            "stack eu of Pulumi project ml-platform",
        );
        expect(otherOwner(found({ "ml-platform/stack": "dev", "ml-platform/project": "vision" }))).to.equal(
            "stack dev of Pulumi project vision",
        );
        expect(otherOwner(found({ "ml-platform/stack": "eu" }))).to.equal("stack eu of Pulumi project ?");
    });

    it("do not identify objects without labels, or without the label of the project", () => {
        expect([{ metadata: { name: "inference" } }, found({}), found({ "ml-platform/stack": "dev" })].map(otherOwner)).to.deep.equal([
            undefined,
            undefined,
            undefined,
        ]);
    });

    it("are removed by a command", () => {
        expect(disownCommand("namespace", "inference")).to.equal(
            "kubectl label namespace inference ml-platform/stack- ml-platform/project-",
        );
    });
});

describe("the labels of an owner with odd names", () => {
    for (const given of ["_Dev/EU_", "d".repeat(70), `${"d".repeat(62)}-eu`]) {
        it(`are those of its node pools: ${given.slice(0, 10)} of ${given.length} characters`, async () => {
            await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, given, given);
            const [stack, project] = [labelValue("stack", given), labelValue("project", given)];
            expect(ownerLabels()).to.deep.equal({ "ml-platform/stack": stack, "ml-platform/project": project });
            expect(
                [stack, project].every((label) => /^(stack|project)-[a-z0-9-]+-[0-9a-f]{6}$/.test(label) && label.length <= 63),
            ).to.equal(true);
        });
    }
});
