import { randomUUID } from "node:crypto";
import { ApiError, ensure, invalid } from "../../api/api-error";
import { type ApiService, type Call, textOf } from "../../api/service";
import v1 from "../../discovery/documents/project/serviceusage.v1.json";
import v1beta1 from "../../discovery/documents/project/serviceusage.v1beta1.json";
import type { Document } from "../../discovery/document";
import { generatedNumber, projectNumber } from "../../generated";
import { type JsonObject, type JsonValue, listAt, textOrEmpty } from "../../json";
import type { Ledger } from "../../ledger";
import { shortName } from "../../resource-name";
import { Operations } from "../common/operations";
import { pageOf } from "../common/pages";
import { apisOf, DEFAULT_APIS, enableApis, withNeeded } from "./enabled-apis";

const METHODS = "serviceusage.services";
const PACKAGE = "type.googleapis.com/google.api.serviceusage";
/** https://cloud.google.com/service-usage/docs/reference/rest/v1/services/list */
const MOST_OF_A_PAGE = 200;
/** https://cloud.google.com/service-usage/docs/reference/rest/v1/services/batchEnable */
const MOST_OF_A_BATCH = 20;

/**
 * Service Usage v1, and v1beta1 for operations and service agents: the enabled APIs of projects.
 * @param others documents of the other served APIs
 */
export function serviceUsage(ledger: Ledger, others: readonly Document[]): readonly ApiService[] {
    const operations = new Operations((parent) => `operations/acf.p2-${projectNumber(projectOf(parent))}-${randomUUID()}`);
    const titles = new Map([...others, v1].map(({ host, title }) => [host, title]));

    const view = (project: string, api: string): JsonObject => {
        const parent = `projects/${projectNumber(project)}`;
        const state = apisOf(ledger, project).includes(api) ? "ENABLED" : "DISABLED";
        return { name: `${parent}/services/${api}`, config: { name: api, title: titles.get(api) ?? api }, state, parent };
    };
    const enable = (parent: string, apis: readonly string[]): void => {
        const unknown = apis.filter((api) => !/^[a-z][a-z0-9-]*\.googleapis\.com$/.test(api));
        ensure(unknown.length <= 0, `Not found or permission denied for service(s): ${unknown.join(", ")}.`, "PERMISSION_DENIED");
        enableApis(ledger, projectOf(parent), apis);
    };
    /** The operation of a change that is already made. */
    const done = (parent: string, message: string, response: JsonObject): JsonObject =>
        operations.start(parent, { "@type": `${PACKAGE}.v1.OperationMetadata` }, { "@type": `${PACKAGE}.${message}`, ...response });
    const getOperation = (call: Call): JsonObject => operations.get(textOf(call, "name"));

    const handlers: ApiService["handlers"] = {
        [`${METHODS}.get`]: (call) => view(...partsOf(call)),
        [`${METHODS}.list`]: ({ parameters }) => {
            const project = projectOf(textOf({ parameters }, "parent"));
            const known = [...new Set([...apisOf(ledger, project), ...DEFAULT_APIS, ...titles.keys()])].sort();
            const state = stateOf(parameters.filter);
            const services = known.map((api) => view(project, api)).filter((service) => state === undefined || service.state === state);
            return pageOf("services", services, parameters, MOST_OF_A_PAGE);
        },
        [`${METHODS}.enable`]: (call) => {
            const [project, api] = partsOf(call);
            enable(textOf(call, "name"), [api]);
            return done(textOf(call, "name"), "v1.EnableServiceResponse", { service: view(project, api) });
        },
        [`${METHODS}.batchEnable`]: (call) => {
            const parent = textOf(call, "parent");
            const apis = listAt(call.body.serviceIds).map(String);
            ensure(apis.length <= MOST_OF_A_BATCH, `A batch can enable at most ${MOST_OF_A_BATCH} services, not ${apis.length}.`);
            enable(parent, apis);
            return done(parent, "v1.BatchEnableServicesResponse", { services: apis.map((api) => view(projectOf(parent), api)) });
        },
        [`${METHODS}.disable`]: (call) => {
            const [project, api] = partsOf(call);
            ledger.setApis(project, withoutApi(apisOf(ledger, project), api, call.body.disableDependentServices === true));
            return done(textOf(call, "name"), "v1.DisableServiceResponse", { service: view(project, api) });
        },
        "serviceusage.operations.get": getOperation,
    };
    const beta: ApiService["handlers"] = {
        [`${METHODS}.generateServiceIdentity`]: (call) => {
            const parent = textOf(call, "parent");
            const email = serviceAgent(projectOf(parent), shortName(parent));
            const uniqueId = generatedNumber(email, 21);
            // gcloud reads the first response as the result.
            const { name } = done(parent, "v1beta1.ServiceIdentity", { email, uniqueId });
            return operations.get(textOrEmpty(name));
        },
        "serviceusage.operations.get": getOperation,
    };
    return [
        { document: v1 as Document, handlers },
        { document: v1beta1 as Document, handlers: beta },
    ];
}

/** Returns the service agent of a Google service in a project. https://cloud.google.com/iam/docs/service-agents */
export function serviceAgent(project: string, api: string): string {
    return `service-${projectNumber(project)}@gcp-sa-${api.replace(/\.googleapis\.com$/, "")}.iam.gserviceaccount.com`;
}

/** Removes an API, and with it those that depend on it. @throws ApiError if it is not enabled, or if others may not be disabled with it */
function withoutApi(apis: readonly string[], api: string, withDependents: boolean): readonly string[] {
    ensure(apis.includes(api), `The service ${api} is not enabled.`, "FAILED_PRECONDITION");
    const dependents = apis.filter((other) => other !== api && withNeeded([other]).includes(api));
    if (dependents.length > 0 && !withDependents) {
        const advice = "Please specify disable_dependent_services=true if you want to proceed with disabling all services.";
        throw new ApiError(
            "FAILED_PRECONDITION",
            `The service ${api} is depended on by the following active service(s): ${dependents.join(",")}; ${advice}`,
        );
    }
    return apis.filter((other) => other !== api && !dependents.includes(other));
}

function projectOf(name: string): string {
    return name.split("/")[1] ?? "";
}

/** Project and API of a service. */
function partsOf(call: Call): [string, string] {
    const name = textOf(call, "name");
    return [projectOf(name), shortName(name)];
}

function stateOf(filter: JsonValue | undefined): string | undefined {
    const [, state] = /^state:(ENABLED|DISABLED)$/.exec(textOrEmpty(filter)) ?? [];
    if (state === undefined && filter !== undefined) {
        throw invalid(`The filter must be state:ENABLED or state:DISABLED, not ${JSON.stringify(filter)}.`);
    }
    return state;
}
