import { ApiError } from "../api/api-error";
import { isJsonObject, type JsonObject, type JsonValue } from "../json";
import type { Access } from "./access";
import type { RequestAttributes } from "./conditions";
import { accountDenialOf, denialOf } from "./denial";
import type { Identity } from "./identities";
import { permissionsOf } from "./permissions";

/**
 * Checks a call of Google's REST API.
 * @param body the request's body
 * @throws ApiError 403 that names the first missing permission, or the service account that the caller may not use
 */
export function checkMethod(access: Access, caller: Identity, method: string, attributes: RequestAttributes, body: JsonObject = {}): void {
    const missing = missingPermission(access, caller, method, attributes);
    if (missing !== undefined) {
        throw new ApiError("PERMISSION_DENIED", denialOf(missing, attributes), [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                reason: "IAM_PERMISSION_DENIED",
                domain: attributes.service,
                metadata: { permission: missing, resource: attributes.name },
            },
        ]);
    }
    const account = forbiddenAccount(access, caller, body);
    if (account !== undefined) {
        throw new ApiError("PERMISSION_DENIED", accountDenialOf(account, attributes.service));
    }
}

/** @returns undefined if the caller may use all service accounts of a resource */
function forbiddenAccount(access: Access, caller: Identity, inputs: JsonObject): string | undefined {
    return serviceAccountsIn(inputs).find((account) => {
        const [, project = ""] = /@([^.]+)\.iam\.gserviceaccount\.com$/.exec(account) ?? [];
        const name = `projects/${project}/serviceAccounts/${account}`;
        return !access.grants(caller, "iam.serviceAccounts.actAs", { service: "iam.googleapis.com", name });
    });
}

/** @returns undefined if the caller has all permissions */
function missingPermission(access: Access, caller: Identity, method: string, attributes: RequestAttributes): string | undefined {
    return permissionsOf(method).find((permission) => !access.grants(caller, permission, attributes));
}

/** Email addresses of the service accounts that a resource runs as. */
function serviceAccountsIn(value: JsonValue | undefined): readonly string[] {
    if (Array.isArray(value)) {
        return (value as readonly JsonValue[]).flatMap(serviceAccountsIn);
    }
    if (!isJsonObject(value)) {
        return [];
    }
    return Object.entries(value).flatMap(([key, inner]) =>
        key === "serviceAccount" && typeof inner === "string" ? inner.slice(inner.lastIndexOf("/") + 1) : serviceAccountsIn(inner),
    );
}
