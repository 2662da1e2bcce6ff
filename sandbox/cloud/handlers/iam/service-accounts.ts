import { NAME_LIMITS, GOOGLE_NAMES } from "../../../../gke/names";
import { ApiError, ensure, invalid } from "../../api/api-error";
import { apiService, type ApiService, type Call, textOf } from "../../api/service";
import document from "../../discovery/documents/iam.v1.json";
import type { Document } from "../../discovery/document";
import { generatedNumber } from "../../generated";
import { type JsonObject, objectAt, textOrEmpty } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { pageOf } from "../common/pages";
import { policiesOf, policyMethods } from "../common/policies";
import { Resources } from "../common/resources";
import { customRoleMethods } from "./custom-roles";
import { identityPoolMethods } from "./identity-pools";
import { applyMask, maskPaths } from "../common/update-mask";

/** Ledger type of service accounts. */
export const SERVICE_ACCOUNT = "iam.googleapis.com/ServiceAccount";

const METHODS = "iam.projects.serviceAccounts";
/** https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/list */
const MOST_OF_A_PAGE = 100;
/** Every service account has this etag. */
const ETAG = "MDEwMjE5MjA=";

/** IAM v1: service accounts and their allow policies, custom roles, and workload identity pools. */
export function serviceAccounts(ledger: Ledger): ApiService {
    const accounts = new Resources(ledger, SERVICE_ACCOUNT);
    const find = (name: string): Entry => findAccount(ledger, name);
    const setDisabled = (call: Call, disabled: boolean): JsonObject => {
        const { disabled: _, ...inputs } = find(textOf(call, "name")).inputs;
        accounts.put(find(textOf(call, "name")), { inputs: disabled ? { ...inputs, disabled } : inputs });
        return {};
    };

    return apiService(document, {
        ...customRoleMethods(ledger, document as Document),
        ...identityPoolMethods(ledger, document as Document),
        [`${METHODS}.create`]: (call) => created(call, accounts),
        [`${METHODS}.get`]: (call) => viewOf(find(textOf(call, "name"))),
        [`${METHODS}.list`]: (call) => {
            const entries = accounts.list(`${textOf(call, "name")}/serviceAccounts`);
            return pageOf("accounts", entries.map(viewOf), call.parameters, MOST_OF_A_PAGE);
        },
        [`${METHODS}.patch`]: (call) => patched(call, accounts, find(textOf(call, "name"))),
        [`${METHODS}.delete`]: (call) => {
            accounts.delete(find(textOf(call, "name")).id);
            return {};
        },
        [`${METHODS}.disable`]: (call) => setDisabled(call, true),
        [`${METHODS}.enable`]: (call) => setDisabled(call, false),
        ...policyMethods(METHODS, policiesOf(accounts, find), ledger, { applies: hasAccountPermissions }),
    });
}

/**
 * Finds an account by email address or unique ID, in its project or in `projects/-`.
 * @throws ApiError if it does not exist
 */
export function findAccount(ledger: Ledger, name: string): Entry {
    const [, project = "", , account = ""] = name.split("/");
    const found = ledger
        .list()
        .find(
            (entry) =>
                entry.type === SERVICE_ACCOUNT &&
                (project === "-" || entry.id.startsWith(`projects/${project}/`)) &&
                (entry.id.endsWith(`/${account}`) || uniqueId(entry) === account),
        );
    ensure(found !== undefined, "Unknown service account", "NOT_FOUND");
    return found;
}

function created(call: Call, accounts: Resources): JsonObject {
    const accountId = textOrEmpty(call.body.accountId);
    const project = textOf(call, "name").replace("projects/", "");
    checkAccountId(accountId);
    const name = `projects/${project}/serviceAccounts/${accountId}@${project}.iam.gserviceaccount.com`;
    if (accounts.find(name) !== undefined) {
        throw new ApiError("ALREADY_EXISTS", `Service account ${accountId} already exists within project projects/${project}.`, [
            { "@type": "type.googleapis.com/google.rpc.ResourceInfo", resourceName: name },
        ]);
    }
    const inputs = inputsOf(call.body.serviceAccount);
    checkTexts(inputs);
    return viewOf(accounts.create(name, inputs));
}

/** https://cloud.google.com/iam/docs/service-accounts-create */
function checkAccountId(accountId: string): void {
    const { least, most } = NAME_LIMITS.serviceAccount;
    if (accountId.length < least || accountId.length > most) {
        throw invalid(`The account ID "${accountId}" does not have a length between ${least} and ${most}.`);
    }
    ensure(GOOGLE_NAMES.serviceAccount.test(accountId), `${accountId} does not match [a-z][a-z\\d\\-]*[a-z\\d].`);
}

/**
 * Whether a predefined role has permissions of service accounts: the roles of IAM, and those of service agents.
 * https://cloud.google.com/iam/docs/viewing-grantable-roles
 */
function hasAccountPermissions(role: string): boolean {
    return role.startsWith("roles/iam.") || role.endsWith(".serviceAgent");
}

function patched({ body }: Call, accounts: Resources, entry: Entry): JsonObject {
    const paths = maskPaths(body.updateMask);
    ensure(paths !== undefined, "update_mask must be specified");
    const inputs = applyMask(entry.inputs, inputsOf(body.serviceAccount), paths, { displayName: {}, description: {} });
    checkTexts(inputs);
    return viewOf(accounts.put(entry, { inputs }));
}

/** Returns the fields that callers set. All others in a body are ignored. */
function inputsOf(account: JsonObject[string]): JsonObject {
    const { displayName, description } = objectAt(account);
    return { ...(displayName !== undefined && { displayName }), ...(description !== undefined && { description }) };
}

/** https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts */
function checkTexts({ displayName, description }: JsonObject): void {
    for (const [field, value, most] of [
        ["display_name", displayName, 100],
        ["description", description, 256],
    ] as const) {
        const length = Buffer.byteLength(textOrEmpty(value));
        if (length > most) {
            throw invalid(`The ${field} length (${length}) is longer than the maximum allowed length ${most}.`);
        }
    }
}

function uniqueId({ uuid }: Entry): string {
    return generatedNumber(uuid, 21);
}

/** A service account as the API returns it. */
function viewOf(entry: Entry): JsonObject {
    const [, projectId = "", , email = ""] = entry.id.split("/");
    const oauth2ClientId = generatedNumber(`client ${entry.uuid}`, 21);
    return { name: entry.id, projectId, uniqueId: uniqueId(entry), email, ...entry.inputs, etag: ETAG, oauth2ClientId };
}
