import { expect } from "chai";
import { inWorkspace, problemOf } from "../../../scripts/bootstrap/workspace";

describe("inWorkspace", () => {
    const environment = { ...process.env };
    afterEach(() => {
        process.env = environment;
    });

    it("says in one line how to get Pulumi if it is missing", async () => {
        process.env = { PATH: "/nowhere", npm_lifecycle_event: "bootstrap" };
        const failed = inWorkspace(
            "file:///nowhere",
            () => Promise.resolve({}),
            () => Promise.resolve(),
        );
        expect(await failed.catch((error: unknown) => (error as Error).message)).to.equal(
            "pulumi is not on PATH: install it (https://www.pulumi.com/docs/iac/download-install/), or use the sandbox's: npm run sandbox -- run npm run bootstrap -- …",
        );
    });
});

describe("problemOf", () => {
    it("has each error of Pulumi once, without the rest of its output", () => {
        const error = "error: missing google credentials\n";
        const message = `code: 255\n stderr: \n${error}\n err?: Error: Command failed with exit code 255: pulumi stack ls --json\n${error}`;
        expect(problemOf(new Error(message))).to.equal("missing google credentials");
    });

    it("is the whole output if that names no error", () => {
        expect(problemOf(new Error("code: -2\n"))).to.equal("code: -2\n");
    });
});
