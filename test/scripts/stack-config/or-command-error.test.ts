import { expect } from "chai";
import { StackFileError } from "../../../components/stack-file/yaml";
import { CommandError } from "../../../scripts/command-line/run";
import { orCommandError } from "../../../scripts/stack-config/or-command-error";

describe("orCommandError", () => {
    const outcome = (error: Error): unknown => {
        try {
            return orCommandError(() => {
                throw error;
            });
        } catch (thrown) {
            return thrown;
        }
    };

    it("is a CommandError for a file that cannot be read, and leaves every other error as it is", () => {
        expect(orCommandError(() => 1)).to.equal(1);
        expect(outcome(new StackFileError("f is not valid YAML")))
            .to.be.instanceOf(CommandError)
            .with.property("message", "f is not valid YAML");
        const other = new TypeError("oh");
        expect(outcome(other)).to.equal(other);
    });
});
