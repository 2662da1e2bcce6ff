import { randomUUID } from "node:crypto";
import { ApiError, invalid, notFound } from "../../api/api-error";
import { numbered } from "../../api/projects";
import { type ApiService, type Handler, textOf } from "../../api/service";
import document from "../../discovery/documents/cloudbuild.v1.json";
import { projectNumber } from "../../generated";
import type { Document } from "../../discovery/document";
import { type JsonObject, textOrEmpty, valueAt } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { checkRegion } from "../../locations";
import { shortName } from "../../resource-name";
import { Operations } from "../common/operations";
import { pageOf } from "../common/pages";
import { Resources } from "../common/resources";
import { applyMask, maskPaths } from "../common/update-mask";
import { collectionMethods, commonView } from "../common/collection";
import { type Builder, buildMethods } from "./builds";
import { REPOSITORY } from "./connections";

/** Ledger type of build triggers. Google generates the last part of their names. */
export const TRIGGER = "cloudbuild.googleapis.com/BuildTrigger";
/** Ledger type of private pools. */
export const WORKER_POOL = "cloudbuild.googleapis.com/WorkerPool";

const TRIGGERS = "cloudbuild.projects.locations.triggers";
/** https://cloud.google.com/build/docs/api/reference/rest/v1/projects.locations.triggers/list */
const MOST_OF_A_PAGE = 1000;
/** https://cloud.google.com/build/docs/api/reference/rest/v1/projects.locations.triggers#BuildTrigger */
const NAME = /^(?=.{1,64}$)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/;

/** Cloud Build v1: build triggers, their builds, and private pools. */
export function cloudBuild(ledger: Ledger, builder: Builder): ApiService {
    const operations = new Operations();
    const triggers = triggerMethods(ledger);
    return {
        document: document as Document,
        handlers: {
            ...triggers.handlers,
            ...buildMethods(builder, triggers.find, operations),
            ...collectionMethods({
                ...{ prefix: "cloudbuild.projects.locations.workerPools", resources: new Resources(ledger, WORKER_POOL), operations },
                ...{ document: document as Document, schema: "WorkerPool", idParameter: "workerPoolId", idPattern: /^[a-z0-9-]{1,63}$/ },
                typeUrl: "type.googleapis.com/google.devtools.cloudbuild.v1",
                view: (entry) => ({ ...commonView(entry), uid: entry.uuid, state: "RUNNING" }),
                metadata: (verb, workerPool) => ({
                    "@type": `type.googleapis.com/google.devtools.cloudbuild.v1.${verb.replace(/^./, (first) => first.toUpperCase())}WorkerPoolOperationMetadata`,
                    ...{ workerPool, createTime: new Date().toISOString() },
                }),
                check: () => undefined,
            }),
            "cloudbuild.projects.locations.operations.get": (call) => operations.get(textOf(call, "name")),
        },
    };
}

function triggerMethods(ledger: Ledger) {
    const all = new Resources(ledger, TRIGGER);
    const named = (parent: string, name: unknown): Entry | undefined =>
        all.list(`${parent}/triggers`).find(({ inputs }) => inputs.name === name);
    /** Finds a trigger by its ID or its name. */
    const find = (name: string): Entry => {
        const found = all.find(name) ?? named(parentOf(name), shortName(name));
        if (found === undefined) {
            throw notFound();
        }
        return found;
    };
    /** @throws ApiError if Cloud Build would reject the trigger */
    const check = (id: string, inputs: JsonObject): void => {
        const name = textOrEmpty(inputs.name);
        const [parent, repository] = [parentOf(id), valueAt(inputs, "repositoryEventConfig", "repository")];
        if (!NAME.test(name)) {
            throw invalid(`invalid trigger name "${name}": it must have 1 to 64 letters, digits and hyphens, and no hyphen at its ends`);
        }
        const same = named(parent, name);
        if (same !== undefined && same.id !== id) {
            // https://github.com/GoogleCloudPlatform/k8s-config-connector/issues/370
            throw new ApiError("ALREADY_EXISTS", `trigger (${projectNumber(parent.split("/")[1] ?? "")}, ${name}) already exists`);
        }
        if (typeof repository === "string" && ledger.get(REPOSITORY, repository) === undefined) {
            throw notFound();
        }
    };

    const handlers: Readonly<Record<string, Handler>> = {
        [`${TRIGGERS}.create`]: (call) => {
            const parent = textOf(call, "parent");
            checkRegion(shortName(parent), ["global"]);
            const id = `${parent}/triggers/${randomUUID()}`;
            const inputs = triggerInputs(call.body);
            check(id, inputs);
            return viewOf(all.create(id, inputs));
        },
        [`${TRIGGERS}.get`]: (call) => viewOf(find(textOf(call, "name"))),
        [`${TRIGGERS}.list`]: (call) =>
            pageOf("triggers", all.list(`${textOf(call, "parent")}/triggers`).map(viewOf), call.parameters, MOST_OF_A_PAGE),
        [`${TRIGGERS}.patch`]: (call) => {
            const entry = find(textOf(call, "resourceName"));
            const paths = maskPaths(call.parameters.updateMask);
            const known = (document as Document).schemas.BuildTrigger?.properties ?? {};
            // Without a mask, the request holds the complete trigger.
            const inputs = applyMask(paths === undefined ? {} : entry.inputs, triggerInputs(call.body), paths, known);
            check(entry.id, inputs);
            return viewOf(all.put(entry, { inputs }));
        },
        [`${TRIGGERS}.delete`]: (call) => {
            all.delete(find(textOf(call, "name")).id);
            return {};
        },
    };
    return { handlers, find };
}

function parentOf(trigger: string): string {
    return trigger.split("/").slice(0, 4).join("/");
}

/** Returns the fields of a trigger that the ledger keeps. */
export function triggerInputs({ resourceName: _, ...inputs }: JsonObject): JsonObject {
    return inputs;
}

/** A trigger as the API returns it. */
function viewOf({ id, inputs, createdAt }: Entry): JsonObject {
    return { ...inputs, id: shortName(id), resourceName: numbered(id), createTime: createdAt };
}
