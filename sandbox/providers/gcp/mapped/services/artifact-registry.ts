import type { Document } from "../../../../cloud/discovery/document";
import document from "../../../../cloud/discovery/documents/artifactregistry.v1.json";
import { REPOSITORY } from "../../../../cloud/handlers/artifact-registry/repositories";
import { textOrEmpty } from "../../../../cloud/json";
import { shortName } from "../../../../cloud/resource-name";
import { GOOGLE_NAMES } from "../../../../../gke/names";
import { iamMemberType } from "../iam-member";
import type { MappedType } from "../mapped-type";
import { nameTemplate } from "../name-template";
import { createIn, restType } from "../rest-type";

const API = "artifactregistry.googleapis.com/v1";
const TOKEN = "gcp:artifactregistry/repository:Repository";

/** Artifact Registry types, by token. */
export const artifactRegistry: Readonly<Record<string, MappedType>> = {
    [TOKEN]: restType({
        ...{ token: TOKEN, asset: REPOSITORY, document: document as Document, api: API, schema: "Repository" },
        id: nameTemplate("projects/{project}/locations/{location}/repositories/{repositoryId}"),
        createRequest: createIn("repositoryId"),
        longRunning: true,
        name: {
            property: "repositoryId",
            maxLength: 63,
            pattern: GOOGLE_NAMES.repository,
            rule: "lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
        },
        regional: "location",
        keyed: { cleanupPolicies: "id" },
        optionalComputed: ["mode", "vulnerabilityScanningConfig"],
        computed: (body) => ({ name: shortName(textOrEmpty(body.name)) }),
    }),
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": iamMemberType({
        ...{ asset: REPOSITORY, api: API, read: "GET", regional: "location" },
        resource: nameTemplate("projects/{project}/locations/{location}/repositories/{repository}"),
    }),
};
