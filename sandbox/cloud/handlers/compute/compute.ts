import { isDeepStrictEqual } from "node:util";
import { GOOGLE_NAMES } from "../../../../gke/names";
import { regionOf } from "../../../../gke/zones";
import { ensure } from "../../api/api-error";
import { type ApiService, type Call, type Handler, textOf } from "../../api/service";
import beta from "../../discovery/documents/compute.beta.json";
import v1 from "../../discovery/documents/compute.v1.json";
import type { Document } from "../../discovery/document";
import { fingerprintOf } from "../../generated";
import { type JsonObject, type JsonValue, textOrEmpty } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { mergePatch, withoutNull } from "../common/merge-patch";
import { alreadyExists, conditionNotMet, ReasonError, reasonErrorBody } from "../common/reason-error";
import { Resources } from "../common/resources";
import { ensureField, notFound, required } from "./compute-error";
import { type CollectionName, COLLECTIONS, keptFields, usersOf, viewOf } from "./fields";
import { aggregatedListOf, listOf } from "./lists";
import { collectionOf, withUrls } from "./names";
import { ComputeOperations } from "./operations";
import type { Quotas } from "./quotas";
import { boundsOf } from "./ranges";
import { checkResource } from "./rules";
import { tableMethods } from "./tables";

type Methods = Readonly<Record<string, Handler>>;

/** Compute Engine v1 and beta: networks and what belongs to them, reservations, resource policies, operations, quotas and machine types. */
export function compute(ledger: Ledger, quotas: Quotas): readonly ApiService[] {
    const operations = new ComputeOperations();
    const ofCollections = (Object.keys(COLLECTIONS) as CollectionName[]).map((name) => collectionMethods(name, ledger, quotas, operations));
    const all = Object.assign({}, ...ofCollections, operations.methods, tableMethods(quotas)) as Methods;
    const methods = Object.entries(all).filter(([id]) => id in v1.methods);
    return Object.entries({ v1, beta }).map(([version, document]) => ({
        ...{ document: document as Document, keepsDefaults: true, errorBody: reasonErrorBody },
        handlers: Object.fromEntries(methods.map(([id, handler]) => [id, (call: Call) => withUrls(handler(call) ?? {}, version)])),
    }));
}

/** The methods of a collection. The documents do not have all of them for each collection. */
function collectionMethods(name: CollectionName, ledger: Ledger, quotas: Quotas, operations: ComputeOperations): Methods {
    const { asset, kind, path, metric, quotaOf, mutable, ...collection } = COLLECTIONS[name];
    const all = new Resources(ledger, asset, notFound);
    const find = (call: Call): Entry => all.get(`${collectionOf(call, path)}/${textOf(call, kind) || textOf(call, "resource")}`);
    const view = (entry: Entry): JsonObject => viewOf(name, entry, ledger);
    /** A method that changes a resource. @param next returns the fields after the change */
    const change = (verb: string, next: (inputs: JsonObject, call: Call) => JsonObject): Methods => ({
        [`compute.${name}.${verb}`]: (call) => {
            const entry = find(call);
            const inputs = withoutNull(next(entry.inputs, call));
            checkResource(name, entry.id, inputs, ledger);
            return operations.start(verb, all.put(entry, { inputs }));
        },
    });
    const patch = (before: JsonObject, { body, parameters }: Call): JsonObject => {
        if (name === "subnetworks") {
            checkFingerprint("resource.fingerprint", body.fingerprint, before, "Invalid fingerprint.");
        }
        const after = mergePatch(before, keptFields(body, textOrEmpty(parameters.project)));
        // gcloud sends back the whole router that it has read.
        const shown = { ...collection.defaults, ...before };
        const fixed = Object.keys(after).filter((field) => !mutable.includes(field) && !isDeepStrictEqual(after[field], shown[field]));
        const problem = `The following field(s) specified in the request cannot be modified: [${fixed.join(", ")}]`;
        ensureField(fixed.length === 0, "resource", JSON.stringify(body), problem);
        return after;
    };
    return {
        [`compute.${name}.get`]: (call) => view(find(call)),
        [`compute.${name}.list`]: (call) => listOf(call, kind, all.list(collectionOf(call, path)).map(view)),
        [`compute.${name}.aggregatedList`]: (call) => aggregatedListOf(call, name, inProject(name, textOf(call, "project"), ledger)),
        [`compute.${name}.insert`]: (call) => {
            const id = `${collectionOf(call, path)}/${textOrEmpty(call.body.name)}`;
            const inputs = withoutNull(keptFields(call.body, textOf(call, "project")));
            checkNew(call.body, collection.required);
            ensure(all.find(id) === undefined, `The resource '${id}' already exists`, alreadyExists);
            checkResource(name, id, inputs, ledger);
            quotas.check(
                textOf(call, "project"),
                quotaOf === "region" ? regionOf(textOf(call, "region") || textOf(call, "zone")) : undefined,
                { [metric]: 1 },
            );
            return operations.start("insert", all.create(id, inputs));
        },
        [`compute.${name}.delete`]: (call) => {
            const entry = find(call);
            const user = usersOf(ledger, entry.id, kind)[0];
            if (user !== undefined) {
                const problem = `The ${kind} resource '${entry.id}' is already being used by '${user.id}'`;
                const error = new ReasonError(400, problem, "resourceInUseByAnotherResource");
                // Only for networks, Compute Engine looks for users after it has answered.
                if (name === "networks") {
                    return operations.start("delete", entry, error);
                }
                throw error;
            }
            all.delete(entry.id);
            return operations.start("delete", entry);
        },
        ...change("patch", patch),
        ...change("update", patch),
        ...change("setLabels", (before, { body: { labels = {}, labelFingerprint } }) => {
            const message = "Labels fingerprint either invalid or resource labels have changed";
            checkFingerprint("labelFingerprint", labelFingerprint, before.labels ?? {}, message);
            return { ...before, labels };
        }),
        ...change("expandIpCidrRange", (before, { body }) => {
            const [[first, end] = [0, 0], [newFirst, newEnd] = [0, 0]] = [before, body].map((of) => boundsOf(textOrEmpty(of.ipCidrRange)));
            const problem = `The range must contain the current range '${textOrEmpty(before.ipCidrRange)}'.`;
            ensureField(!(newFirst > first || newEnd < end), "ipCidrRange", textOrEmpty(body.ipCidrRange), problem);
            return { ...before, ipCidrRange: body.ipCidrRange };
        }),
        ...change("setPrivateIpGoogleAccess", (before, { body }) => ({ ...before, privateIpGoogleAccess: body.privateIpGoogleAccess })),
        ...change("resize", (before, { body }) => mergePatch(before, { specificReservation: { count: body.specificSkuCount } })),
    };
}

/** Returns the resources in all places of a project. The list of addresses contains the global ones. */
function inProject(name: CollectionName, project: string, ledger: Ledger): readonly JsonObject[] {
    const names: readonly CollectionName[] = name === "addresses" ? ["addresses", "globalAddresses"] : [name];
    return names.flatMap((each) =>
        new Resources(ledger, COLLECTIONS[each].asset).list(`projects/${project}`).map((entry) => viewOf(each, entry, ledger)),
    );
}

/** Checks the name and the presence of fields. @throws ReasonError */
function checkNew(body: JsonObject, fields: readonly string[]): void {
    const absent = fields.find((field) => (body[field] ?? "") === "");
    if (absent !== undefined) {
        throw required(`resource.${absent}`);
    }
    const name = textOrEmpty(body.name);
    const rule = "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'";
    ensureField(GOOGLE_NAMES.computeResource.test(name), "resource.name", name, rule);
}

/** @throws ReasonError if a request lacks the fingerprint, or if a value has another one */
function checkFingerprint(field: string, given: JsonValue | undefined, value: JsonValue, message: string): void {
    if (given === undefined && field.startsWith("resource.")) {
        throw required(field);
    }
    ensure(given === fingerprintOf(value), message, conditionNotMet);
}
