import { ensure, invalid } from "../../api/api-error";
import { numbered } from "../../api/projects";
import { type ApiService, type Handler, textOf } from "../../api/service";
import type { Document } from "../../discovery/document";
import { isJsonObject, type JsonObject, textAt, textOrEmpty, valueAt } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { parentOf } from "../../resource-name";
import { collectionMethods, longRunning, regionalId } from "../common/collection";
import { Operations } from "../common/operations";
import { missing, Resources } from "../common/resources";

/** Ledger types. */
export const POOL = "iam.googleapis.com/WorkloadIdentityPool";
export const PROVIDER = "iam.googleapis.com/WorkloadIdentityPoolProvider";

const METHODS = "iam.projects.locations.workloadIdentityPools";
/** Issuers that many organizations share. https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines#conditions */
const SHARED_ISSUERS = ["https://token.actions.githubusercontent.com", "https://gitlab.com", "https://app.terraform.io"];

const TYPE_URL = "type.googleapis.com/google.iam.v1";

/** Workload identity pools and their providers. A deleted one is gone at once; Google keeps its name for 30 days. */
export function identityPoolMethods(ledger: Ledger, document: Document): ApiService["handlers"] {
    const operations = new Operations();
    const pools = new Resources(ledger, POOL, missing);
    const providers = new Resources(ledger, PROVIDER, missing);
    const getOperation: Handler = (call) => operations.get(textOf(call, "name"));
    const view = ({ id, inputs }: Entry): JsonObject => ({ ...inputs, name: numbered(id), state: "ACTIVE" });
    const of = (schema: string, idParameter: string) => ({
        ...{ document, schema, view, ...regionalId(idParameter, /^(?!gcp-)[a-z0-9-]{4,32}$/, ["global"]) },
        answer: longRunning(
            operations,
            `${TYPE_URL}.${schema}`,
            view,
            () => ({ "@type": `${TYPE_URL}.OperationMetadata` }),
            (name) => name,
        ),
    });
    return {
        ...collectionMethods({
            ...{ ...of("WorkloadIdentityPool", "workloadIdentityPoolId"), prefix: METHODS, resources: pools },
            check: (_, inputs) => checkTexts(inputs),
            remove: ({ id }) => ledger.remove(providers.list(id)),
        }),
        ...collectionMethods({
            ...of("WorkloadIdentityPoolProvider", "workloadIdentityPoolProviderId"),
            ...{ prefix: `${METHODS}.providers`, resources: providers },
            check: (name, inputs) => {
                pools.get(parentOf(parentOf(name)));
                checkProvider(inputs);
            },
        }),
        // Rules attest the workloads of managed identities, which the sandbox does not serve. The official provider lists them at each read.
        [`${METHODS}.listAttestationRules`]: (call) => {
            pools.get(textOf(call, "resource"));
            return {};
        },
        [`${METHODS}.operations.get`]: getOperation,
        [`${METHODS}.providers.operations.get`]: getOperation,
    };
}

/** https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools */
function checkTexts({ displayName, description }: JsonObject): void {
    for (const [field, value, most] of [
        ["display_name", displayName, 32],
        ["description", description, 256],
    ] as const) {
        ensure(textOrEmpty(value).length <= most, `The ${field} must have at most ${most} characters.`);
    }
}

function checkProvider(inputs: JsonObject): void {
    checkTexts(inputs);
    const { attributeMapping, attributeCondition, oidc } = inputs;
    if (!isJsonObject(oidc)) {
        return;
    }
    const issuer = textAt(oidc, "issuerUri");
    ensure(issuer.startsWith("https://"), "The issuer URI must be an HTTPS endpoint.");
    ensure(valueAt(attributeMapping, "google.subject") !== undefined, "The attribute mapping must include google.subject.");
    if (SHARED_ISSUERS.includes(issuer) && !/\b(assertion|attribute|google)\.\w/.test(textOrEmpty(attributeCondition))) {
        const help = "https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines#conditions";
        throw invalid(`The attribute condition must reference one of the provider's claims. For more information, see ${help}`);
    }
}
