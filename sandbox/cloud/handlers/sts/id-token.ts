import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { get } from "node:https";
import { json } from "node:stream/consumers";
import { ensure } from "../../api/api-error";
import { isJsonList, type JsonObject, type JsonValue, objectAt, objectsAt, textAt, textOrEmpty, valueAt } from "../../json";
import type { Entry } from "../../ledger";
import { numbered } from "../../api/projects";
import { TokenError, tokenError } from "./token-error";

const ALGORITHMS: Readonly<Record<string, { readonly hash: string; readonly dsaEncoding?: "ieee-p1363" }>> = {
    RS256: { hash: "sha256" },
    ES256: { hash: "sha256", dsaEncoding: "ieee-p1363" },
};
const invalidGrant = tokenError("invalid_grant");
/** The greatest age of a token. https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token */
const MOST_SECONDS = 24 * 60 * 60;

/**
 * Returns the claims of an OpenID Connect token that a provider of a workload identity pool accepts.
 * @throws TokenError if the signature, the issuer, the audience or a time is wrong
 */
export async function verifiedClaims(token: string, { id, inputs }: Entry): Promise<JsonObject> {
    const [header = "", payload = "", signature = ""] = token.split(".");
    const [{ alg, kid }, claims] = [decoded(header), decoded(payload)];
    const issuer = textAt(inputs, "oidc", "issuerUri");
    const found = textOrEmpty(claims.iss);
    ensure(found === issuer, `The issuer in ID Token ${found} does not match the expected one in config: ${issuer}.`, invalidGrant);
    const uploaded = textAt(inputs, "oidc", "jwksJson");
    const keys = uploaded === "" ? await keysOf(issuer) : (JSON.parse(uploaded) as JsonValue);
    const key = objectsAt(keys, "keys").find((candidate) => candidate.kid === kid);
    const algorithm = ALGORITHMS[textOrEmpty(alg)];
    if (key === undefined || algorithm === undefined || !isSigned(`${header}.${payload}`, signature, key, algorithm)) {
        throw new TokenError("invalid_grant", "Unable to verify the ID Token signature.");
    }
    const now = Date.now() / 1000;
    const [issued, expires] = [Number(claims.iat), Number(claims.exp)];
    const isFresh = issued <= now + 60 && now - issued <= MOST_SECONDS && expires > now;
    ensure(isFresh, `ID Token issued at ${textOf(claims.iat)} is stale to sign-in.`, invalidGrant);
    const allowed = valueAt(inputs, "oidc", "allowedAudiences");
    const expected = isJsonList(allowed)
        ? allowed.map(textOf)
        : ["", "https:"].map((prefix) => `${prefix}//iam.googleapis.com/${numbered(id)}`);
    const audiences = isJsonList(claims.aud) ? claims.aud.map(textOf) : [textOf(claims.aud)];
    const configured = isJsonList(allowed) ? ` ${expected.join(", ")}` : "";
    const mismatch = `The audience in ID Token [${audiences.join(", ")}] does not match the expected audience${configured}.`;
    ensure(
        audiences.some((audience) => expected.includes(audience)),
        mismatch,
        invalidGrant,
    );
    return claims;
}

function textOf(value: JsonValue | undefined): string {
    return typeof value === "number" ? `${value}` : textOrEmpty(value);
}

function decoded(part: string): JsonObject {
    try {
        const value = JSON.parse(Buffer.from(part, "base64url").toString()) as JsonValue;
        return objectAt(value);
    } catch {
        throw new TokenError("invalid_request", 'Invalid value for "subject_token": it is not a JSON Web Token.');
    }
}

function isSigned(text: string, signature: string, jwk: JsonObject, { hash, dsaEncoding }: (typeof ALGORITHMS)[string]): boolean {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: "jwk" });
    return verify(hash, Buffer.from(text), { key, ...(dsaEncoding !== undefined && { dsaEncoding }) }, Buffer.from(signature, "base64url"));
}

/** Fetches the keys of an issuer. https://openid.net/specs/openid-connect-discovery-1_0.html */
async function keysOf(issuer: string): Promise<JsonValue> {
    try {
        const { jwks_uri } = (await fetched(`${issuer}/.well-known/openid-configuration`)) as JsonObject;
        return await fetched(textOrEmpty(jwks_uri));
    } catch {
        throw new TokenError("invalid_grant", "Error connecting to the given credential's issuer.");
    }
}

function fetched(url: string): Promise<JsonValue> {
    return new Promise((resolve, reject) => {
        get(url, { timeout: 5000 }, (response) => {
            json(response).then((body) => resolve(body as JsonValue), reject);
        }).on("error", reject);
    });
}
