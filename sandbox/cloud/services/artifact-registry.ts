import type { Draft } from "../draft";
import { fullName, iamMember, type Service } from "../service";

function repository(draft: Draft, property: string): string {
    return fullName(draft.text(property), (name) => `projects/${draft.project}/locations/${draft.text("location")}/repositories/${name}`);
}

const REPOSITORY = "gcp:artifactregistry/repository:Repository";

export const artifactRegistry: Service = {
    [REPOSITORY]: {
        id: (draft) => repository(draft, "repositoryId"),
        name: {
            property: "repositoryId",
            maxLength: 63,
            pattern: /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
            rule: "lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
        },
        regional: "location",
        outputs: ({ draft, registry }) => ({
            name: draft.text("repositoryId"),
            registryUri: `${registry}/${draft.project}/${draft.text("repositoryId")}`,
        }),
    },
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": {
        ...iamMember(REPOSITORY, (draft) => repository(draft, "repository")),
        regional: "location",
    },
};
