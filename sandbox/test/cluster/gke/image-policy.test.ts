import { expect } from "chai";
import { type PodReview, reviewOf } from "../../../cluster/gke/image-policy";

const pod = (images: readonly string[], labels: Readonly<Record<string, string>> = {}): PodReview["object"] => ({
    metadata: { name: "pod", labels },
    spec: { containers: images.map((image) => ({ name: image, image })) },
});
const review = (object: PodReview["object"], oldObject?: PodReview["object"]) =>
    reviewOf({ uid: "1", object, ...(oldObject && { oldObject }) }, (image) => (image.startsWith("bad") ? `${image} denied` : undefined));
const answer = (response: object) => ({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: { uid: "1", ...response } });
const denied = (message: string) => answer({ allowed: false, status: { code: 403, reason: "VIOLATES_POLICY", message } });

describe("reviewOf", () => {
    it("admits a pod if all its images are admitted", () => {
        expect(review(pod(["good"]))).to.deep.equal(answer({ allowed: true }));
    });

    it("refuses a pod for any of its containers, with all reasons", () => {
        expect(review(pod(["good", "bad:1", "bad:2"]))).to.deep.equal(denied("bad:1 denied; bad:2 denied"));
        const { metadata, spec } = pod(["good"]);
        for (const field of ["initContainers", "ephemeralContainers"]) {
            expect(review({ metadata, spec: { ...spec, [field]: [{ name: "a", image: "bad" }] } })).to.deep.equal(denied("bad denied"));
        }
    });

    it("refuses an update that adds an image, and no other", () => {
        expect(review(pod(["bad:1"]), pod(["bad:1"]))).to.deep.equal(answer({ allowed: true }));
        expect(review(pod(["bad:2"]), pod(["bad:1"]))).to.deep.equal(denied("bad:2 denied"));
    });

    it("admits every image of a pod with the label for emergencies", () => {
        expect(review(pod(["bad"], { "image-policy.k8s.io/break-glass": "true" }))).to.deep.equal(answer({ allowed: true }));
        expect(review(pod(["bad"], { "image-policy.k8s.io/break-glass": "false" }))).to.deep.equal(denied("bad denied"));
    });
});
