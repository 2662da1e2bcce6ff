import type { Document } from "../../../../cloud/discovery/document";
import v1 from "../../../../cloud/discovery/documents/cloudbuild.v1.json";
import v2 from "../../../../cloud/discovery/documents/cloudbuild.v2.json";
import { CONNECTION, REPOSITORY } from "../../../../cloud/handlers/cloud-build/connections";
import { TRIGGER, triggerInputs, WORKER_POOL } from "../../../../cloud/handlers/cloud-build/triggers";
import { isJsonObject, type JsonObject, textOrEmpty, valueAt } from "../../../../cloud/json";
import { fullName, parentOf, shortName } from "../../../../cloud/resource-name";
import { createStandIns, iamMemberType, type StandIn } from "../iam-member";
import { type MappedType, required } from "../mapped-type";
import { rfc1035 } from "../name-rule";
import { createIn, patchWithMask, restType } from "../rest-type";

const V1 = { document: v1 as Document, api: "cloudbuild.googleapis.com/v1" };
const V2 = { document: v2 as Document, api: "cloudbuild.googleapis.com/v2" };
const TOKEN = {
    trigger: "gcp:cloudbuild/trigger:Trigger",
    pool: "gcp:cloudbuild/workerPool:WorkerPool",
    connection: "gcp:cloudbuildv2/connection:Connection",
    repository: "gcp:cloudbuildv2/repository:Repository",
};
const OF_PATH = ["project", "location", "name", "deletionPolicy"];

function regional(inputs: JsonObject, collection: string, name: string): string {
    return `projects/${required(inputs, "project")}/locations/${textOrEmpty(inputs.location) || "global"}/${collection}/${name}`;
}

function connection(inputs: JsonObject, property: string): string {
    return fullName(required(inputs, property), (name) => regional(inputs, "connections", name));
}

function annotations({ annotations: given = {} }: JsonObject): JsonObject {
    return { effectiveAnnotations: given };
}

/** A user creates a connection by signing in at the host, which is not possible here. */
function connectionStandIn(name: string): StandIn {
    const inputs = { githubConfig: {} };
    const path = `${parentOf(name)}?connectionId=${shortName(name)}`;
    return { what: `connection ${name}`, path, body: inputs, entry: { type: CONNECTION, id: name, inputs, provisioned: {} } };
}

const repository = restType({
    ...{
        ...V2,
        token: TOKEN.repository,
        asset: REPOSITORY,
        schema: "Repository",
        longRunning: true,
        name: rfc1035(),
        regional: "location",
    },
    id: (inputs) => `${connection(inputs, "parentConnection")}/repositories/${required(inputs, "name")}`,
    createRequest: createIn("repositoryId"),
    patchRequest: patchWithMask,
    partsOf: (id) => {
        const [, project, , location, , parentConnection, , name] = id.split("/");
        return { project, location, parentConnection, name };
    },
    notInBody: [...OF_PATH, "parentConnection"],
    optionalComputed: [],
    computed: annotations,
});

/** Cloud Build types, by token. */
export const cloudBuild: Readonly<Record<string, MappedType>> = {
    [TOKEN.trigger]: restType({
        ...{ ...V1, token: TOKEN.trigger, asset: TRIGGER, schema: "BuildTrigger", longRunning: false, generated: true },
        id: (inputs) => regional(inputs, "triggers", ""),
        idOf: ({ id }, { project, location = "global" }) =>
            `projects/${textOrEmpty(project)}/locations/${textOrEmpty(location)}/triggers/${textOrEmpty(id)}`,
        createRequest: (id, body) => ({ path: parentOf(id), body }),
        // The official provider sends the complete trigger, without a mask.
        patchRequest: (path, body) => ({ path, body: { ...body, id: shortName(path) } }),
        kept: triggerInputs,
        encode: ({ approvalConfig, ...body }) =>
            valueAt(approvalConfig, "approvalRequired") === true ? { ...body, approvalConfig } : body,
        decode: (body) => ({ approvalConfig: { approvalRequired: false }, ...body }),
        name: { property: "name", maxLength: 64, pattern: /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/, rule: "letters, digits and hyphens" },
        notInBody: ["project", "location", "deletionPolicy"],
        shape: {
            renamed: {
                "build.availableSecrets.secretManagers": "secretManager",
                "build.options.envs": "env",
                "build.options.secretEnvs": "secretEnv",
                "build.options.sourceProvenanceHashes": "sourceProvenanceHash",
                "build.steps.envs": "env",
                "build.steps.secretEnvs": "secretEnv",
                "build.steps.waitFors": "waitFor",
            },
            local: ["build.artifacts.objects.timings", "build.steps.timing"],
        },
        defaults: { location: "global" },
        optionalComputed: ["approvalConfig"],
        computed: ({ id }) => ({ triggerId: id }),
    }),
    [TOKEN.pool]: restType({
        ...{ ...V1, token: TOKEN.pool, asset: WORKER_POOL, schema: "WorkerPool", longRunning: true, name: rfc1035(), regional: "location" },
        id: (inputs) => regional(inputs, "workerPools", required(inputs, "name")),
        createRequest: createIn("workerPoolId"),
        patchRequest: patchWithMask,
        notInBody: OF_PATH,
        shape: {
            moved: Object.fromEntries(
                ["networkConfig", "privateServiceConnect", "workerConfig"].map((name) => [name, `privatePoolV1Config.${name}`]),
            ),
        },
        optionalComputed: ["workerConfig"],
        computed: annotations,
    }),
    [TOKEN.connection]: restType({
        ...{ ...V2, token: TOKEN.connection, asset: CONNECTION, schema: "Connection", longRunning: true, name: rfc1035() },
        regional: "location",
        id: (inputs) => connection(inputs, "name"),
        createRequest: createIn("connectionId"),
        patchRequest: patchWithMask,
        notInBody: OF_PATH,
        shape: {},
        optionalComputed: [],
        computed: (body) => ({
            ...annotations(body),
            reconciling: false,
            installationStates: [{ message: "", actionUri: "", ...(isJsonObject(body.installationState) ? body.installationState : {}) }],
        }),
    }),
    "gcp:cloudbuildv2/connectionIAMMember:ConnectionIAMMember": iamMemberType({
        ...{ asset: CONNECTION, api: V2.api, read: "GET", regional: "location" },
        resource: (inputs) => connection(inputs, "name"),
        partsOf: (name) => {
            const [, project, , location] = name.split("/");
            return { project, location, name: shortName(name) };
        },
        standIns: (name) => [connectionStandIn(name)],
    }),
    [TOKEN.repository]: {
        ...repository,
        async create(client, inputs) {
            const parent = connection(inputs, "parentConnection");
            if ((await client.find(`${V2.api}/${parent}`)) === undefined) {
                await createStandIns(client, V2.api, [connectionStandIn(parent)]);
            }
            return repository.create(client, inputs);
        },
    },
};
