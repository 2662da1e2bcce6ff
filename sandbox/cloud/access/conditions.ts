import { Environment } from "@marcbachmann/cel-js";

/** Attributes of a request that conditions of allow policies refer to. https://cloud.google.com/iam/docs/conditions-attribute-reference */
export interface RequestAttributes {
    /** Host of the API, such as `storage.googleapis.com`. */
    readonly service: string;
    /** Resource name, such as `projects/_/buckets/my-bucket`. */
    readonly name: string;
    /** In a request that sets an allow policy: the roles with changed members or conditions. Default: none. */
    readonly modifiedRoles?: readonly string[];
}

/** The variable `api` of conditions. */
class ApiAttributes {
    constructor(private readonly values: Readonly<Record<string, readonly string[]>>) {}

    get(name: string): readonly string[] | undefined {
        return this.values[name];
    }
}

const ENVIRONMENT = new Environment()
    .registerVariable("resource", "map")
    .registerVariable("request", "map")
    .registerType("ApiAttributes", { ctor: ApiAttributes, fields: {} })
    .registerVariable("api", "ApiAttributes")
    .registerFunction(
        "ApiAttributes.getAttribute(string, dyn): dyn",
        (api: ApiAttributes, name: string, absent: unknown) => api.get(name) ?? absent,
    )
    .registerFunction("list.hasOnly(list): bool", (list: readonly unknown[], allowed: readonly unknown[]) =>
        list.every((item) => allowed.includes(item)),
    );

/**
 * Whether a condition holds. As in IAM, a condition that cannot be evaluated does not hold.
 * @param expression in Common Expression Language (CEL)
 */
export function holds(expression: string, { service, name, modifiedRoles = [] }: RequestAttributes): boolean {
    const api = new ApiAttributes({ "iam.googleapis.com/modifiedGrantsByRole": modifiedRoles });
    try {
        return ENVIRONMENT.evaluate(expression, { resource: { service, name }, request: { time: new Date() }, api }) === true;
    } catch {
        return false;
    }
}
