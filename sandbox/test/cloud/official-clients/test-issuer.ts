import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { projectNumber } from "../../../cloud/generated";

export const ISSUER = "https://token.actions.githubusercontent.com";
/** The pool of project `p`. */
export const POOL = `iam.googleapis.com/projects/${projectNumber("p")}/locations/global/workloadIdentityPools/ml-platform`;
/** Like the provider that `npm run bootstrap` creates. */
export const PROVIDER = {
    attributeMapping: {
        "google.subject": "assertion.sub",
        "attribute.repository": "assertion.repository",
        "attribute.environment": 'has(assertion.environment) ? assertion.repository + "/" + assertion.environment : "none"',
    },
    attributeCondition: 'assertion.repository == "my-organization/ml"',
};

/** Signs tokens as GitHub does. */
export class TestIssuer {
    readonly jwks: string;
    private readonly key: KeyObject;

    constructor(private readonly type: "RS256" | "ES256" = "RS256") {
        const { publicKey, privateKey } =
            type === "RS256" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ec", { namedCurve: "P-256" });
        this.key = privateKey;
        this.jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one", alg: type, use: "sig" }] });
    }

    /** A token of a workflow. @param claims replace those of a job on the repository's main branch */
    token(claims: Readonly<Record<string, unknown>> = {}): string {
        const now = Math.floor(Date.now() / 1000);
        const all = {
            ...{ iss: ISSUER, aud: `https://${POOL}/providers/github`, iat: now, exp: now + 300 },
            ...{ sub: "repo:my-organization/ml:ref:refs/heads/main", repository: "my-organization/ml", ...claims },
        };
        const parts = [{ alg: this.type, typ: "JWT", kid: "one" }, all].map((part) =>
            Buffer.from(JSON.stringify(part)).toString("base64url"),
        );
        const key = this.type === "RS256" ? this.key : { key: this.key, dsaEncoding: "ieee-p1363" as const };
        return [...parts, sign("sha256", Buffer.from(parts.join(".")), key).toString("base64url")].join(".");
    }
}
