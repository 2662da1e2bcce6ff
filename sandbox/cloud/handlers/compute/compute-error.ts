import { ReasonError } from "../common/reason-error";

/** An error for an invalid value. @param field path in the request, such as `resource.ipCidrRange` */
export function invalidField(field: string, value: string, problem: string): ReasonError {
    return new ReasonError(400, `Invalid value for field '${field}': '${value}'. ${problem}`, "invalid");
}

/** The error for a missing resource. */
export function notFound(name: string): ReasonError {
    return new ReasonError(404, `The resource '${name}' was not found`, "notFound");
}

/** The error for an absent field. @param field path in the request */
export function required(field: string): ReasonError {
    return new ReasonError(400, `Required field '${field}' not specified`, "required");
}
