import { expect } from "chai";
import { namedStack } from "../../commands/pulumi";

describe("namedStack", () => {
    for (const [args, stack] of [
        [["preview", "-s", "dev"], "dev"],
        [["preview", "--stack", "dev"], "dev"],
        [["preview", "--stack=dev"], "dev"],
        [["preview", "-sdev"], "dev"],
        [["preview", "-s=dev"], "dev"],
        [["preview", "--diff"], undefined],
        [["up", "--suppress-outputs"], undefined],
    ] as const) {
        it(`is ${stack} in: ${args.join(" ")}`, () => {
            expect(namedStack(args)).to.equal(stack);
        });
    }
});
