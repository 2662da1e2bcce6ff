import { expect } from "chai";
import { deletionPropagation, skipsAwait, timeoutSeconds } from "../../../providers/kubernetes/annotations";

function annotated(name: string, value: string) {
    return { metadata: { annotations: { [`pulumi.com/${name}`]: value } } };
}

describe("annotations", () => {
    it("the resource's timeout overrides the annotation's, which overrides the default", () => {
        expect(timeoutSeconds(30, annotated("timeoutSeconds", "20"), 600)).to.equal(30);
        expect(timeoutSeconds(undefined, annotated("timeoutSeconds", "20"), 600)).to.equal(20);
        expect(timeoutSeconds(undefined, annotated("timeoutSeconds", "soon"), 600)).to.equal(600);
        expect(timeoutSeconds(undefined, {}, 600)).to.equal(600);
    });

    it("only true skips the await", () => {
        expect(skipsAwait(annotated("skipAwait", "true"))).to.equal(true);
        expect(skipsAwait(annotated("skipAwait", "false"))).to.equal(false);
        expect(skipsAwait({})).to.equal(false);
    });

    it("deletion is in the foreground unless asked otherwise", () => {
        expect(deletionPropagation({})).to.equal("Foreground");
        expect(deletionPropagation(annotated("deletionPropagationPolicy", "orphan"))).to.equal("Orphan");
        expect(deletionPropagation(annotated("deletionPropagationPolicy", "background"))).to.equal("Background");
    });
});
