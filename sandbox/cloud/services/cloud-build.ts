import type { Draft } from "../draft";
import { fullName, iamMember, rfc1035, type Service } from "../service";

const CONNECTION = "gcp:cloudbuildv2/connection:Connection";

function regional(draft: Draft, collection: string, name: string): string {
    return `projects/${draft.project}/locations/${draft.text("location")}/${collection}/${name}`;
}

function connection(draft: Draft, property: string): string {
    return fullName(draft.text(property), (name) => regional(draft, "connections", name));
}

export const cloudBuild: Service = {
    "gcp:cloudbuild/trigger:Trigger": {
        id: (draft) => `projects/${draft.project}/locations/${draft.optionalText("location") ?? "global"}/triggers/${draft.uuid}`,
        name: { property: "name", maxLength: 64, pattern: /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/, rule: "letters, digits and hyphens" },
        outputs: ({ draft }) => ({ triggerId: draft.uuid, location: draft.optionalText("location") ?? "global" }),
    },
    "gcp:cloudbuild/workerPool:WorkerPool": {
        id: (draft) => regional(draft, "workerPools", draft.text("name")),
        name: rfc1035(),
        outputs: ({ draft }) => ({ uid: draft.uuid, state: "RUNNING" }),
    },
    [CONNECTION]: {
        id: (draft) => connection(draft, "name"),
        name: rfc1035(),
        // A real connection is PENDING until a user signs in at the host, which is not possible here.
        outputs: () => ({ reconciling: false, installationStates: [{ stage: "COMPLETE", message: "", actionUri: "" }] }),
    },
    "gcp:cloudbuildv2/connectionIAMMember:ConnectionIAMMember": {
        ...iamMember(CONNECTION, (draft) => connection(draft, "name"), true),
        regional: "location",
    },
    "gcp:cloudbuildv2/repository:Repository": {
        id: (draft) => `${connection(draft, "parentConnection")}/repositories/${draft.text("name")}`,
        name: rfc1035(),
        regional: "location",
        // A user creates the connection by signing in at the host.
        references: (draft) => [{ type: CONNECTION, id: connection(draft, "parentConnection"), onDelete: "cascade", mayBeOutside: true }],
    },
};
