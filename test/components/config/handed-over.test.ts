import { expect } from "chai";
import { ownKeys } from "../../../components/config/handed-over";

describe("ownKeys", () => {
    const values = { "gcp:project": "p", "ml-platform:images": '{"from":"release"}' };

    it("takes the defaults of a project with another name for those of this one; the stack file goes first", () => {
        const renamed = { ...values, "vision:registry": '{"repository":"r"}', "vision:images": '{"from":"build"}' };
        expect(ownKeys(renamed, "vision")).to.deep.equal({
            "gcp:project": "p",
            "ml-platform:images": { from: "release" },
            "ml-platform:registry": { repository: "r" },
        });
    });

    it("leaves the keys of this project, and those of others, as they are", () => {
        expect(ownKeys({ ...values, "other:images": "x" }, "ml-platform")).to.deep.equal({
            "gcp:project": "p",
            "ml-platform:images": { from: "release" },
            "other:images": "x",
        });
    });
});
