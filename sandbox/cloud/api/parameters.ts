import type { Method, Parameter } from "../discovery/document";
import type { JsonValue } from "../json";
import { badRequest, type Violation } from "./api-error";
import { scalarOf, typeName } from "./body";
import { propertyNamed, protoName } from "./names";

/** Request parameters by their names in the discovery document. */
export type Parameters = Readonly<Record<string, JsonValue>>;

/** Query parameters that every Google API accepts. https://cloud.google.com/apis/docs/system-parameters */
const SYSTEM = new Set(
    [
        "alt",
        "callback",
        "fields",
        "key",
        "access_token",
        "oauth_token",
        "prettyPrint",
        "quotaUser",
        "uploadType",
        "upload_protocol",
    ].flatMap((name) => [name, `$${name}`]),
).add("$.xgafv");

/**
 * Parses the query of a request.
 * @param path the path parameters
 * @throws ApiError that lists all unknown parameters and invalid values
 */
export function readParameters(method: Method, path: Readonly<Record<string, string>>, query: URLSearchParams): Parameters {
    const violations: Violation[] = [];
    const read: Record<string, JsonValue> = { ...path };
    for (const name of new Set(query.keys())) {
        if (SYSTEM.has(name)) {
            continue;
        }
        const property = propertyNamed(name, method.parameters);
        const parameter = property === undefined ? undefined : method.parameters[property];
        if (property === undefined || parameter?.location !== "query") {
            const description = `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`;
            violations.push({ field: "", description });
            continue;
        }
        const values = query.getAll(name).map((text) => {
            const value = scalarOf(parameter.type === "boolean" ? booleanOf(text) : text, parameter);
            if (value === undefined) {
                violations.push(misfit(property, parameter, text));
            }
            return value ?? text;
        });
        read[property] = parameter.repeated === true ? values : (values.at(-1) ?? "");
    }
    for (const [name, { required, pattern }] of Object.entries(method.parameters)) {
        const text = path[name];
        if (text !== undefined && pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(text)) {
            const description = `Invalid value for field '${name}': '${text}'. Must be a match of regex '${pattern}'`;
            violations.push({ field: protoName(name), description });
        }
        if (required === true && read[name] === undefined) {
            violations.push({ field: protoName(name), description: `Required parameter: ${name}` });
        }
    }
    if (violations.length > 0) {
        throw badRequest(violations);
    }
    return read;
}

/** gcloud sends `True` and `False`. */
function booleanOf(text: string): boolean | string {
    return /^true$/i.test(text) || (/^false$/i.test(text) ? false : text);
}

function misfit(name: string, parameter: Parameter, text: string): Violation {
    const field = protoName(name);
    return { field, description: `Invalid value at '${field}' (${typeName(parameter)}), ${JSON.stringify(text)}` };
}
