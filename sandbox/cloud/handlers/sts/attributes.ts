import { Environment } from "@marcbachmann/cel-js";
import { ensure } from "../../api/api-error";
import type { Identity } from "../../access/identities";
import { isJsonObject, type JsonObject, textOrEmpty } from "../../json";
import type { Entry } from "../../ledger";
import { numbered } from "../../api/projects";
import { TokenError, tokenError } from "./token-error";

const invalidRequest = tokenError("invalid_request");
/** https://cloud.google.com/iam/docs/workload-identity-federation#mapping */
const MOST_BYTES_OF_SUBJECT = 127;

const ENVIRONMENT = new Environment()
    .registerVariable("assertion", "map")
    .registerVariable("attribute", "map")
    .registerVariable("mapped", "map");

/**
 * Maps the claims of a token to a principal of the pool, and its sets.
 * @throws TokenError if the mapping fails, or if the provider's condition rejects the token
 */
export function federatedIdentity(assertion: JsonObject, { id, inputs }: Entry): Identity {
    const mapping = isJsonObject(inputs.attributeMapping) ? Object.entries(inputs.attributeMapping) : [];
    const mapped = mapping.map(([name, expression]) => [name, attributeOf(name, textOrEmpty(expression), assertion)] as const);
    const named = (prefix: string): JsonObject =>
        Object.fromEntries(mapped.flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])));
    const [google, attribute] = [named("google."), named("attribute.")];
    const condition = textOrEmpty(inputs.attributeCondition);
    if (condition !== "" && evaluated(withMapped(condition), { assertion, mapped: google, attribute }) !== true) {
        throw new TokenError("unauthorized_client", "The given credential is rejected by the attribute condition.");
    }
    const pool = `iam.googleapis.com/${numbered(id).replace(/\/providers\/[^/]+$/, "")}`;
    const sets = Object.entries(attribute).map(([name, value]) => `attribute.${name}/${textOrEmpty(value)}`);
    return {
        member: `principal://${pool}/subject/${textOrEmpty(google.subject)}`,
        memberOf: [...sets, "*"].map((set) => `principalSet://${pool}/${set}`),
    };
}

function attributeOf(name: string, expression: string, assertion: JsonObject): string {
    const value = evaluated(expression, { assertion });
    const isText = typeof value === "string" && value !== "";
    ensure(isText, `The mapped attribute ${name} must be a non-empty text, which '${expression}' is not for this token.`, invalidRequest);
    const advice =
        "Either modify your attribute mapping or the incoming assertion to produce a mapped attribute that is less than 127 bytes.";
    const tooLong = `The size of mapped attribute google.subject exceeds the 127 bytes limit. ${advice}`;
    ensure(name !== "google.subject" || Buffer.byteLength(value) <= MOST_BYTES_OF_SUBJECT, tooLong, invalidRequest);
    return value;
}

/** In the library, `google` is the package of protocol buffers. */
const withMapped = (condition: string): string => condition.replaceAll(/\bgoogle\.(subject|groups)\b/g, "mapped.$1");

/** @returns undefined for an expression that cannot be evaluated, such as one of a missing claim */
function evaluated(expression: string, variables: Readonly<Record<string, JsonObject>>): unknown {
    try {
        return ENVIRONMENT.evaluate(expression, variables);
    } catch {
        return undefined;
    }
}
