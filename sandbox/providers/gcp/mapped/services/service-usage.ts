import { serviceAgent } from "../../../../cloud/handlers/service-usage/services";
import type { JsonObject } from "../../../../cloud/json";
import type { Current, MappedType } from "../mapped-type";
import { nameTemplate } from "../name-template";

const V1 = "serviceusage.googleapis.com/v1";
const V1BETA1 = "serviceusage.googleapis.com/v1beta1";

/** Enabled APIs and service agents are no resources in the ledger. Creating one again succeeds. */
const findIn = () => undefined;

function identity(id: string, inputs: JsonObject): Current {
    const [, project = "", , api = ""] = id.split("/");
    const email = serviceAgent(project, api);
    return { id, inputs, outputs: { ...inputs, email, member: `serviceAccount:${email}` } };
}

const NAME = nameTemplate("projects/{project}/services/{service}");
const ID = nameTemplate("{project}/{service}");

/** Service Usage types, by token. */
export const serviceUsage: Readonly<Record<string, MappedType>> = {
    "gcp:projects/service:Service": {
        findIn,
        id: ID.fill,
        async create(client, inputs) {
            await client.wait(V1BETA1, await client.call("POST", `${V1}/${NAME.fill(inputs)}:enable`, {}));
            return { id: ID.fill(inputs), inputs, outputs: inputs };
        },
        async read(client, id, given) {
            const inputs = given ?? ID.parse(id);
            const { state } = await client.call("GET", `${V1}/${NAME.fill(inputs)}`);
            return state === "ENABLED" ? { id, inputs, outputs: inputs } : undefined;
        },
        update: (_, id, inputs) => Promise.resolve({ id, inputs, outputs: inputs }),
        async delete(client, id, { disableOnDestroy, disableDependentServices = false }) {
            if (disableOnDestroy === true && (await this.read(client, id, undefined)) !== undefined) {
                const path = `${V1}/${NAME.fill(ID.parse(id))}:disable`;
                await client.wait(V1BETA1, await client.call("POST", path, { disableDependentServices }));
            }
        },
    },
    "gcp:projects/serviceIdentity:ServiceIdentity": {
        findIn,
        id: NAME.fill,
        async create(client, inputs) {
            const id = NAME.fill(inputs);
            await client.wait(V1BETA1, await client.call("POST", `${V1BETA1}/${id}:generateServiceIdentity`));
            return identity(id, inputs);
        },
        // The API has no methods to read and delete one.
        read: (_, id, given) => Promise.resolve(identity(id, given ?? NAME.parse(id))),
        update: (_, id, inputs) => Promise.resolve(identity(id, inputs)),
        delete: () => Promise.resolve(),
    },
};
