import { ApiError } from "../../api/api-error";
import { type Call, type Handler, textOf } from "../../api/service";
import { isJsonList, type JsonObject, textOrEmpty } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { changedPolicy } from "../common/policies";
import { conditionNotMet } from "../common/reason-error";
import type { Resources } from "../common/resources";
import { isUniform } from "./bucket-view";

/** The methods of a bucket's allow policy. https://cloud.google.com/storage/docs/json_api/v1/buckets/setIamPolicy */
export function bucketPolicyMethods(buckets: Resources, ledger: Ledger): Readonly<Record<string, Handler>> {
    const find = (call: Call): Entry => buckets.get(textOf(call, "bucket"));
    return {
        "storage.buckets.getIamPolicy": (call) => policyView(find(call)),
        "storage.buckets.setIamPolicy": (call) => {
            const entry = find(call);
            const { kind: _, resourceId: __, ...policy } = call.body;
            const set = changed(entry, policy, ledger);
            return policyView(buckets.put(entry, { policy: set }));
        },
        "storage.buckets.testIamPermissions": (call) => {
            find(call);
            const { permissions } = call.parameters;
            const held = (isJsonList(permissions) ? permissions : [permissions ?? ""]).filter((name) => call.granted(textOrEmpty(name)));
            return { kind: "storage#testIamPermissionsResponse", ...(held.length > 0 && { permissions: held }) };
        },
    };
}

/** https://cloud.google.com/storage/docs/json_api/v1/status-codes */
export const NOT_MET = "At least one of the pre-conditions you specified did not hold.";

/** Concurrent changes have a different status than in other APIs. */
function changed(entry: Entry, policy: JsonObject, ledger: Ledger): JsonObject {
    const resource = `projects/${textOrEmpty(entry.provisioned.project)}/buckets/${entry.id}`;
    try {
        return changedPolicy(policyOf(entry), { policy }, { ledger, resource, rules: { convenience: true } });
    } catch (error) {
        throw error instanceof ApiError && error.status === "ABORTED" ? conditionNotMet(NOT_MET) : error;
    }
}

function policyView(entry: Entry): JsonObject {
    return { kind: "storage#policy", resourceId: `projects/_/buckets/${entry.id}`, ...policyOf(entry) };
}

/** Returns the policy; before the first change, the one of a new bucket. https://cloud.google.com/storage/docs/access-control/iam-roles */
function policyOf({ policy, inputs, provisioned }: Entry): JsonObject {
    if (policy !== undefined) {
        return policy;
    }
    const project = textOrEmpty(provisioned.project);
    const owners = [`projectEditor:${project}`, `projectOwner:${project}`];
    const viewers = [`projectViewer:${project}`];
    const kinds = isUniform(inputs) ? ["Bucket", "Object"] : ["Bucket"];
    const bindings = kinds.flatMap((kind) => [
        { role: `roles/storage.legacy${kind}Owner`, members: owners },
        { role: `roles/storage.legacy${kind}Reader`, members: viewers },
    ]);
    return { version: 1, etag: "CAE=", bindings };
}
