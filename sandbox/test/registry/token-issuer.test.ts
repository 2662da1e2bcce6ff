import { expect } from "chai";
import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { TokenIssuer } from "../../registry/token-issuer";

const ACCESS = [{ type: "repository", name: "library/python", actions: ["pull"] }];

describe("TokenIssuer", () => {
    const issuer = new TokenIssuer("127.0.0.1:5000");
    const decoded = (part = ""): Record<string, unknown> =>
        JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
    const keyOf = ({ keySet }: TokenIssuer): JsonWebKey & { kid: string } => (keySet as { keys: [JsonWebKey & { kid: string }] }).keys[0];
    const isSigned = (token: string, by: TokenIssuer): boolean => {
        const [header = "", claims = "", signature = ""] = token.split(".");
        const key = createPublicKey({ key: keyOf(by), format: "jwk" });
        return verify(
            "sha256",
            Buffer.from(`${header}.${claims}`),
            { key, dsaEncoding: "ieee-p1363" },
            Buffer.from(signature, "base64url"),
        );
    };

    it("signs what a token allows, for its registry and five minutes", () => {
        const token = issuer.issue("somebody", ACCESS, new Date("2026-01-02T03:04:05.678Z"));
        const [header, claims] = token.split(".").slice(0, 2).map(decoded);
        expect(header).to.deep.equal({ typ: "JWT", alg: "ES256", kid: keyOf(issuer).kid });
        const from = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;
        expect(claims).to.deep.include({
            ...{ iss: issuer.issuer, sub: "somebody", aud: "127.0.0.1:5000", iat: from, nbf: from, exp: from + 300 },
            access: ACCESS,
        });
        expect(isSigned(token, issuer)).to.equal(true);
    });

    it("has its own key, and publishes only the public half", () => {
        const token = issuer.issue("somebody", ACCESS, new Date());
        expect(isSigned(token, new TokenIssuer("127.0.0.1:5000"))).to.equal(false);
        expect(keyOf(issuer)).to.have.all.keys("kty", "crv", "x", "y", "kid", "use", "alg");
    });
});
