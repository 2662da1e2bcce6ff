import { createHash } from "node:crypto";
import { ApiError, ensure, existing } from "../../api/api-error";
import { apiService, type ApiService, type Call, textOf } from "../../api/service";
import document from "../../discovery/documents/container/binaryauthorization.v1.json";
import type { JsonObject } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { pageOf } from "../common/pages";
import { Resources } from "../common/resources";
import type { Attestations } from "./attestations";
import { checkPolicy, DEFAULT_POLICY } from "./policy-rules";

/** Ledger type of policies. A project without an entry has the default policy. */
export const POLICY = "binaryauthorization.googleapis.com/Policy";
/** Ledger type of attestors, except Cloud Build's. */
export const ATTESTOR = "binaryauthorization.googleapis.com/Attestor";

const PROJECTS = "binaryauthorization.projects";
/** https://cloud.google.com/binary-authorization/docs/reference/rest/v1/projects.attestors/list */
const MOST_OF_A_PAGE = 1000;
const ID = /^[a-z][-a-z0-9_]{0,62}$/i;

/** Binary Authorization v1: the policies of projects, and attestors. */
export function binaryAuthorization(ledger: Ledger, attestations: Attestations): ApiService {
    const policies = new Resources(ledger, POLICY);
    const attestors = new Resources(ledger, ATTESTOR);
    /** Returns the attestors of a project by name. */
    const attestorsOf = (project: string): readonly JsonObject[] => {
        const own = attestations.cloudBuildAttestor(project);
        return [...(own === undefined ? [] : [cloudBuildView(own)]), ...attestors.list(`projects/${project}/attestors`).map(attestorView)];
    };
    const findAttestor = (name: string): JsonObject | undefined => attestorsOf(name.split("/")[1] ?? "").find((view) => view.name === name);

    return apiService(document, {
        [`${PROJECTS}.getPolicy`]: (call) => policyView(textOf(call, "name"), policies.find(textOf(call, "name"))),
        [`${PROJECTS}.updatePolicy`]: (call) => {
            const name = textOf(call, "name");
            const before = policies.find(name);
            const { name: _, updateTime: __, etag, ...inputs } = call.body;
            if (etag !== undefined && etag !== policyView(name, before).etag) {
                throw new ApiError("ABORTED", "The etag of the request does not match the current etag of the policy.");
            }
            checkPolicy(inputs, {
                exists: (attestor) => findAttestor(attestor) !== undefined,
                isReadable: (attestor) => call.granted("binaryauthorization.attestors.get", attestor),
            });
            return policyView(name, before === undefined ? policies.create(name, inputs) : policies.put(before, { inputs }));
        },
        [`${PROJECTS}.attestors.get`]: (call) => existing(findAttestor(textOf(call, "name"))),
        [`${PROJECTS}.attestors.list`]: (call) =>
            pageOf("attestors", attestorsOf(textOf(call, "parent").slice("projects/".length)), call.parameters, MOST_OF_A_PAGE),
        [`${PROJECTS}.attestors.create`]: (call) => attestorView(attestors.create(newName(call, findAttestor), inputsOf(call.body))),
        [`${PROJECTS}.attestors.delete`]: (call) => {
            attestors.delete(textOf(call, "name"));
            return {};
        },
    });
}

/** Returns a project's policy: the one that was set, or the default. */
export function policyOf(ledger: Ledger, project: string): JsonObject {
    return ledger.get(POLICY, `projects/${project}/policy`)?.inputs ?? DEFAULT_POLICY;
}

function policyView(name: string, entry: Entry | undefined): JsonObject {
    const etag = createHash("sha256")
        .update(JSON.stringify([name, entry?.updatedAt]))
        .digest("base64url");
    return { name, ...(entry?.inputs ?? DEFAULT_POLICY), ...(entry !== undefined && { updateTime: entry.updatedAt }), etag };
}

function newName(call: Call, find: (name: string) => JsonObject | undefined): string {
    const [id, name] = [textOf(call, "attestorId"), `${textOf(call, "parent")}/attestors/${textOf(call, "attestorId")}`];
    ensure(ID.test(id), `Invalid attestor ID "${id}"`);
    ensure(find(name) === undefined, `Attestor ${name} already exists`, "ALREADY_EXISTS");
    return name;
}

function inputsOf({ name: _, updateTime: __, etag: ___, ...inputs }: JsonObject): JsonObject {
    return inputs;
}

function attestorView({ id, inputs, updatedAt }: Entry): JsonObject {
    return { name: id, ...inputs, updateTime: updatedAt };
}

/** Cloud Build's attestor, with the note of its attestations. https://cloud.google.com/binary-authorization/docs/deploy-cloud-build */
function cloudBuildView(name: string): JsonObject {
    const [, project = ""] = name.split("/");
    return { name, userOwnedGrafeasNote: { noteReference: `projects/${project}/notes/built-by-cloud-build` } };
}
