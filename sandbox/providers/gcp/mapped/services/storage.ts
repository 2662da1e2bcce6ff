import type { Document } from "../../../../cloud/discovery/document";
import document from "../../../../cloud/discovery/documents/storage.v1.json";
import { BUCKET, bucketInputs } from "../../../../cloud/handlers/storage/buckets";
import { textOrEmpty } from "../../../../cloud/json";
import { GOOGLE_NAMES } from "../../../../../gke/names";
import { iamMemberType } from "../iam-member";
import type { MappedType } from "../mapped-type";
import { nameTemplate } from "../name-template";
import { patchOf } from "../properties";
import { restType } from "../rest-type";

const API = "storage.googleapis.com/storage/v1";
const TOKEN = "gcp:storage/bucket:Bucket";

/** Cloud Storage types, by token. */
export const storage: Readonly<Record<string, MappedType>> = {
    [TOKEN]: restType({
        ...{ token: TOKEN, asset: BUCKET, document: document as Document, api: API, schema: "Bucket", keepsDefaults: true },
        id: nameTemplate("{name}"),
        path: (name) => `b/${name}`,
        createRequest: (name, body, { project, enableObjectRetention }) => ({
            path: `b?project=${textOrEmpty(project)}${enableObjectRetention === true ? "&enableObjectRetention=true" : ""}`,
            body: { name, ...body },
        }),
        patchRequest: (path, body, fields, before) => ({
            path,
            body: Object.fromEntries(fields.map((field) => [field, patchOf(before[field], body[field])])),
        }),
        kept: bucketInputs,
        name: {
            property: "name",
            maxLength: 63,
            pattern: GOOGLE_NAMES.bucket,
            rule: "3 to 63 lower-case letters, digits, hyphens, underscores and full stops, starting and ending with a letter or digit",
        },
        shape: {
            moved: {
                lifecycleRules: "lifecycle.rule",
                uniformBucketLevelAccess: "iamConfiguration.uniformBucketLevelAccess.enabled",
                publicAccessPrevention: "iamConfiguration.publicAccessPrevention",
                requesterPays: "billing.requesterPays",
            },
            renamed: {
                "cors.methods": "method",
                "cors.origins": "origin",
                "cors.responseHeaders": "responseHeader",
                "lifecycleRules.condition.matchesPrefixes": "matchesPrefix",
                "lifecycleRules.condition.matchesStorageClasses": "matchesStorageClass",
                "lifecycleRules.condition.matchesSuffixes": "matchesSuffix",
                "lifecycleRules.condition.withState": "isLive",
            },
            converted: {
                "lifecycleRules.condition.withState": {
                    toApi: (state) => (state === "ANY" ? undefined : state === "LIVE"),
                    fromApi: (isLive) => (isLive === true ? "LIVE" : "ARCHIVED"),
                },
            },
            local: [
                "softDeletePolicy.effectiveTime",
                ...["Age", "DaysSinceCustomTime", "DaysSinceNoncurrentTime", "NumNewerVersions"].map(
                    (name) => `lifecycleRules.condition.send${name}IfZero`,
                ),
            ],
        },
        // The official provider asks for the ID of the project, too.
        partsOf: async ({ projectNumber }, client) => {
            const project = await client.call("GET", `cloudresourcemanager.googleapis.com/v1/projects/${textOrEmpty(projectNumber)}`);
            return { project: project.projectId };
        },
        ignoresCase: ["location"],
        defaults: { forceDestroy: false, storageClass: "STANDARD" },
        optionalComputed: ["publicAccessPrevention", "rpo", "softDeletePolicy", "storageClass", "uniformBucketLevelAccess", "versioning"],
        computed: ({ projectNumber, id }) => ({ projectNumber: Number(projectNumber), url: `gs://${textOrEmpty(id)}` }),
    }),
    "gcp:storage/bucketIAMMember:BucketIAMMember": iamMemberType({
        ...{ asset: BUCKET, api: API, read: "storage" },
        resource: nameTemplate("b/{bucket}"),
        entry: (resource) => resource.slice("b/".length),
        standIns: (resource, project) => {
            const name = resource.slice("b/".length);
            return [{ what: `bucket ${name}`, path: `b?project=${project}`, body: { name, location: "US" } }];
        },
    }),
};
