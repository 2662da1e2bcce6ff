import { expect } from "chai";
import { parseWarnings } from "../../../../kube/client";
import { explainApplyError } from "../../../../providers/kubernetes/client/apply-errors";
import { UnknownKindError } from "../../../../providers/kubernetes/client/discovery";
import { ApiError, isNotFound, UnreachableError } from "../../../../kube/errors";
import { isTransient } from "../../../../providers/kubernetes/client/retry";

describe("explainApplyError", () => {
    it("names the managers of the fields, and how to resolve the conflict", () => {
        const causes = [
            { reason: "FieldManagerConflict", message: 'conflict with "kubectl" using apps/v1', field: ".spec.replicas" },
            { reason: "FieldManagerConflict", message: 'conflict with "hpa" with subresource "scale"', field: ".spec.x" },
        ];
        const { message } = explainApplyError(new ApiError(409, { reason: "Conflict", message: "Apply failed", details: { causes } }));
        expect(message).to.contain('.spec.replicas is managed by "kubectl"');
        expect(message).to.contain('.spec.x is managed by "hpa"');
        expect(message).to.contain("pulumi.com/patchForce");
    });

    it("passes other errors on", () => {
        const error = new ApiError(422, { message: "invalid" });
        expect(explainApplyError(error)).to.equal(error);
    });
});

describe("UnreachableError", () => {
    it("names the address and the cause", () => {
        const { message } = new UnreachableError("https://10.0.0.1", Object.assign(new Error(""), { code: "ECONNREFUSED" }));
        expect(message).to.match(/^the Kubernetes cluster at https:\/\/10\.0\.0\.1 cannot be reached: ECONNREFUSED\./);
    });
});

describe("isTransient", () => {
    const account = 'pods "p" is forbidden: error looking up service account ml/default: serviceaccount "default" not found';
    const webhook = 'Internal error occurred: failed calling webhook "w": Post "https://w": dial tcp: connection refused';
    const table: readonly (readonly [string, unknown, boolean])[] = [
        ["a kind that is not served yet", new UnknownKindError("example.com/v1", "Widget"), true],
        ["a service account that is not made yet", new ApiError(403, { message: account }), true],
        ["a webhook that does not listen yet", new ApiError(500, { message: webhook }), true],
        ["a refusal", new ApiError(403, { message: 'violates PodSecurity "restricted"' }), false],
        ["a webhook's refusal", new ApiError(400, { message: 'admission webhook "w" denied the request' }), false],
        ["another error", new Error("error looking up service account"), false],
    ];
    for (const [why, error, expected] of table) {
        it(`${why}: ${expected ? "tried again" : "final"}`, () => expect(isTransient(error)).to.equal(expected));
    }
});

describe("isNotFound", () => {
    it("is true for 404 only", () => {
        expect(isNotFound(new ApiError(404, {}))).to.equal(true);
        expect(isNotFound(new ApiError(403, {}))).to.equal(false);
    });
});

describe("parseWarnings", () => {
    it("reads one, several and none", () => {
        expect(parseWarnings('299 - "would violate \\"x\\", and more"')).to.deep.equal(['would violate "x", and more']);
        expect(parseWarnings('299 - "a", 299 - "b"')).to.deep.equal(["a", "b"]);
        expect(parseWarnings(undefined)).to.deep.equal([]);
    });
});
