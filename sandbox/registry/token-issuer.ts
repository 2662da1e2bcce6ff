import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import type { Access } from "./access";

/** Lifetime of a token in seconds. A registry accepts it for one minute more, because clocks differ. */
export const TOKEN_SECONDS = 300;

const ISSUER = "ml-platform-sandbox";
const KEY_ID = "sandbox";

/**
 * Signs tokens for one registry. Each daemon has a new key, so tokens of an earlier one are not valid.
 * https://distribution.github.io/distribution/spec/auth/jwt/
 */
export class TokenIssuer {
    private readonly keys = generateKeyPairSync("ec", { namedCurve: "P-256" });

    /** @param service the registry's host, as its tokens name it */
    constructor(readonly service: string) {}

    /** Name of the issuer, which the registry compares. */
    get issuer(): string {
        return ISSUER;
    }

    /** The key with which the registry checks tokens, as a JSON Web Key Set. */
    get keySet(): object {
        return { keys: [{ ...this.keys.publicKey.export({ format: "jwk" }), kid: KEY_ID, use: "sig", alg: "ES256" }] };
    }

    /** A token that allows some accesses from a time on. */
    issue(subject: string, access: readonly Access[], from: Date): string {
        const issuedAt = Math.floor(from.getTime() / 1000);
        const claims = {
            iss: ISSUER,
            sub: subject,
            aud: this.service,
            iat: issuedAt,
            nbf: issuedAt,
            exp: issuedAt + TOKEN_SECONDS,
            jti: randomUUID(),
            access,
        };
        const content = [{ typ: "JWT", alg: "ES256", kid: KEY_ID }, claims]
            .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
            .join(".");
        const signature = sign("sha256", Buffer.from(content), { key: this.keys.privateKey, dsaEncoding: "ieee-p1363" });
        return `${content}.${signature.toString("base64url")}`;
    }
}
