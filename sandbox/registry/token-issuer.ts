import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import type { RegistryAccess } from "./access";

/** Lifetime of a token in seconds. The registry accepts it for one more minute, to allow for clock skew. */
export const TOKEN_SECONDS = 300;

const ISSUER = "ml-platform-sandbox";
const KEY_ID = "sandbox";

/**
 * Issues tokens for a registry. Each daemon has a new key, so tokens of earlier daemons are invalid.
 * https://distribution.github.io/distribution/spec/auth/jwt/
 */
export class TokenIssuer {
    private readonly keys = generateKeyPairSync("ec", { namedCurve: "P-256" });

    /** @param service host of the registry, as in its tokens */
    constructor(readonly service: string) {}

    /** Name of the issuer, which the registry verifies. */
    get issuer(): string {
        return ISSUER;
    }

    /** The public key, as a JSON Web Key Set, for the registry to verify tokens. */
    get keySet(): object {
        return { keys: [{ ...this.keys.publicKey.export({ format: "jwk" }), kid: KEY_ID, use: "sig", alg: "ES256" }] };
    }

    /**
     * Issues a token for some accesses.
     * @param from start of its validity
     */
    issue(subject: string, access: readonly RegistryAccess[], from: Date): string {
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
