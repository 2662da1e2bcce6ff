import type { Document } from "../../../../cloud/discovery/document";
import document from "../../../../cloud/discovery/documents/container/binaryauthorization.v1.json";
import { POLICY } from "../../../../cloud/handlers/binary-authorization/policies";
import { DEFAULT_POLICY } from "../../../../cloud/handlers/binary-authorization/policy-rules";
import { type JsonObject, objectsAt, textOrEmpty } from "../../../../cloud/json";
import type { MappedType } from "../mapped-type";
import { nameTemplate } from "../name-template";
import { restType } from "../rest-type";
import type { Conversion } from "../shape";

const TOKEN = "gcp:binaryauthorization/policy:Policy";

/** The rules of clusters are a list in Pulumi, and a map in the API. */
const CLUSTER_RULES: Conversion = {
    toApi: (list) =>
        Object.fromEntries(
            objectsAt(list).map(({ cluster, requireAttestationsBies: attestors, ...rule }) => [
                textOrEmpty(cluster),
                { ...rule, ...(attestors !== undefined && { requireAttestationsBy: attestors }) },
            ]),
        ),
    fromApi: (map) =>
        Object.entries(map as JsonObject).map(([cluster, value]) => {
            const { requireAttestationsBy: attestors, ...rule } = value as JsonObject;
            return { cluster, ...rule, ...(attestors !== undefined && { requireAttestationsBies: attestors }) };
        }),
};

/** The policy of a project, by token. Every project has one, so a creation changes it, and a deletion restores the default. */
export const binaryAuthorization: Readonly<Record<string, MappedType>> = {
    [TOKEN]: restType({
        ...{ token: TOKEN, asset: POLICY, document: document as Document, api: "binaryauthorization.googleapis.com/v1", schema: "Policy" },
        id: nameTemplate("projects/{project}"),
        path: (id) => `${id}/policy`,
        change: async (client, path, after) => {
            await client.call("PUT", path, after);
        },
        remove: async (client, path) => {
            await client.call("PUT", path, DEFAULT_POLICY);
        },
        shape: {
            renamed: { "defaultAdmissionRule.requireAttestationsBies": "requireAttestationsBy" },
            converted: { clusterAdmissionRules: CLUSTER_RULES },
        },
        notInBody: ["project", "deletionPolicy"],
        optionalComputed: ["globalPolicyEvaluationMode"],
    }),
};
