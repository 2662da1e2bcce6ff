import { ApiError, ensure, invalid } from "../../api/api-error";
import { ReasonError } from "../common/reason-error";

/** An error for an invalid value. @param field path in the request, such as `resource.ipCidrRange` */
export function invalidField(field: string, value: string, problem: string): ApiError {
    return invalid(`Invalid value for field '${field}': '${value}'. ${problem}`);
}

/** Refuses a value of a field unless a condition holds. @throws ApiError */
export function ensureField(condition: boolean, field: string, value: string, problem: string): asserts condition {
    ensure(condition, problem, () => invalidField(field, value, problem));
}

/** The error for a missing resource. */
export function notFound(name: string): ApiError {
    return new ApiError("NOT_FOUND", `The resource '${name}' was not found`);
}

/** The error for an absent field. @param field path in the request */
export function required(field: string): ReasonError {
    return new ReasonError(400, `Required field '${field}' not specified`, "required");
}
