import { ApiError, existing, invalid } from "../../api/api-error";
import { numbered } from "../../api/projects";
import { apiService, type ApiService, textOf } from "../../api/service";
import document from "../../discovery/documents/cloudbuild.v1.json";
import { projectNumber } from "../../generated";
import { type JsonObject, textOrEmpty, valueAt } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { checkRegion } from "../../locations";
import { shortName } from "../../resource-name";
import { Operations } from "../common/operations";
import { Resources } from "../common/resources";
import { applyMask, maskPaths } from "../common/update-mask";
import { collectionMethods, commonView, locationOf, longRunning, regionalId, type Verb } from "../common/collection";
import { type Builder, buildMethods } from "./builds";
import { REPOSITORY } from "./connections";

/** Ledger type of build triggers. Google generates the last part of their names. */
export const TRIGGER = "cloudbuild.googleapis.com/BuildTrigger";
/** Ledger type of private pools. */
export const WORKER_POOL = "cloudbuild.googleapis.com/WorkerPool";

const TYPE_URL = "type.googleapis.com/google.devtools.cloudbuild.v1";
const TRIGGERS = "cloudbuild.projects.locations.triggers";
/** https://cloud.google.com/build/docs/api/reference/rest/v1/projects.locations.triggers#BuildTrigger */
const NAME = /^(?=.{1,64}$)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/;

/** Cloud Build v1: build triggers, their builds, and private pools. */
export function cloudBuild(ledger: Ledger, builder: Builder): ApiService {
    const operations = new Operations();
    const triggers = triggerMethods(ledger);
    const poolView = (entry: Entry): JsonObject => ({ ...commonView(entry), uid: entry.uuid, state: "RUNNING" });
    const metadata = (verb: Verb, workerPool: string): JsonObject => ({
        "@type": `${TYPE_URL}.${verb.replace(/^./, (first) => first.toUpperCase())}WorkerPoolOperationMetadata`,
        ...{ workerPool, createTime: new Date().toISOString() },
    });
    return apiService(document, {
        ...triggers.handlers,
        ...buildMethods(builder, triggers.find, operations),
        ...collectionMethods({
            ...{ document, prefix: "cloudbuild.projects.locations.workerPools", resources: new Resources(ledger, WORKER_POOL) },
            ...{ schema: "WorkerPool", view: poolView, ...regionalId("workerPoolId", /^[a-z0-9-]{1,63}$/) },
            answer: longRunning(operations, `${TYPE_URL}.WorkerPool`, poolView, metadata),
        }),
        "cloudbuild.projects.locations.operations.get": (call) => operations.get(textOf(call, "name")),
    });
}

function triggerMethods(ledger: Ledger) {
    const all = new Resources(ledger, TRIGGER);
    const named = (parent: string, name: unknown): Entry | undefined =>
        all.list(`${parent}/triggers`).find(({ inputs }) => inputs.name === name);
    /** Finds a trigger by its ID or its name. */
    const find = (name: string): Entry => existing(all.find(name) ?? named(locationOf(name), shortName(name)));
    /** @throws ApiError if Cloud Build would reject the trigger */
    const check = (id: string, inputs: JsonObject): void => {
        const name = textOrEmpty(inputs.name);
        const [parent, repository] = [locationOf(id), valueAt(inputs, "repositoryEventConfig", "repository")];
        if (!NAME.test(name)) {
            throw invalid(`invalid trigger name "${name}": it must have 1 to 64 letters, digits and hyphens, and no hyphen at its ends`);
        }
        const same = named(parent, name);
        if (same !== undefined && same.id !== id) {
            // https://github.com/GoogleCloudPlatform/k8s-config-connector/issues/370
            throw new ApiError("ALREADY_EXISTS", `trigger (${projectNumber(parent.split("/")[1] ?? "")}, ${name}) already exists`);
        }
        if (typeof repository === "string") {
            existing(ledger.get(REPOSITORY, repository));
        }
    };

    const handlers = collectionMethods({
        ...{ document, prefix: TRIGGERS, resources: all, schema: "BuildTrigger", find, inputs: triggerInputs, check, view: viewOf },
        checkId: (_, parent) => checkRegion(shortName(parent), ["global"]),
        patch: ({ inputs }, { body, parameters }) => {
            const paths = maskPaths(parameters.updateMask);
            // Without a mask, the request holds the complete trigger.
            return applyMask(paths === undefined ? {} : inputs, triggerInputs(body), paths, document.schemas.BuildTrigger.properties);
        },
    });
    return { handlers, find };
}

/** Returns the fields of a trigger that the ledger keeps. */
export function triggerInputs({ resourceName: _, ...inputs }: JsonObject): JsonObject {
    return inputs;
}

/** A trigger as the API returns it. */
function viewOf({ id, inputs, createdAt }: Entry): JsonObject {
    return { ...inputs, id: shortName(id), resourceName: numbered(id), createTime: createdAt };
}
