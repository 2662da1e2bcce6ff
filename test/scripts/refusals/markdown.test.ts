import { expect } from "chai";
import { refusalsPage } from "../../../scripts/refusals/markdown";
import { readRefusals, type Refusal } from "../../../scripts/refusals/refusals";

const refusal: Refusal = {
    message: "Bucket … is in use",
    answer: "409 conflict",
    cause: "Somebody has it.",
    fix: "Choose another.",
    source: "https://github.com/owner/name/issues/1",
    stack: { cannot: "Names are unique." },
};
const entries = (refusals: readonly Refusal[]): string =>
    refusalsPage([{ service: "Cloud Storage", refusals: [...refusals] }])
        .split("## Cloud Storage\n\n")
        .slice(1)
        .join("");

describe("the page of refusals", () => {
    it("has message, cause, fix and source of each", () => {
        expect(entries([refusal])).to.equal(
            [
                "### `Bucket … is in use`",
                "",
                "409 conflict. Somebody has it.",
                "",
                "**Fix:** Choose another.",
                "",
                "**In a stack:** does not occur. Names are unique.",
                "",
                "Source: [owner/name#1](https://github.com/owner/name/issues/1)",
                "",
            ].join("\n"),
        );
    });

    it("marks the refusals of the sandbox, and those that a preview reports", () => {
        const request = { call: "GET storage.googleapis.com/storage/v1/b/x" };
        const refused = { edits: {}, problem: "ml-platform:cluster.name: must be: short" };
        const page = entries([{ ...refusal, message: "no `name`", request, twin: request, stack: { refused } }]);
        expect(page).to.contain("### `` no `name` ``\n\n409 conflict, _sandbox_. Somebody");
        expect(page).to.contain("**In a stack:** a preview reports `ml-platform:cluster.name`: must be: short.");
        expect(entries([{ ...refusal, stack: { can: "A name may be taken." } }])).to.contain("can occur. A name may be taken.");
    });

    it("counts the refusals of each service", () => {
        expect(refusalsPage([{ service: "Cloud Storage", refusals: [refusal] }])).to.contain("- [Cloud Storage](#cloud-storage): 1\n");
    });

    it("is written from refusals with one source each, and no message twice in a service", () => {
        const services = readRefusals();
        for (const { service, refusals } of services) {
            const messages = refusals.map(({ message }) => message);
            expect(new Set(messages).size, service).to.equal(messages.length);
        }
        expect(services.flatMap(({ refusals }) => refusals).length).to.be.at.least(120);
    });
});
