import type { Draft } from "../../../../cloud/draft";
import { serviceAgent } from "../../../../cloud/handlers/service-usage/services";
import { type JsonObject, textOrEmpty } from "../../../../cloud/json";
import type { Current, MappedType } from "../mapped-type";

const V1 = "serviceusage.googleapis.com/v1";
const V1BETA1 = "serviceusage.googleapis.com/v1beta1";

/** Enabled APIs and service agents are no resources in the ledger. */
const WITHOUT_ENTRY: Pick<MappedType, "optionalComputed" | "findIn" | "upgrade"> = {
    optionalComputed: [],
    // Creating one again succeeds.
    findIn: () => undefined,
    upgrade: (ledger) => ledger,
};

function identity(id: string, inputs: JsonObject): Current {
    const [, project = "", , api = ""] = id.split("/");
    const email = serviceAgent(project, api);
    return { id, inputs, outputs: { ...inputs, email, member: `serviceAccount:${email}` } };
}

const identityId = (draft: Draft): string => `projects/${draft.project}/services/${draft.text("service")}`;

/** Service Usage types, by token. */
export const serviceUsage: Readonly<Record<string, MappedType>> = {
    "gcp:projects/service:Service": {
        ...WITHOUT_ENTRY,
        id: (draft) => `${draft.project}/${draft.text("service")}`,
        async create(client, { project, inputs }) {
            const api = textOrEmpty(inputs.service);
            await client.wait(V1BETA1, await client.call("POST", `${V1}/projects/${project}/services/${api}:enable`, {}));
            return { id: `${project}/${api}`, inputs, outputs: inputs };
        },
        async read(client, id, given) {
            const [project = "", service = ""] = id.split("/");
            const { state } = await client.call("GET", `${V1}/projects/${project}/services/${service}`);
            const inputs = given ?? { project, service };
            return state === "ENABLED" ? { id, inputs, outputs: inputs } : undefined;
        },
        update: (_, id, { inputs }) => Promise.resolve({ id, inputs, outputs: inputs }),
        async delete(client, id, { disableOnDestroy, disableDependentServices = false }) {
            if (disableOnDestroy === true && (await this.read(client, id, undefined)) !== undefined) {
                const path = `${V1}/projects/${id.replace("/", "/services/")}:disable`;
                await client.wait(V1BETA1, await client.call("POST", path, { disableDependentServices }));
            }
        },
    },
    "gcp:projects/serviceIdentity:ServiceIdentity": {
        ...WITHOUT_ENTRY,
        id: identityId,
        async create(client, draft) {
            const id = identityId(draft);
            await client.wait(V1BETA1, await client.call("POST", `${V1BETA1}/${id}:generateServiceIdentity`));
            return identity(id, draft.inputs);
        },
        // The API has no methods to read and delete one.
        read(_, id, given) {
            const [, project, , service] = id.split("/");
            return Promise.resolve(identity(id, given ?? { project, service }));
        },
        update: (_, id, { inputs }) => Promise.resolve(identity(id, inputs)),
        delete: () => Promise.resolve(),
    },
};
