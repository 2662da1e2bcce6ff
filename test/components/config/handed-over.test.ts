import { expect } from "chai";
import { ownKeys } from "../../../components/config/handed-over";

describe("ownKeys", () => {
    const values = { "gcp:project": "p", "ml-platform:images": '{"from":"release"}' };

    it("uses the defaults of a project with another name, and prefers the stack file", () => {
        const renamed = { ...values, "vision:registry": '{"repository":"r"}', "vision:images": '{"from":"build"}' };
        expect(ownKeys(renamed, "vision")).to.deep.equal({
            "gcp:project": "p",
            "ml-platform:images": { from: "release" },
            "ml-platform:registry": { repository: "r" },
        });
    });

    it("does not change the keys of this project and of other namespaces", () => {
        expect(ownKeys({ ...values, "other:images": "x" }, "ml-platform")).to.deep.equal({
            "gcp:project": "p",
            "ml-platform:images": { from: "release" },
            "other:images": "x",
        });
    });
});
