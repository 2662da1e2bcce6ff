import type { Document } from "../../../../cloud/discovery/document";
import v1 from "../../../../cloud/discovery/documents/cloudbuild.v1.json";
import v2 from "../../../../cloud/discovery/documents/cloudbuild.v2.json";
import { CONNECTION, REPOSITORY } from "../../../../cloud/handlers/cloud-build/connections";
import { TRIGGER, triggerInputs, WORKER_POOL } from "../../../../cloud/handlers/cloud-build/triggers";
import { type JsonObject, objectAt, textOrEmpty, valueAt } from "../../../../cloud/json";
import { parentOf, shortName } from "../../../../cloud/resource-name";
import { createStandIns, iamMemberType, type StandIn } from "../iam-member";
import type { MappedType } from "../mapped-type";
import { nameTemplate } from "../name-template";
import { rfc1035 } from "../name-rule";
import { createIn, restType } from "../rest-type";

const V1 = { document: v1 as Document, api: "cloudbuild.googleapis.com/v1" };
const V2 = { document: v2 as Document, api: "cloudbuild.googleapis.com/v2" };
const TOKEN = {
    trigger: "gcp:cloudbuild/trigger:Trigger",
    pool: "gcp:cloudbuild/workerPool:WorkerPool",
    connection: "gcp:cloudbuildv2/connection:Connection",
    repository: "gcp:cloudbuildv2/repository:Repository",
};

const CONNECTION_NAME = nameTemplate("projects/{project}/locations/{location}/connections/{name}");
const PARENT = nameTemplate("projects/{project}/locations/{location}/connections/{parentConnection}");

function annotations({ annotations: given = {} }: JsonObject): JsonObject {
    return { effectiveAnnotations: given };
}

/** A user creates a connection by signing in at the host, which is not possible here. */
function connectionStandIn(name: string): StandIn {
    const path = `${parentOf(name)}?connectionId=${shortName(name)}`;
    return { what: `connection ${name}`, path, body: { githubConfig: {} } };
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
    id: nameTemplate("projects/{project}/locations/{location}/connections/{parentConnection}/repositories/{name}"),
    createRequest: createIn("repositoryId"),
    computed: annotations,
});

/** Cloud Build types, by token. */
export const cloudBuild: Readonly<Record<string, MappedType>> = {
    [TOKEN.trigger]: restType({
        ...{ ...V1, token: TOKEN.trigger, asset: TRIGGER, schema: "BuildTrigger" },
        id: nameTemplate("projects/{project}/locations/{location}/triggers/"),
        generated: ({ id }) => textOrEmpty(id),
        createRequest: (id, body) => ({ path: parentOf(id), body }),
        // The official provider sends the complete trigger, without a mask.
        patchRequest: (path, body) => ({ path, body: { ...body, id: shortName(path) } }),
        kept: triggerInputs,
        encode: ({ approvalConfig, ...body }) =>
            valueAt(approvalConfig, "approvalRequired") === true ? { ...body, approvalConfig } : body,
        decode: (body) => ({ approvalConfig: { approvalRequired: false }, ...body }),
        name: { property: "name", maxLength: 64, pattern: /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/, rule: "letters, digits and hyphens" },
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
        id: nameTemplate("projects/{project}/locations/{location}/workerPools/{name}"),
        createRequest: createIn("workerPoolId"),
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
        id: CONNECTION_NAME,
        createRequest: createIn("connectionId"),
        shape: {},
        computed: (body) => ({
            ...annotations(body),
            reconciling: false,
            installationStates: [{ message: "", actionUri: "", ...objectAt(body.installationState) }],
        }),
    }),
    "gcp:cloudbuildv2/connectionIAMMember:ConnectionIAMMember": iamMemberType({
        ...{ asset: CONNECTION, api: V2.api, read: "GET", regional: "location" },
        resource: CONNECTION_NAME,
        standIns: (name) => [connectionStandIn(name)],
    }),
    [TOKEN.repository]: {
        ...repository,
        async create(client, inputs) {
            const parent = PARENT.fill(inputs);
            if ((await client.find("GET", `${V2.api}/${parent}`)) === undefined) {
                await createStandIns(client, V2.api, [connectionStandIn(parent)]);
            }
            return repository.create(client, inputs);
        },
    },
};
